import { usageError } from '../cli-error';

/** A time window in milliseconds since the epoch. Both ends are included. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/;
const DAY_MS = 86_400_000;

/**
 * Parses `FROM..TO`: dates or times in UTC. One end may be omitted. A date as TO includes that whole day.
 *
 * @throws CliError (64) if the value is not a time window
 */
export function timeWindow(flag: string): (value: string) => TimeWindow {
  return (value) => {
    const [from = '', to = '', ...rest] = value.split('..');
    const fromMs = from === '' ? Number.NEGATIVE_INFINITY : timeMs(from);
    const toMs = to === '' ? Number.POSITIVE_INFINITY : timeMs(to) + (isDay(to) ? DAY_MS - 1 : 0);
    const isWindow = value.includes('..') && rest.length === 0 && from + to !== '' && fromMs <= toMs;
    if (!isWindow) {
      throw usageError(
        `${flag} must be FROM..TO in UTC, for example 2026-11-21..2026-11-22 or 2026-11-21T10:00Z..2026-11-21T11:30Z.`,
      );
    }
    return { fromMs, toMs };
  };
}

function timeMs(text: string): number {
  return TIME.test(text) ? Date.parse(text) : Number.NaN;
}

function isDay(text: string): boolean {
  return !text.includes('T');
}
