import { identifier } from '../../facts/identifier';
import { createRedactor } from '../../facts/redaction/redactor';
import { holdsToken } from '../../records/shared/token-shapes';
import { usageError } from '../cli-error';

/** Finds secrets by shape only. Records are searched again, also for the keys in the environment. */
const SHAPES = createRedactor();

const COMMIT = /^[0-9a-f]{40}$/;

// Parsers for commander. Each returns the value, or throws an error with the flag and its allowed values.
// No error repeats the input, which may be a secret.

/** Parses one of a fixed list of values. */
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
    if (identifier('name', value, SHAPES) === undefined || holdsToken(value)) {
      throw usageError(
        `${flag} must be a name of up to 128 letters, digits and . _ : / @ + - that does not look like a secret.`,
      );
    }
    return value;
  };
}

/** Parses the name of a run. Accepts a commit hash, although it has the shape of some providers' keys. */
export function runFlag(flag: string): (value: string) => string {
  const name = nameFlag(flag);
  return (value) => (COMMIT.test(value) ? value : name(value));
}

/** Parses a model id. */
export function modelFlag(flag: string): (value: string) => string {
  return (value) => {
    if (identifier('model', value, SHAPES) === undefined || holdsToken(value)) {
      throw usageError(`${flag} must be a model id that does not look like a secret.`);
    }
    return value;
  };
}

/** Parses an id that selects calls. */
export function idFlag(flag: string): (value: string) => string {
  return (value) => {
    if (identifier('id', value, SHAPES) === undefined) {
      throw usageError(`${flag} must be an id from the record file.`);
    }
    return value;
  };
}

/** Collects the values of a flag that may be repeated. */
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
