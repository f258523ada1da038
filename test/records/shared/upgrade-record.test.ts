import { expect, test } from 'vitest';
import { callRecord } from '../../../src/records/call-line/call-record';
import { parseCallRecord } from '../../../src/records/call-line/parse-call-record';
import { upgradeRecord } from '../../../src/records/shared/upgrade-record';
import { checked, completedCall } from '../sample-facts';

const stamp = {
  recordId: checked('id', 'record-1'),
  seq: 1,
  ts: checked('timestamp', '2026-11-21T10:00:00.000Z'),
  monoMs: 1.5,
};

test.each([
  ['typed', 'client'],
  ['fetch', 'fetch'],
  ['gateway', 'gateway'],
] as const)('reads a call line of version 1 whose door is %s as one of version 2', (door, entryPoint) => {
  const current = JSON.parse(JSON.stringify(callRecord(completedCall({ entryPoint }), stamp, {}, {}, 'value_scan')));
  const { entryPoint: _, ...facts } = current.facts;
  const old = { ...current, schema_version: 1, facts: { ...facts, door } };
  expect(parseCallRecord(JSON.stringify(old))).toEqual({ kind: 'call', record: current });
});

test.each([
  [
    { record: 'usage_trace', schema_version: 1 },
    { record: 'usage_trace', schema_version: 2 },
  ],
  [
    { record: 'call', schema_version: 1, facts: null },
    { record: 'call', schema_version: 2, facts: null },
  ],
  [
    { record: 'call', schema_version: 2, facts: { door: 'typed' } },
    { record: 'call', schema_version: 2, facts: { door: 'typed' } },
  ],
  [
    { record: 'call', schema_version: 3 },
    { record: 'call', schema_version: 3 },
  ],
  [{}, {}],
])('converts %j to %j', (record, upgraded) => {
  expect(upgradeRecord(record)).toEqual(upgraded);
});
