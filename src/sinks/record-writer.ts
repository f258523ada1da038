import type { FilePlatform } from './file-system';
import { OpenFile } from './open-file';
import { openRecordFile } from './open-record-file';
import type { RecordWarnings } from './record-warning';

/** Monotonic milliseconds; the core's `Clock` fits. */
export interface MonotonicClock {
  nowMs(): number;
}

const FIRST_REOPEN_DELAY_MS = 1_000;
const MAX_REOPEN_DELAY_MS = 60_000;
const NEWLINE = 0x0a;

/** After these nothing was written and the descriptor is still good; after any other the file is opened again. */
const PASSING: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EAGAIN', 'EINTR'];

/** Appends records to one file, each in one write call; opens it when needed, knows whether its last line is whole, counts. */
export class RecordWriter {
  readonly #path: string;
  readonly #platform: FilePlatform;
  readonly #clock: MonotonicClock;
  readonly #warnings: RecordWarnings;
  #file: OpenFile | undefined;
  /** The file ends inside a line, as far as we know. */
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

  /** Appends `record`, which ends in a newline, on the event loop (J-1, J-4). */
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

  /** Forces what is written to disk, on the spot. */
  sync(): void {
    try {
      this.#file?.sync();
    } catch (error) {
      this.#warnings.tell('sync', error);
    }
  }

  /** The same without holding the event loop. */
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

  /** The rest of a short write is not written: another process may have appended meanwhile (J-2). */
  #wrote(bytes: Uint8Array, length: number): void {
    const prefix = bytes[0] === NEWLINE ? 1 : 0;
    if (length >= bytes.length - 1) {
      // Without its newline the line is still whole; the next record begins with one.
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
      // What such a failure left in the file is found out by opening it again.
      this.close();
      this.#waitBeforeReopening();
    }
  }

  /** The file, if it can be had now. Between tries nothing is asked of the system. */
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

  /** A directory that appears or a descriptor that frees up is found within a minute, without a storm of failing calls. */
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
