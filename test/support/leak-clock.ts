import type { Clock } from '../../src/call/clock';

/** The default of `maxRetryAfterMs`. All time limits are longer. */
const LONGEST_WAIT_MS = 60_000;
/** The timer for reading an error body or for a server that stays connected. It is neither a retry wait nor a limit. */
const LOOKING_MS = 1_000;
/** Long enough for all work in memory to finish. */
const IDLE_MS = 40;

export interface ClockOptions {
  /** True if time limits pass as soon as the event loop is idle, for scenarios that test them. @default false */
  readonly limitsPass?: boolean | undefined;
  /** True if retry waits take no time. @default true */
  readonly hurries?: boolean | undefined;
}

/** A clock that skips long waits. */
export function createHurriedClock({ limitsPass = false, hurries = true }: ClockOptions = {}): Clock {
  let skippedMs = 0;
  const nowMs = (): number => performance.now() + skippedMs;
  return {
    nowMs,
    wallMs: () => performance.timeOrigin + nowMs(),
    setTimer(delayMs, callback, { keepAlive }) {
      const isWait = keepAlive && delayMs <= LONGEST_WAIT_MS && delayMs !== LOOKING_MS;
      const isSkipped = isWait ? hurries : limitsPass;
      const fire = (): void => {
        skippedMs += isSkipped ? delayMs : 0;
        callback();
      };
      const timer = setTimeout(fire, isSkipped ? (isWait ? 0 : IDLE_MS) : Math.min(delayMs, 2 ** 31 - 1));
      timer.unref();
      return { cancel: () => clearTimeout(timer), unref: () => undefined };
    },
  };
}
