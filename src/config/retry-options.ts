import { DEFAULTS, MAX_RETRIES_CAP } from './defaults';
import type { Environment } from './environment';
import type { ClientOptions, RetryBudgetOptions } from './options';
import { type Problems, wholeNumber } from './problems';

/** `maxRetries`, or `COMETAPI_MAX_ATTEMPTS` less one; clamped with a warning. */
export function resolveMaxRetries(
  options: ClientOptions,
  environment: Environment,
  problems: Problems,
  warnings: string[],
): number {
  const retries = wholeNumber(options.maxRetries, 'maxRetries', { min: 0, max: 1_000, unit: 'retries' }, problems);
  const attempts =
    options.maxRetries === undefined
      ? wholeNumber(
          environment.COMETAPI_MAX_ATTEMPTS,
          'COMETAPI_MAX_ATTEMPTS',
          { min: 0, max: 1_000, unit: 'attempts' },
          problems,
        )
      : undefined;
  const wanted = retries ?? (attempts === undefined ? DEFAULTS.maxRetries : Math.max(0, attempts - 1));
  if (wanted > MAX_RETRIES_CAP) {
    const field = retries === undefined ? 'COMETAPI_MAX_ATTEMPTS' : 'maxRetries';
    warnings.push(`${field} is more than a failing gateway bears: ${MAX_RETRIES_CAP + 1} attempts are used.`);
  }
  return Math.min(wanted, MAX_RETRIES_CAP);
}

/** Option, then `COMETAPI_RETRY_BUDGET`, then the default. */
export function resolveRetryBudget(
  options: ClientOptions,
  environment: Environment,
  problems: Problems,
): RetryBudgetOptions | false {
  const given = options.retryBudget ?? parseRetryBudget(environment.COMETAPI_RETRY_BUDGET, problems);
  if (given === undefined) {
    return DEFAULTS.retryBudget;
  }
  if (given === false) {
    return false;
  }
  const numbers = [given.capacity, given.depositPerCall, given.refillPerSecond];
  if (!numbers.every((value) => typeof value === 'number' && Number.isFinite(value) && value >= 0)) {
    problems.add('retryBudget must be false, or numbers of 0 or more: capacity, depositPerCall, refillPerSecond.');
  }
  return given;
}

function parseRetryBudget(text: string | undefined, problems: Problems): RetryBudgetOptions | false | undefined {
  if (text === undefined || text === 'off') {
    return text === undefined ? undefined : false;
  }
  const parts = text.split(',').map((part) => (/^\s*\d+(?:\.\d+)?\s*$/.test(part) ? Number(part) : Number.NaN));
  const [capacity, depositPerCall, refillPerSecond, ...rest] = parts;
  if (
    capacity === undefined ||
    depositPerCall === undefined ||
    refillPerSecond === undefined ||
    rest.length > 0 ||
    parts.some(Number.isNaN)
  ) {
    problems.add(
      'COMETAPI_RETRY_BUDGET must be off, or capacity,depositPerCall,refillPerSecond, for example 10,0.1,0.1.',
    );
    return undefined;
  }
  return { capacity, depositPerCall, refillPerSecond };
}
