import { MAX_RECORD_BYTES } from '../records/serialise';
import { DiskSync, type SyncClock } from './disk-sync';
import { type FilePlatform, findFilePlatform } from './file-system';
import type { RecordSink } from './record-sink';
import { RecordWarnings } from './record-warning';
import { RecordWriter } from './record-writer';

const NEWLINE = '\n'.charCodeAt(0);

export interface JsonlFileOptions {
  readonly path: string;
  /** Time, for fsync and for trying again to open. The core's `Clock` fits. */
  readonly clock: SyncClock;
  /** Told once of each kind of failure, without any content. */
  readonly warn: (message: string) => void;
  /** @default the platform's */
  readonly platform?: FilePlatform | undefined;
}

/**
 * A JSONL file for records: one line a record, one write call a line, shared by any number of processes. The file is
 * opened at the first record, with permissions for its owner alone.
 *
 * Each line is written before `write` returns, so a killed process loses no record.
 *
 * @throws Error when the platform has no file system
 */
export function createJsonlFile(options: JsonlFileOptions): RecordSink {
  const { path, clock } = options;
  const platform = options.platform ?? findFilePlatform();
  if (platform === undefined) {
    throw new Error(
      'Record files need a file system, which this platform does not offer. Leave recordFile out and take the facts of each call from an observer.',
    );
  }
  const warnings = new RecordWarnings(options.warn);
  const writer = new RecordWriter(path, platform, clock, warnings);
  const diskSync = new DiskSync(writer, clock);
  const encoder = new TextEncoder();
  /** Each line is encoded here: an array of its own would be memory outside the heap, a call. */
  const scratch = new Uint8Array(MAX_RECORD_BYTES + 1);
  let refused = 0;
  let isClosed = false;

  return {
    write(line, { sync: isUrgent = false } = {}) {
      // The newline is set behind: joined to the text it would copy it.
      const { read, written } = encoder.encodeInto(line, scratch);
      const length = written + 1;
      scratch[written] = NEWLINE;
      if (isClosed || read < line.length || length > MAX_RECORD_BYTES || line.includes('\n')) {
        refused++;
        if (!isClosed) {
          warnings.tell('too_long');
        }
        return;
      }
      writer.write(scratch.subarray(0, length));
      if (isUrgent) {
        diskSync.syncSoon();
      }
    },
    close() {
      if (!isClosed) {
        isClosed = true;
        diskSync.finish();
        writer.close();
      }
    },
    stats: () => ({
      written: writer.written,
      dropped: writer.dropped + refused,
      torn: writer.torn,
      queued: 0,
    }),
  };
}
