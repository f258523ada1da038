import { CometAPIError } from '../errors/cometapi-error';

/** Collects everything that is wrong, so that a person mends it in one go. Never holds a value. */
export class Problems {
  readonly #found: string[] = [];

  add(problem: string): void {
    this.#found.push(problem);
  }

  /** @throws CometAPIError naming every problem */
  throwIfAny(): void {
    const [first, ...others] = this.#found;
    if (first === undefined) {
      return;
    }
    const message =
      others.length === 0 ? first : `The client cannot start:\n${this.#found.map((found) => `- ${found}`).join('\n')}`;
    throw new CometAPIError(message, { problems: this.#found });
  }
}

/** A whole number in `range`, from an option or from the text of a variable; adds a problem that names `field`. */
export function wholeNumber(
  value: unknown,
  field: string,
  range: { readonly min: number; readonly max: number; readonly unit: string },
  problems: Problems,
): number | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const parsed = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof parsed !== 'number' || !Number.isInteger(parsed) || parsed < range.min || parsed > range.max) {
    problems.add(`${field} must be a whole number of ${range.unit} from ${range.min} to ${range.max}.`);
    return undefined;
  }
  return parsed;
}

/** One of `words`; adds a problem that names `field` and what is allowed. */
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

/** `on` or `off` of a variable, `true` or `false` of an option. */
export function onOff(value: unknown, field: string, problems: Problems): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') {
    return value;
  }
  const word = oneOf(value, field, ['on', 'off'], problems);
  return word === undefined ? undefined : word === 'on';
}
