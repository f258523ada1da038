import { type Identifier, type IdentifierKind, identifier } from '../facts/identifier';
import type { Redactor } from '../facts/redaction/redactor';
import type { Environment, EnvironmentName } from './environment';
import { digits, oneOf, onOff, type Problems, type Range, trueFalse, wholeNumber } from './problems';

/** The sources of a setting: an option and, for some settings, an environment variable. */
export interface Setting {
  readonly option: unknown;
  /** Name of the option, for messages. */
  readonly name: string;
  readonly variable?: EnvironmentName;
}

/** A value that the user set, and the option or variable it came from. */
export interface GivenSetting {
  readonly value: unknown;
  readonly field: string;
  readonly fromVariable: boolean;
}

/** Returns the option, or else the variable. `null` counts as not set, as in `openai`. */
export function givenSetting({ option, name, variable }: Setting, environment: Environment): GivenSetting | undefined {
  if (option !== undefined && option !== null) {
    return { value: typeof option === 'string' ? option.trim() : option, field: name, fromVariable: false };
  }
  const value = variable === undefined ? undefined : environment[variable];
  return variable === undefined || value === undefined ? undefined : { value, field: variable, fromVariable: true };
}

/** Reads and checks settings. An invalid setting becomes a problem. */
export class SettingReader {
  readonly #environment: Environment;
  readonly #problems: Problems;
  readonly #guard: Redactor;

  constructor(environment: Environment, problems: Problems, redactor: Redactor) {
    this.#environment = environment;
    this.#problems = problems;
    this.#guard = redactor;
  }

  number(setting: Setting, range: Range): number | undefined {
    const given = givenSetting(setting, this.#environment);
    if (given === undefined) {
      return undefined;
    }
    const value = given.fromVariable ? digits(given.value) : given.value;
    return wholeNumber(value, given.field, range, this.#problems);
  }

  /** Reads `on` or `off` from a variable, `true` or `false` from an option. */
  flag(setting: Setting): boolean | undefined {
    const given = givenSetting(setting, this.#environment);
    if (given === undefined) {
      return undefined;
    }
    const parse = given.fromVariable ? onOff : trueFalse;
    return parse(given.value, given.field, this.#problems);
  }

  word<const Word extends string>(setting: Setting, words: readonly Word[]): Word | undefined {
    const given = givenSetting(setting, this.#environment);
    return given === undefined ? undefined : oneOf(given.value, given.field, words, this.#problems);
  }

  /** Reads a name that records may contain. `rule` describes the allowed names in the message. */
  identifier<Kind extends IdentifierKind>(kind: Kind, setting: Setting, rule: string): Identifier<Kind> | undefined {
    const given = givenSetting(setting, this.#environment);
    if (given === undefined) {
      return undefined;
    }
    const checked = identifier(kind, given.value, this.#guard);
    if (checked === undefined) {
      this.#problems.add(`${given.field} must be ${rule}`);
    }
    return checked;
  }
}

/** The rule for names of runs, workflows and environments. */
export const NAME_RULE = 'a name of up to 128 letters, digits and . _ : / @ + -, and not a secret.';
/** The rule for request ids. */
export const ID_RULE = 'up to 128 letters, digits and . _ : -, and not a secret.';
