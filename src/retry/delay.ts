/** Headers that say how long to wait, as the wire gave them. */
export interface RetryAfterHeaders {
  readonly retryAfter?: string | undefined;
  readonly retryAfterMs?: string | undefined;
  /** The response's own `Date`, so that a wrong local clock does not matter. */
  readonly date?: string | undefined;
}

/** Never busy-waits, whatever the numbers say. */
export const FLOOR_MS = 50;
const MAX_DELAY_MS = 2 ** 31 - 1;

const DECIMAL = /^\d+(?:\.\d+)?$/;
/** IMF-fixdate (RFC 9110 5.6.7). */
const IMF_DATE =
  /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT/g;
const ONLY_IMF_DATE = new RegExp(`^${IMF_DATE.source}$`);

/**
 * The wait the server asks for, in milliseconds; `undefined` when it asks for none validly.
 * `retry-after-ms` wins; of several values the largest valid one counts. Never throws.
 */
export function parseRetryAfter(headers: RetryAfterHeaders, wallMs: number): number | undefined {
  return largest(decimals(headers.retryAfterMs, 1)) ?? largest(inSeconds(headers, wallMs));
}

function inSeconds({ retryAfter, date }: RetryAfterHeaders, wallMs: number): number[] {
  if (retryAfter === undefined) {
    return [];
  }
  const reference = parseImfDate(date?.trim()) ?? wallMs;
  const delays: number[] = [];
  // Dates hold a comma themselves, so they leave before the split.
  const rest = retryAfter.replace(IMF_DATE, (text) => {
    const at = parseImfDate(text);
    if (at !== undefined && at > reference) {
      delays.push(at - reference);
    }
    // A gap, so that digits on both sides do not become one number.
    return ' ';
  });
  return [...delays, ...decimals(rest, 1_000)];
}

function decimals(text: string | undefined, factor: number): number[] {
  if (text === undefined) {
    return [];
  }
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => DECIMAL.test(part))
    .map((part) => Number(part) * factor);
}

function parseImfDate(text: string | undefined): number | undefined {
  if (text === undefined || !ONLY_IMF_DATE.test(text)) {
    return undefined;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function largest(values: readonly number[]): number | undefined {
  return values.length === 0
    ? undefined
    : Math.min(
        values.reduce((most, value) => Math.max(most, value)),
        MAX_DELAY_MS,
      );
}

/** Full jitter: anywhere between nothing and the exponential step, never under the floor. */
export function backoffMs(step: {
  readonly baseMs: number;
  readonly capMs: number;
  readonly retriesSoFar: number;
  readonly random: number;
}): number {
  const ceiling = Math.min(step.capMs, step.baseMs * 2 ** Math.min(step.retriesSoFar, 30));
  return clampDelay(step.random * ceiling);
}

/** Not sooner than told; up to a tenth later, so that many clients do not return at one moment. */
export function afterRetryAfter(retryAfterMs: number, random: number, latestMs: number): number {
  return clampDelay(Math.max(retryAfterMs, Math.min(retryAfterMs * (1 + random / 10), latestMs)));
}

function clampDelay(delayMs: number): number {
  return Math.min(Math.max(FLOOR_MS, delayMs), MAX_DELAY_MS);
}
