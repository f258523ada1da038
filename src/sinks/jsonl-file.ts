import { MAX_RECORD_BYTES } from '../records/serialise';
import { DiskSync, type SyncClock, type SyncPolicy } from './disk-sync';
import { type FilePlatform, findFilePlatform } from './file-system';
import { RecordQueue } from './record-queue';
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
  /**
   * `direct` writes on the event loop before the call's result is handed out: nothing is lost when the process is
   * killed. `queued` writes in the background, for servers: at most 1,000 records or 4 MiB wait, newer ones are dropped.
   *
   * @default 'direct'
   */
  readonly writing?: 'direct' | 'queued' | undefined;
  /** When records are forced to disk. Urgent ones are at most a second later, whatever this says. @default 'none' */
  readonly sync?: SyncPolicy | undefined;
  /** @default the platform's */
  readonly platform?: FilePlatform | undefined;
}

/**
 * A JSONL file for records: one line a record, one write call a line, shared by any number of processes. The file is
 * opened at the first record, with permissions for its owner alone.
 *
 * @throws Error when the platform has no file system
 */
export function createJsonlFile(options: JsonlFileOptions): RecordSink {
  const { path, clock, writing = 'direct', sync = 'none' } = options;
  const platform = options.platform ?? findFilePlatform();
  if (platform === undefined) {
    throw new Error(
      'Record files need a file system, which this platform does not offer. Leave recordFile out and take the facts of each call from an observer.',
    );
  }
  const warnings = new RecordWarnings(options.warn);
  const writer = new RecordWriter(path, platform, clock, warnings);
  const diskSync = new DiskSync(writer, sync, clock);
  const queue = writing === 'queued' ? new RecordQueue(writer, warnings) : undefined;
  const encoder = new TextEncoder();
  /** Each line is encoded here: an array of its own would be memory outside the heap, a call. */
  const scratch = new Uint8Array(MAX_RECORD_BYTES + 1);
  let refused = 0;
  let isClosed = false;
  let isExiting = false;

  const flushSync = (): void => {
    queue?.flushSync();
    diskSync.finish();
  };
  const hasAnythingToFlush = queue !== undefined || sync === 'interval';
  const stopListening = hasAnythingToFlush
    ? platform.onExit(() => {
        // What is recorded after this, by another exit handler, is written at once.
        isExiting = true;
        flushSync();
      })
    : undefined;

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
      if (queue !== undefined && !isExiting) {
        queue.add(scratch.slice(0, length));
        diskSync.queued(isUrgent);
      } else {
        writer.write(scratch.subarray(0, length));
        diskSync.written(isUrgent);
      }
    },
    async flush() {
      await queue?.whenIdle();
      diskSync.finish();
    },
    flushSync,
    close() {
      if (!isClosed) {
        isClosed = true;
        stopListening?.();
        flushSync();
        writer.close();
      }
    },
    stats: () => ({
      written: writer.written,
      dropped: writer.dropped + (queue?.dropped ?? 0) + refused,
      torn: writer.torn,
      queued: queue?.size ?? 0,
    }),
  };
}
