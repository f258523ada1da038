/** The raw headers that determine a wait. */
export interface RetryAfterHeaders {
  readonly retryAfter?: string | undefined;
  readonly retryAfterMs?: string | undefined;
  /** The response's `Date`. A date in `Retry-After` is compared with it, so a wrong local clock has no effect. */
  readonly date?: string | undefined;
}

/** The shortest wait before a retry. Without it, a random value near 0 would retry in a busy loop. */
export const FLOOR_MS = 50;
/** The longest delay of `setTimeout`. */
const MAX_DELAY_MS = 2 ** 31 - 1;

const DECIMAL = /^\d+(?:\.\d+)?$/;
/** IMF-fixdate (RFC 9110, section 5.6.7). */
const IMF_DATE =
  /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT/g;
const ONLY_IMF_DATE = new RegExp(`^${IMF_DATE.source}$`);

/**
 * Parses the wait that the server asks for. `retry-after-ms` takes precedence over `retry-after`. If a header has
 * several values, the largest valid one counts, because a retry must not come too early. Never throws.
 *
 * @returns milliseconds, or `undefined` if no header has a valid value. A date in the past is not valid
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
  // Dates contain a comma, so they are removed before the split.
  const rest = retryAfter.replace(IMF_DATE, (text) => {
    const at = parseImfDate(text);
    if (at !== undefined && at > reference) {
      delays.push(at - reference);
    }
    // The space keeps digits on both sides from joining into one number.
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

/**
 * Exponential backoff with full jitter: a random wait between 0 and the exponential step, at least {@link FLOOR_MS}.
 * Jitter spreads the retries of many clients.
 */
export function backoffMs(step: {
  readonly baseMs: number;
  readonly capMs: number;
  readonly retriesSoFar: number;
  readonly random: number;
}): number {
  const ceiling = Math.min(step.capMs, step.baseMs * 2 ** Math.min(step.retriesSoFar, 30));
  return clampDelay(step.random * ceiling);
}

/** Waits at least `retryAfterMs`, and up to 10 % longer, so that many clients do not retry at the same moment. */
export function afterRetryAfter(retryAfterMs: number, random: number, latestMs: number): number {
  return clampDelay(Math.max(retryAfterMs, Math.min(retryAfterMs * (1 + random / 10), latestMs)));
}

function clampDelay(delayMs: number): number {
  return Math.min(Math.max(FLOOR_MS, delayMs), MAX_DELAY_MS);
}
