import { label } from '../../facts/label';
import { createSecretGuard } from '../../facts/secret-guard';
import { holdsToken } from '../../records/token-shapes';
import { usageError } from './cli-error';

/** The shapes of secrets; the environment's keys are looked for again where the value enters a record. */
const SHAPES = createSecretGuard();

const COMMIT = /^[0-9a-f]{40}$/;

/** Parsers for commander: each gives the value, or names the flag and what it takes, and never repeats what was typed. */
export function oneOf<Word extends string>(flag: string, words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((known) => known === value);
    if (word === undefined) {
      throw usageError(`${flag} must be one of: ${words.join(', ')}.`);
    }
    return word;
  };
}

export function nameFlag(flag: string): (value: string) => string {
  return (value) => {
    if (label('name', value, SHAPES) === undefined || holdsToken(value)) {
      throw usageError(`${flag} must be a name of up to 128 letters, digits and . _ : / @ + -, and not a secret.`);
    }
    return value;
  };
}

/** The name of a run; it may be that of a commit, which looks like a key of some provider. */
export function runFlag(flag: string): (value: string) => string {
  const name = nameFlag(flag);
  return (value) => (COMMIT.test(value) ? value : name(value));
}

/** A model to ask, or one that was verified. */
export function modelFlag(flag: string): (value: string) => string {
  return (value) => {
    if (label('model', value, SHAPES) === undefined || holdsToken(value)) {
      throw usageError(`${flag} must be the id of a model, and not a secret.`);
    }
    return value;
  };
}

/** An identifier, for selecting calls. */
export function idFlag(flag: string): (value: string) => string {
  return (value) => {
    if (label('id', value, SHAPES) === undefined) {
      throw usageError(`${flag} must be an id as it stands in the record file.`);
    }
    return value;
  };
}

/** For flags that may be given several times. */
export function each<Value>(parse: (value: string) => Value): (value: string, before?: Value[]) => Value[] {
  return (value, before = []) => [...before, parse(value)];
}

export function wholeNumberFlag(flag: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d{1,15}$/.test(value) || number < min || number > max) {
      throw usageError(`${flag} must be a whole number from ${min} to ${max}.`);
    }
    return number;
  };
}
