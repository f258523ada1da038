import { DEFAULTS, MAX_RETRIES_CAP } from './defaults';
import type { Environment } from './environment';
import type { RetryBudgetOptions } from './options';
import type { Problems } from './problems';
import { givenSetting, type SettingReader } from './setting-reader';

/** Reads `maxRetries`, or `COMETAPI_MAX_ATTEMPTS` minus one. Reduces a higher value to the cap, with a warning. */
export function resolveMaxRetries(option: unknown, read: SettingReader, warnings: string[]): number {
  const retries = read.number({ option, name: 'maxRetries' }, { min: 0, unit: 'retries' });
  const isGiven = option !== undefined && option !== null;
  const attempts = isGiven
    ? undefined
    : read.number(
        { option: undefined, name: 'maxRetries', variable: 'COMETAPI_MAX_ATTEMPTS' },
        { min: 0, unit: 'attempts' },
      );
  const wanted = retries ?? (attempts === undefined ? DEFAULTS.maxRetries : Math.max(0, attempts - 1));
  if (wanted > MAX_RETRIES_CAP) {
    const field = isGiven ? 'maxRetries' : 'COMETAPI_MAX_ATTEMPTS';
    const attemptCap = MAX_RETRIES_CAP + 1;
    warnings.push(`${field} exceeds the limit of ${attemptCap} attempts per call. The client uses ${attemptCap}.`);
  }
  return Math.min(wanted, MAX_RETRIES_CAP);
}

const BUDGET_NUMBERS = ['capacity', 'depositPerCall', 'refillPerSecond'] as const;

/** Reads the option, then `COMETAPI_RETRY_BUDGET`, then the default. */
export function resolveRetryBudget(
  option: unknown,
  environment: Environment,
  problems: Problems,
): RetryBudgetOptions | false {
  const given = givenSetting({ option, name: 'retryBudget', variable: 'COMETAPI_RETRY_BUDGET' }, environment);
  const fallback = Object.freeze({ ...DEFAULTS.retryBudget });
  if (given === undefined) {
    return fallback;
  }
  const budget = given.fromVariable ? parseBudget(given.value) : checkBudget(given.value);
  if (budget === undefined) {
    problems.add(
      given.fromVariable
        ? `${given.field} must be off, or capacity,depositPerCall,refillPerSecond, for example 10,0.1,0.1.`
        : `${given.field} must be false, or an object with numbers of 0 or more: ${BUDGET_NUMBERS.join(', ')}.`,
    );
  }
  return budget ?? fallback;
}

function parseBudget(text: unknown): RetryBudgetOptions | false | undefined {
  if (text === 'off') {
    return false;
  }
  const parts = String(text).split(',');
  const numbers = parts.map((part) => (/^\s*\d{1,15}(?:\.\d{1,15})?\s*$/.test(part) ? Number(part) : Number.NaN));
  const [capacity, depositPerCall, refillPerSecond] = numbers;
  return numbers.length === BUDGET_NUMBERS.length
    ? checkBudget({ capacity, depositPerCall, refillPerSecond })
    : undefined;
}

function checkBudget(value: unknown): RetryBudgetOptions | false | undefined {
  if (value === false) {
    return false;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const [capacity, depositPerCall, refillPerSecond] = BUDGET_NUMBERS.map((name) => amount(Reflect.get(value, name)));
  return capacity === undefined || depositPerCall === undefined || refillPerSecond === undefined
    ? undefined
    : Object.freeze({ capacity, depositPerCall, refillPerSecond });
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
