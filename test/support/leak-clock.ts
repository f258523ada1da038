import type { Clock } from '../../src/call/clock';

/** The longest Retry-After that is waited by default; limits are longer. */
const LONGEST_WAIT_MS = 60_000;
/** Looking at an error body, or waiting for a server that lingers: neither a wait nor a limit that a scenario is about. */
const LOOKING_MS = 1_000;
/** Long enough for everything in memory to have happened. */
const IDLE_MS = 40;

export interface ClockOptions {
  /** Limits pass while the event loop idles: for scenarios that are about them. @default false */
  readonly limitsPass?: boolean | undefined;
  /** Retry waits take no time. @default true */
  readonly hurries?: boolean | undefined;
}

/** A clock that does not make a test wait. */
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
      return { cancel: () => clearTimeout(timer), letGo: () => undefined };
    },
  };
}
