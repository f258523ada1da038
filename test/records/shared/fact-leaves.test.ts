import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holdsOnlyFacts } from '../../../src/records/shared/fact-leaves';

const FACT_TEXT = /^[A-Za-z0-9_:/[][A-Za-z0-9._:/@+=&?~[\]…-]{0,1023}$/;
const FACT_NAME = /^[a-z][A-Za-z0-9]{0,63}$/;

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.stringMatching(/^[A-Za-z0-9_:/[\]…@~.-]{0,12}$/),
  fc.integer({ min: 1_020, max: 1_030 }).map((length) => 'x'.repeat(length)),
);

it('accepts a text if and only if it matches the grammar of identifiers', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(holdsOnlyFacts(value)).toBe(FACT_TEXT.test(value));
      expect(holdsOnlyFacts({ list: [{ name: value }] })).toBe(FACT_TEXT.test(value));
    }),
    { numRuns: 2_000 },
  );
});

it('accepts a name if and only if it matches the grammar of fact names', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.stringMatching(/^[a-z][A-Za-z0-9]{0,70}$/)), (name) => {
      expect(holdsOnlyFacts(Object.fromEntries([[name, 1]]))).toBe(FACT_NAME.test(name));
    }),
    { numRuns: 2_000 },
  );
});
