import type { FilePlatform } from './file-system';
import { OpenFile } from './open-file';
import { openRecordFile } from './open-record-file';
import type { RecordWarnings } from './record-warning';

/** A clock of monotonic milliseconds. The core's `Clock` fits. */
export interface MonotonicClock {
  nowMs(): number;
}

const FIRST_REOPEN_DELAY_MS = 1_000;
const MAX_REOPEN_DELAY_MS = 60_000;
const NEWLINE = 0x0a;

/** After these errors nothing was written and the descriptor is still valid. After any other, the file is reopened. */
const PASSING: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EAGAIN', 'EINTR'];

/** Appends records to one file, one write call per record. Opens the file when needed and counts the results. */
export class RecordWriter {
  readonly #path: string;
  readonly #platform: FilePlatform;
  readonly #clock: MonotonicClock;
  readonly #warnings: RecordWarnings;
  #file: OpenFile | undefined;
  /** True if the file probably ends inside a line. */
  #isDirty = false;
  #reopenAtMs = Number.NEGATIVE_INFINITY;
  #reopenDelayMs = FIRST_REOPEN_DELAY_MS;
  written = 0;
  dropped = 0;
  torn = 0;

  constructor(path: string, platform: FilePlatform, clock: MonotonicClock, warnings: RecordWarnings) {
    this.#path = path;
    this.#platform = platform;
    this.#clock = clock;
    this.#warnings = warnings;
  }

  /** Appends `record`, which must end in a newline. Blocks until it is written, so a killed process loses no record. */
  write(record: Uint8Array): void {
    const file = this.#openFile();
    if (file === undefined) {
      this.dropped++;
      return;
    }
    const bytes = this.#toAppend(record);
    try {
      this.#wrote(bytes, file.write(bytes));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Forces all written records to disk before it returns. */
  sync(): void {
    try {
      this.#file?.sync();
    } catch (error) {
      this.#warnings.tell('sync', error);
    }
  }

  /** Forces all written records to disk without blocking the event loop. */
  syncInBackground(): void {
    this.#file?.syncInBackground((error) => {
      if (error !== null) {
        this.#warnings.tell('sync', error);
      }
    });
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #toAppend(record: Uint8Array): Uint8Array {
    return this.#isDirty ? afterNewline(record) : record;
  }

  /** Does not write the rest of a short write, because another process may have appended since. */
  #wrote(bytes: Uint8Array, length: number): void {
    const prefix = bytes[0] === NEWLINE ? 1 : 0;
    if (length >= bytes.length - 1) {
      // The line is complete even without its newline. The next record then begins with one.
      this.written++;
      this.#isDirty = length < bytes.length;
      return;
    }
    this.#warnings.tell('short_write');
    if (length > prefix) {
      this.torn++;
      this.#isDirty = true;
    } else {
      this.dropped++;
      this.#isDirty &&= length < prefix;
    }
  }

  #failed(error: unknown): void {
    this.dropped++;
    this.#warnings.tell('write', error);
    if (!PASSING.includes(error instanceof Error ? Reflect.get(error, 'code') : undefined)) {
      // The failure may have left half a line. Opening the file again checks for that.
      this.close();
      this.#waitBeforeReopening();
    }
  }

  /** Returns the open file, or opens it. Makes no system call until the next attempt is due. */
  #openFile(): OpenFile | undefined {
    if (this.#file !== undefined || this.#clock.nowMs() < this.#reopenAtMs) {
      return this.#file;
    }
    try {
      const { descriptor, endsInsideLine } = openRecordFile(this.#path, this.#platform);
      this.#file = new OpenFile(this.#platform.fileSystem, descriptor);
      this.#isDirty = endsInsideLine;
      this.#reopenDelayMs = FIRST_REOPEN_DELAY_MS;
    } catch (error) {
      this.#warnings.tell('open', error);
      this.#waitBeforeReopening();
    }
    return this.#file;
  }

  /** Doubles the delay up to 60 s. A repaired problem is noticed within a minute, without many failing calls. */
  #waitBeforeReopening(): void {
    this.#reopenAtMs = this.#clock.nowMs() + this.#reopenDelayMs;
    this.#reopenDelayMs = Math.min(this.#reopenDelayMs * 2, MAX_REOPEN_DELAY_MS);
  }
}

function afterNewline(record: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(record.length + 1);
  bytes[0] = NEWLINE;
  bytes.set(record, 1);
  return bytes;
}
