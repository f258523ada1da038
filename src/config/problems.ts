import { CometAPIError } from '../errors/cometapi-error';

/** Collects all problems, so that one error lists them all. A problem never contains a value. */
export class Problems {
  readonly #found: string[] = [];

  add(problem: string): void {
    this.#found.push(problem);
  }

  /** @throws CometAPIError that lists every problem */
  throwIfAny(): void {
    const [first, ...others] = this.#found;
    if (first === undefined) {
      return;
    }
    const message =
      others.length === 0 ? first : `Invalid options:\n${this.#found.map((found) => `- ${found}`).join('\n')}`;
    throw new CometAPIError(message, { problems: this.#found });
  }
}

/** The allowed range of a number. Without `max`, any number from `min` on. */
export interface Range {
  readonly min: number;
  readonly max?: number;
  readonly unit: string;
}

/** Returns a whole number in `range`, or adds a problem that names `field`. Refuses text: see {@link digits}. */
export function wholeNumber(value: unknown, field: string, range: Range, problems: Problems): number | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const { min, max = Number.MAX_SAFE_INTEGER, unit } = range;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    const allowed = range.max === undefined ? `${min} or more` : `from ${min} to ${max}`;
    problems.add(`${field} must be a whole number of ${unit}, ${allowed}.`);
    return undefined;
  }
  return value;
}

/** Returns the text of a variable as a number, or NaN. */
export function digits(text: unknown): number {
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** Returns `value` if it is one of `words`, or adds a problem that names `field` and the allowed values. */
export function oneOf<const Word extends string>(
  value: unknown,
  field: string,
  words: readonly Word[],
  problems: Problems,
): Word | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const found = words.find((word) => word === value);
  if (found === undefined) {
    problems.add(`${field} must be one of ${words.join(', ')}.`);
  }
  return found;
}

/** Converts `on` and `off` to a boolean, or adds a problem that names `field`. */
export function onOff(value: unknown, field: string, problems: Problems): boolean | undefined {
  const word = oneOf(value, field, ['on', 'off'], problems);
  return word === undefined ? undefined : word === 'on';
}

/** Returns a boolean `value`, or adds a problem that names `field`. */
export function trueFalse(value: unknown, field: string, problems: Problems): boolean | undefined {
  if (value === undefined || value === null || typeof value === 'boolean') {
    return value ?? undefined;
  }
  problems.add(`${field} must be true or false.`);
  return undefined;
}
