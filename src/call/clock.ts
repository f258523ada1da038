/** A timer that has been started. Cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
  /** Starts the full delay again. */
  refresh(): void;
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

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer(delayMs, callback, { keepAlive }) {
    const start = (): ReturnType<typeof setTimeout> => {
      const started = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
      if (!keepAlive && typeof started === 'object') {
        started.unref();
      }
      return started;
    };
    let timer = start();
    return {
      cancel: () => clearTimeout(timer),
      refresh() {
        // Node re-arms in place, without a new timer; browsers hand out numbers.
        if (typeof timer === 'object' && typeof timer.refresh === 'function') {
          timer.refresh();
        } else {
          clearTimeout(timer);
          timer = start();
        }
      },
    };
  },
};

export const systemChance: Chance = {
  random: () => Math.random(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

/**
 * Waits `delayMs`, or until `signal` aborts; then throws its reason. The listener is removed either way.
 */
export async function wait(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
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
