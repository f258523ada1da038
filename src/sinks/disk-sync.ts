import type { RecordWriter } from './record-writer';

/** How records get to the disk: `none` survives the death of the process, the others a power cut as well (J-5). */
export type SyncPolicy = 'none' | 'interval' | 'always';

/** Timers come in through this; the core's `Clock` fits. */
export interface SyncClock {
  nowMs(): number;
  setTimer(delayMs: number, callback: () => void, options: { readonly keepAlive: boolean }): { cancel(): void };
}

const INTERVAL_MS = 5_000;
/** An outage makes an urgent record of every call; forcing each to disk would stop the event loop. */
const URGENT_INTERVAL_MS = 1_000;

/** Forces records to disk as the policy says, and urgent ones soon whatever it says. */
export class DiskSync {
  readonly #writer: RecordWriter;
  readonly #policy: SyncPolicy;
  readonly #clock: SyncClock;
  #timer: { cancel(): void } | undefined;
  #isTimerUrgent = false;
  #syncedAtMs = Number.NEGATIVE_INFINITY;

  constructor(writer: RecordWriter, policy: SyncPolicy, clock: SyncClock) {
    this.#writer = writer;
    this.#policy = policy;
    this.#clock = clock;
  }

  /** Told after every record that was written at once. */
  written(isUrgent: boolean): void {
    const sinceLastMs = this.#clock.nowMs() - this.#syncedAtMs;
    if (this.#policy === 'always' || (isUrgent && sinceLastMs >= URGENT_INTERVAL_MS)) {
      this.now();
    } else if (isUrgent) {
      this.#arm(URGENT_INTERVAL_MS - sinceLastMs, true);
    } else if (this.#policy === 'interval') {
      this.#arm(INTERVAL_MS, false);
    }
  }

  /** Told after every record that is written in the background. */
  queued(isUrgent: boolean): void {
    if (isUrgent || this.#policy === 'always') {
      this.#arm(URGENT_INTERVAL_MS, true);
    } else if (this.#policy === 'interval') {
      this.#arm(INTERVAL_MS, false);
    }
  }

  now(): void {
    this.#disarm();
    this.#syncedAtMs = this.#clock.nowMs();
    this.#writer.sync();
  }

  /** At the end: only if something waits to be forced. */
  finish(): void {
    if (this.#timer !== undefined) {
      this.now();
    }
  }

  #arm(delayMs: number, isUrgent: boolean): void {
    if (this.#timer !== undefined && (this.#isTimerUrgent || !isUrgent)) {
      return;
    }
    this.#disarm();
    this.#isTimerUrgent = isUrgent;
    this.#timer = this.#clock.setTimer(
      delayMs,
      () => {
        this.#timer = undefined;
        this.#syncedAtMs = this.#clock.nowMs();
        this.#writer.syncInBackground();
      },
      // Writing to disk is never a reason to keep a process alive (J-6).
      { keepAlive: false },
    );
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
