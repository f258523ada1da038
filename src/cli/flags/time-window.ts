import { usageError } from '../cli-error';

/** Milliseconds since the epoch, both ends included. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z)?$/;
const DAY_MS = 86_400_000;

/**
 * Reads `FROM..TO`: days or moments in UTC; either end may be left out. A day as TO counts whole.
 *
 * @throws CliError (64)
 */
export function timeWindow(flag: string): (value: string) => TimeWindow {
  return (value) => {
    const [from = '', to = '', ...rest] = value.split('..');
    const fromMs = from === '' ? Number.NEGATIVE_INFINITY : momentMs(from);
    const toMs = to === '' ? Number.POSITIVE_INFINITY : momentMs(to) + (isDay(to) ? DAY_MS - 1 : 0);
    const isWindow = value.includes('..') && rest.length === 0 && from + to !== '' && fromMs <= toMs;
    if (!isWindow) {
      throw usageError(
        `${flag} must be FROM..TO in UTC, for example 2026-11-21..2026-11-22 or 2026-11-21T10:00Z..2026-11-21T11:30Z.`,
      );
    }
    return { fromMs, toMs };
  };
}

function momentMs(text: string): number {
  return MOMENT.test(text) ? Date.parse(text) : Number.NaN;
}

function isDay(text: string): boolean {
  return !text.includes('T');
}
