import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCallRecord } from '../../../src/records/call-line/parse-call-record';
import { holdsOnlyFacts } from '../../../src/records/shared/fact-leaves';
import { completedCall } from '../sample-facts';

/** The same grammars as simple regular expressions. */
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

it('accepts a name by its grammar, also when it was seen before', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.stringMatching(/^[a-z][A-Za-z0-9]{0,70}$/)), (name) => {
      for (const _time of [1, 2]) {
        expect(holdsOnlyFacts(Object.fromEntries([[name, 1]]))).toBe(FACT_NAME.test(name));
      }
    }),
    { numRuns: 2_000 },
  );
});

it.each(['startedAt', 'endedAt'])('rejects a call whose %s is not a timestamp', (name) => {
  const kindOf = (moment: string): string => {
    const record = {
      ...{ record: 'call', schema_version: 2, record_id: 'a', seq: 1, ts: '2026-11-21T10:00:00.000Z', mono_ms: 1 },
      ...{ library: { name: 'a', version: '1' }, environment: { upstream: 'cometapi', sdks: [] } },
      ...{ run_id: null, workflow: null, redaction_check: 'not_checked' },
      facts: { ...completedCall(), [name]: moment },
    };
    return parseCallRecord(JSON.stringify(record)).kind;
  };
  const moments = fc
    .date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString());
  fc.assert(
    fc.property(moments, (moment) => {
      expect(kindOf(moment)).toBe('call');
    }),
  );
  for (const moment of [
    '',
    'yesterday',
    '2026-13-01T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21',
    '2026-11-21T10:60:00Z',
  ]) {
    expect(kindOf(moment)).toBe('foreign');
  }
});
