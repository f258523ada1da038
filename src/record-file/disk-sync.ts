import type { RecordWriter } from './record-writer';

/** The clock for pending syncs. The core's `Clock` fits. */
export interface SyncClock {
  nowMs(): number;
  setTimer(delayMs: number, callback: () => void, options: { readonly keepAlive: boolean }): { cancel(): void };
}

/** In an outage every call writes an urgent record; an fsync for each would block the event loop. */
const MIN_INTERVAL_MS = 1_000;

/** Forces urgent records to disk with fsync, at most once a second. */
export class DiskSync {
  readonly #writer: RecordWriter;
  readonly #clock: SyncClock;
  #timer: { cancel(): void } | undefined;
  #syncedAtMs = Number.NEGATIVE_INFINITY;

  constructor(writer: RecordWriter, clock: SyncClock) {
    this.#writer = writer;
    this.#clock = clock;
  }

  /** Call after each urgent record: syncs now, or when a second has passed since the last sync. */
  syncSoon(): void {
    const sinceLastMs = this.#clock.nowMs() - this.#syncedAtMs;
    if (sinceLastMs >= MIN_INTERVAL_MS) {
      this.#syncNow();
    } else {
      this.#timer ??= this.#startTimer(MIN_INTERVAL_MS - sinceLastMs);
    }
  }

  /** Call before the file is closed: runs a sync that is still pending. */
  finish(): void {
    if (this.#timer !== undefined) {
      this.#syncNow();
    }
  }

  #syncNow(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#syncedAtMs = this.#clock.nowMs();
    this.#writer.sync();
  }

  #startTimer(delayMs: number): { cancel(): void } {
    return this.#clock.setTimer(
      delayMs,
      () => {
        this.#timer = undefined;
        this.#syncedAtMs = this.#clock.nowMs();
        this.#writer.syncInBackground();
      },
      // A pending sync never keeps the process alive.
      { keepAlive: false },
    );
  }
}
