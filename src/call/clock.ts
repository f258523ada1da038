import type { AbortSignalLike } from '../wire/abort-signal-like';
/** A running timer. Cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
  /** Stops the timer from keeping the process alive. */
  unref(): void;
}

/** The source of time, which tests replace. Only this file uses `setTimeout`, `performance.now` and `Date.now`. */
export interface Clock {
  /** Monotonic milliseconds, for waits, deadlines and durations. Changes of the system time do not affect them. */
  nowMs(): number;
  /** Milliseconds since the epoch, for timestamps only. */
  wallMs(): number;
  /** @param options.keepAlive true if the timer keeps the process alive (retry wait, header timeout, queue wait) */
  setTimer(delayMs: number, callback: () => void, options: { readonly keepAlive: boolean }): Timer;
}

/** The source of randomness, which tests replace. Only this file uses `Math.random` and `crypto`. */
export interface RandomSource {
  /** In [0, 1). */
  random(): number;
  randomBytes(count: number): Uint8Array;
}

/** The longest delay of `setTimeout`. A timer with a longer delay fires immediately. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

class SystemTimer implements Timer {
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(delayMs: number, callback: () => void) {
    this.#timer = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  unref(): void {
    // In browsers a timer is a number, and there is no process to keep alive.
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
      timer.unref();
    }
    return timer;
  },
};

/** One call of `getRandomValues` costs as much for one byte as for 4,096. No byte is returned twice. */
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

export const systemRandom: RandomSource = {
  random: () => Math.random(),
  randomBytes: takeRandom,
};

/**
 * Waits `delayMs`. Removes its listener in every case.
 *
 * @throws the signal's reason, as soon as the signal aborts
 */
export async function wait(clock: Clock, delayMs: number, signal: AbortSignalLike): Promise<void> {
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
