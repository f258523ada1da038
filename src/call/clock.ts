import type { StopSignal } from '../wire/stop-signal';
/** A timer that has been started. Cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
  /** From now on it does not keep the process alive. */
  letGo(): void;
}

/** Time comes in through this; `setTimeout`, `performance.now` and `Date.now` exist in this file only. */
export interface Clock {
  /** Monotonic milliseconds, for waits, deadlines and durations. */
  nowMs(): number;
  /** Milliseconds since the epoch, for timestamps only. */
  wallMs(): number;
  /** @param options.keepAlive whether the timer keeps the process alive (retry wait, header limit, queue wait do) */
  setTimer(delayMs: number, callback: () => void, options: { readonly keepAlive: boolean }): Timer;
}

/** Chance comes in through this; `Math.random` and `crypto` exist in this file only. */
export interface Chance {
  /** In [0, 1). */
  random(): number;
  randomBytes(count: number): Uint8Array;
}

/** Timers beyond this fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

class SystemTimer implements Timer {
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(delayMs: number, callback: () => void) {
    this.#timer = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  letGo(): void {
    // Browsers hand out numbers, and have nothing to keep alive.
    if (typeof this.#timer === 'object') {
      this.#timer.unref();
    }
  }
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer(delayMs, callback, { keepAlive }) {
    const timer = new SystemTimer(delayMs, callback);
    if (!keepAlive) {
      timer.letGo();
    }
    return timer;
  },
};

/** Asking the system costs as much for one byte as for these; no byte is handed out twice. */
const pool = new Uint8Array(4_096);
let taken = pool.length;

function takeRandom(count: number): Uint8Array {
  if (count > pool.length) {
    return crypto.getRandomValues(new Uint8Array(count));
  }
  if (taken + count > pool.length) {
    crypto.getRandomValues(pool);
    taken = 0;
  }
  taken += count;
  return pool.slice(taken - count, taken);
}

export const systemChance: Chance = {
  random: () => Math.random(),
  randomBytes: takeRandom,
};

/**
 * Waits `delayMs`, or until `signal` aborts; then throws its reason. The listener is removed either way.
 */
export async function wait(clock: Clock, delayMs: number, signal: StopSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = clock.setTimer(delayMs, resolve, { keepAlive: true });
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await promise;
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', stop);
  }
}
