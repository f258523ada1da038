import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlainJson, isPlainValue } from '../../../src/records/call-line/plain-text';

const PLAIN = /^[\w.@+=&?~:/,[\]{}-]*$/;

const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc.stringMatching(/^[\w.@+=&?~:/,[\]{}-]{0,8}$/),
  fc.constantFrom('\u007f', '\u009b', '\ud800', '\u202e', '"', '\\', '\u001b[2J', 'two words'),
);

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') {
    return PLAIN.test(value);
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).every(([name, inner]) => PLAIN.test(name) && isPlain(inner))
    : true;
}

const values = fc.dictionary(text, fc.oneof(text, fc.array(text, { maxLength: 2 }), fc.integer(), fc.constant(null)), {
  maxKeys: 4,
});

test('a value is plain if and only if each of its names and strings is', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(isPlainValue(value)).toBe(isPlain(value));
    }),
    { numRuns: 5_000 },
  );
});

test('the test of the JSON text agrees with the test of each string', () => {
  fc.assert(
    fc.property(values, (value) => {
      const json = JSON.stringify(value);
      fc.pre(/^[\0-\x7f]*$/.test(json));
      expect(isPlainJson(json)).toBe(isPlain(value));
    }),
    { numRuns: 5_000 },
  );
});

test('an ellipsis is plain, because it replaces the base path of a URL', () => {
  expect(isPlainValue({ urlFull: 'https://example.com/…/v1' })).toBe(true);
});
