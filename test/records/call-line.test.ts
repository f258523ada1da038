import { describe, expect, it } from 'vitest';
import { callLine } from '../../src/records/call-line';
import { callRecord } from '../../src/records/call-record';
import { serialise } from '../../src/records/serialise';
import { checked, completedCall, fullCall, truncatedStream } from './sample-facts';

const stamp = {
  recordId: checked('id', '019a0000-0000-7000-8000-00000000000a'),
  seq: 1,
  ts: checked('timestamp', '2026-11-21T10:00:01.251Z'),
  monoMs: 5_000.25,
};
const source = { runtime: { name: 'node', version: checked('version', '24.21.0') }, os: 'linux' } as const;

describe('the line of a call', () => {
  it.each([
    ['a whole call', completedCall()],
    ['a stream that broke', truncatedStream()],
    ['a call with every fact', fullCall()],
  ])('says of %s what JSON says, without anything that needs an escape', (_, facts) => {
    for (const declared of [{}, { runId: checked('name', 'run-1'), workflow: checked('name', 'nightly') }]) {
      const record = callRecord(facts, stamp, source, declared, 'value_scan');
      const line = callLine(record);
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(record)));
      expect(Object.keys(JSON.parse(line))).toEqual(Object.keys(record));
      // Escapes would be put in here.
      expect(serialise(JSON.parse(line))).toBe(line);
    }
  });

  it('writes settings anew that are not frozen, and may have changed', () => {
    const facts = { ...completedCall(), settings: { ...completedCall().settings } };
    const first = callLine(callRecord(facts, stamp, source, {}, 'value_scan'));
    facts.settings.maxAttempts = 5;
    const second = callLine(callRecord(facts, stamp, source, {}, 'value_scan'));
    expect([first, second].map((line) => JSON.parse(line).facts.settings.maxAttempts)).toEqual([3, 5]);
  });
});
