import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CallFacts } from '../../src/facts/call-facts';
import type { Identifier } from '../../src/facts/identifier';
import { createRedactor, type Redactor } from '../../src/facts/redaction/redactor';
import { createRecordObserver, type RecordObserver } from '../../src/record-file/record-observer';
import type { RecordSink } from '../../src/record-file/record-sink';
import { MAX_RECORD_BYTES } from '../../src/records/shared/serialize';
import { attempt, checked, completedCall, madeUpKey, truncatedStream } from '../records/sample-facts';
import { ManualClock } from './manual-clock';

interface Scene {
  readonly observer: RecordObserver;
  readonly lines: string[];
  readonly syncs: (boolean | undefined)[];
  readonly warnings: string[];
  readonly clock: ManualClock;
}

const knowing = createRedactor([madeUpKey()]);

function scene(redactorFor: (facts: CallFacts) => Redactor = () => knowing): Scene {
  const lines: string[] = [];
  const syncs: (boolean | undefined)[] = [];
  const warnings: string[] = [];
  const clock = new ManualClock();
  const sink: RecordSink = {
    write(line, options) {
      lines.push(line);
      syncs.push(options?.sync);
    },
    close() {},
    stats: () => ({ written: lines.length, dropped: 0, torn: 0, queued: 0 }),
  };
  const observer = createRecordObserver({
    sink,
    source: { runtime: { name: 'node', version: checked('version', '24.21.0') }, os: 'linux' },
    annotationsOf: () => ({ runId: checked('name', 'run-1') }),
    redactorFor,
    clock,
    randomBytes: (count) => randomBytes(count),
    warn: (message) => void warnings.push(message),
  });
  return { observer, lines, syncs, warnings, clock };
}

describe('the record observer', () => {
  it('writes one numbered line per call, with sorted ids that identify the writer', () => {
    const { observer, lines, clock } = scene();
    for (const facts of [completedCall(), truncatedStream(), completedCall()]) {
      clock.advance(5);
      observer.callClosed(facts);
    }
    const records = lines.map((line) => JSON.parse(line));
    expect(
      records.map(({ seq, ts, mono_ms, run_id, redaction_check }) => [seq, ts, mono_ms, run_id, redaction_check]),
    ).toEqual([
      [1, '2026-11-21T10:00:01.005Z', 1005, 'run-1', 'value_scan'],
      [2, '2026-11-21T10:00:01.010Z', 1010, 'run-1', 'value_scan'],
      [3, '2026-11-21T10:00:01.015Z', 1015, 'run-1', 'value_scan'],
    ]);
    expect(records[1].facts).toEqual(truncatedStream());
    const ids: string[] = records.map(({ record_id }) => record_id);
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids.map((id) => id.slice(24))).size).toBe(1);
    expect(observer.stats()).toEqual({ written: 3, dropped: 0, torn: 0, queued: 0, refused: 0 });
  });

  it('creates unique ids within a millisecond', () => {
    const { observer, lines } = scene();
    const facts = completedCall();
    for (let call = 0; call < 5_000; call++) {
      observer.callClosed(facts);
    }
    const ids: string[] = lines.map((line) => JSON.parse(line).record_id);
    expect(new Set(ids).size).toBe(5_000);
    expect([...ids].sort()).toEqual(ids);
  });

  it('withholds and counts a line with a secret that became active later, and warns once without content', () => {
    const key = `${madeUpKey().slice(3, 20)}key`;
    const facts = completedCall({ requestId: checked('id', key) });
    const { observer, lines, warnings } = scene(() => createRedactor([key]));
    observer.callClosed(facts);
    observer.callClosed(facts);
    observer.callClosed(completedCall());
    expect(observer.stats()).toEqual({ written: 1, dropped: 0, torn: 0, queued: 0, refused: 2 });
    expect(warnings).toEqual([
      'A record contained an active secret. It was withheld and counted. Rotate the key and report this.',
    ]);
    // The gap in `seq` shows the withheld lines.
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([3]);
  });

  it('writes one line of JSON even if a value contains quotes and line ends', () => {
    const { observer, lines } = scene();
    const odd = 'a"b\\\n\r\u0000';
    // No checked identifier contains these characters, so the cast builds one that skipped the check.
    observer.callClosed(completedCall({ requestId: odd as Identifier<'id'> }));
    expect(lines[0]).toMatch(/^[ -~]+$/);
    expect(JSON.parse(lines[0] ?? '').facts.requestId).toBe(odd);
  });

  it('gets the secret guard for each call, because a function may supply keys', () => {
    const asked: string[] = [];
    const { observer } = scene((facts) => {
      asked.push(facts.callId);
      return createRedactor();
    });
    observer.callClosed(completedCall());
    observer.callClosed(truncatedStream());
    expect(asked).toEqual([completedCall().callId, truncatedStream().callId]);
  });

  it('reports not_checked if no secret is known', () => {
    const { observer, lines } = scene(() => createRedactor());
    observer.callClosed(completedCall());
    expect(JSON.parse(lines[0] ?? '').redaction_check).toBe('not_checked');
  });

  it("drops the user's attributes if the line would be too long, and counts them", () => {
    const { observer, lines } = scene();
    const attributes = Array.from({ length: 600 }, (_, at) => ({
      name: checked('attribute_name', `label_${at}`),
      value: checked('name', 'x'.repeat(120)),
    }));
    const long = completedCall({ attributes: attributes.slice(0, 300), droppedAttributes: 2 });
    observer.callClosed(long);
    observer.callClosed(completedCall({ attributes, droppedAttributes: 2 }));
    expect(lines.every((line) => Buffer.byteLength(line) < MAX_RECORD_BYTES)).toBe(true);
    expect(lines.map((line) => JSON.parse(line).facts)).toEqual([
      long,
      completedCall({ attributes: [], droppedAttributes: 602 }),
    ]);
  });

  it('forces the record to disk if all attempts of a call failed', () => {
    const { observer, syncs } = scene();
    const exhausted = attempt({ category: 'server_error', decision: 'final_attempt', because: 'attempts_exhausted' });
    observer.callClosed(completedCall());
    observer.callClosed(
      completedCall({ ending: 'failed', endingReason: 'http_status', category: 'server_error', attempts: [exhausted] }),
    );
    observer.callClosed(truncatedStream());
    expect(syncs).toEqual([false, true, false]);
  });

  it("loses the record, never the call, if a caller's function throws", () => {
    const secret = madeUpKey();
    const { observer, warnings } = scene(() => {
      throw new Error(`no key ${secret}`);
    });
    expect(() => observer.callClosed(completedCall())).not.toThrow();
    expect(observer.stats()).toEqual({ written: 0, dropped: 1, torn: 0, queued: 0, refused: 0 });
    expect(warnings).toEqual(['A record could not be created. It was dropped and counted.']);
  });
});
