import { MAX_RECORD_BYTES } from '../records/shared/serialize';
import { DiskSync, type SyncClock } from './disk-sync';
import { type FilePlatform, findFilePlatform } from './file-system';
import type { RecordSink } from './record-sink';
import { RecordWarnings } from './record-warning';
import { RecordWriter } from './record-writer';

const NEWLINE = '\n'.charCodeAt(0);

export interface JsonlFileOptions {
  readonly path: string;
  /** The clock for fsync and for reopening the file. The core's `Clock` fits. */
  readonly clock: SyncClock;
  /** Called once per kind of failure. The message never contains record content. */
  readonly warn: (message: string) => void;
  /** @default the platform's */
  readonly platform?: FilePlatform | undefined;
}

/**
 * Creates a JSONL file for records, one line per record. Any number of processes can share it.
 *
 * The first record opens the file, readable by its owner only. Each line is one write call, and that call ends before
 * `write` returns, so a killed process loses no record.
 *
 * @throws Error if the platform has no file system
 */
export function createJsonlFile(options: JsonlFileOptions): RecordSink {
  const { path, clock } = options;
  const platform = options.platform ?? findFilePlatform();
  if (platform === undefined) {
    throw new Error(
      'This platform has no file system, which recordFile needs. Remove recordFile and use an observer instead.',
    );
  }
  const warnings = new RecordWarnings(options.warn);
  const writer = new RecordWriter(path, platform, clock, warnings);
  const diskSync = new DiskSync(writer, clock);
  const encoder = new TextEncoder();
  /** Every line is encoded into this buffer. A new array per line would allocate memory outside the heap. */
  const scratch = new Uint8Array(MAX_RECORD_BYTES + 1);
  let refused = 0;
  let isClosed = false;

  return {
    write(line, { sync: isUrgent = false } = {}) {
      // The newline is added to the bytes: adding it to the text would copy the text.
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
