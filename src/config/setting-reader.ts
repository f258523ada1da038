import { type Label, type LabelKind, label } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';
import type { Environment, EnvironmentName } from './environment';
import { digits, oneOf, onOff, type Problems, type Range, trueFalse, wholeNumber } from './problems';

/** Where a setting may come from. */
export interface Setting {
  readonly option: unknown;
  /** How the option is written. */
  readonly name: string;
  readonly variable?: EnvironmentName;
}

/** A setting that was given, under the name by which the person knows it. */
export interface GivenSetting {
  readonly value: unknown;
  readonly field: string;
  readonly fromVariable: boolean;
}

/** The option before its variable. `null` counts as not given, as in `openai`. */
export function givenSetting({ option, name, variable }: Setting, environment: Environment): GivenSetting | undefined {
  if (option !== undefined && option !== null) {
    return { value: typeof option === 'string' ? option.trim() : option, field: name, fromVariable: false };
  }
  const value = variable === undefined ? undefined : environment[variable];
  return variable === undefined || value === undefined ? undefined : { value, field: variable, fromVariable: true };
}

/** Reads settings one by one; what does not fit becomes a problem. */
export class SettingReader {
  readonly #environment: Environment;
  readonly #problems: Problems;
  readonly #guard: SecretGuard;

  constructor(environment: Environment, problems: Problems, guard: SecretGuard) {
    this.#environment = environment;
    this.#problems = problems;
    this.#guard = guard;
  }

  number(setting: Setting, range: Range): number | undefined {
    const given = givenSetting(setting, this.#environment);
    if (given === undefined) {
      return undefined;
    }
    const value = given.fromVariable ? digits(given.value) : given.value;
    return wholeNumber(value, given.field, range, this.#problems);
  }

  /** `on` or `off` of a variable, `true` or `false` of an option. */
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

  /** A name that may stand in records; `rule` tells a person what it may look like. */
  label<Kind extends LabelKind>(kind: Kind, setting: Setting, rule: string): Label<Kind> | undefined {
    const given = givenSetting(setting, this.#environment);
    if (given === undefined) {
      return undefined;
    }
    const checked = label(kind, given.value, this.#guard);
    if (checked === undefined) {
      this.#problems.add(`${given.field} must be ${rule}`);
    }
    return checked;
  }
}

/** What names of runs and workflows look like. */
export const NAME_RULE = 'a name of up to 128 letters, digits and . _ : / @ + -, and not a secret.';
/** What ids of requests look like. */
export const ID_RULE = 'up to 128 letters, digits and . _ : -, and not a secret.';
