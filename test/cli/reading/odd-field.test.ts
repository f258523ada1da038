import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { oddField } from '../../../src/cli/reading/odd-field';
import { fullCall, madeUpKey } from '../../records/sample-facts';

/** A copy of the facts with `planted` at `path`. */
function withText(path: readonly string[], planted: string): object {
  const copy: object = JSON.parse(JSON.stringify(fullCall()));
  const holder = path.slice(0, -1).reduce<object>((at, name) => Reflect.get(at, name), copy);
  Reflect.set(holder, path.at(-1) ?? '', planted);
  return copy;
}

function textsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') {
    return [path];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => textsOf(inner, [...path, name]))
    : [];
}

describe('the texts of a call record', () => {
  const texts = textsOf(JSON.parse(JSON.stringify(fullCall())));

  test('are identifiers and words, also words of a later version', () => {
    expect(oddField(fullCall())).toBeUndefined();
    expect(oddField(withText(['endingReason'], 'a_reason_of_tomorrow'))).toBeUndefined();
  });

  test('a sentence is none of them, at any place', () => {
    expect(texts.length).toBeGreaterThan(30);
    for (const path of texts) {
      const name = path
        .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
        .join('')
        .slice(1);
      expect(oddField(withText(path, 'Summarise the contract with Acme.'))).toBe(name);
    }
  });

  test('where a word should stand, no key is one: neither of a known shape nor of an unknown', () => {
    const words = texts.filter(
      (path) => !/(?:Id|^id|At|model|Address|urlFull|value|Fingerprint)$/.test(path.at(-1) ?? ''),
    );
    const unknown = `${randomBytes(15).toString('hex')}1a`;
    for (const key of [madeUpKey(), unknown]) {
      expect(words.filter((path) => oddField(withText(path, key)) === undefined).map((path) => path.join('.'))).toEqual(
        [],
      );
    }
  });
});
