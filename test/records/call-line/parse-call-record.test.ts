import { describe, expect, it } from 'vitest';
import type { CallFacts } from '../../../src/facts/call-facts';
import { type CallRecord, callRecord } from '../../../src/records/call-line/call-record';
import { contextOfLine, parseCallRecord } from '../../../src/records/call-line/parse-call-record';
import { recordBehind } from '../../../src/records/call-line/read-record-lines';
import { retryEvidence } from '../../../src/records/retry-evidence/retry-evidence';
import { usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { checked, completedCall, fullCall, truncatedStream } from '../sample-facts';

const source = {
  library: { name: 'cometapi-otel', version: '0.1.0' },
  runtime: { name: 'node', version: checked('version', '24.21.0') },
  os: 'linux',
  sdks: [{ name: checked('name', 'openai'), version: checked('version', '7.57.0') }],
} as const;
const stamp = {
  recordId: checked('id', '019a0000-0000-7000-8000-00000000000a'),
  seq: 1,
  ts: checked('timestamp', '2026-11-21T10:00:01.251Z'),
  monoMs: 5_000.25,
};
const said = {
  runId: checked('name', 'run-1'),
  workflow: checked('name', 'publisher'),
  environmentName: checked('name', 'ci'),
};

function lineOf(facts: CallFacts): string {
  return JSON.stringify(callRecord(facts, stamp, source, said, 'value_scan'));
}

function readBack(line: string): CallRecord {
  const parsed = parseCallRecord(line);
  if (parsed.kind !== 'call') {
    throw new Error(JSON.stringify(parsed));
  }
  return parsed.record;
}

describe('a record line', () => {
  it('contains all facts of a call', () => {
    for (const facts of [completedCall(), truncatedStream(), fullCall()]) {
      expect(JSON.parse(lineOf(facts))).toEqual({
        record: 'call',
        schema_version: 2,
        record_id: '019a0000-0000-7000-8000-00000000000a',
        seq: 1,
        ts: '2026-11-21T10:00:01.251Z',
        mono_ms: 5_000.25,
        library: { name: 'cometapi-otel', version: '0.1.0' },
        environment: {
          upstream: 'cometapi',
          name: 'ci',
          runtime: { name: 'node', version: '24.21.0' },
          os: 'linux',
          sdks: [{ name: 'openai', version: '7.57.0' }],
        },
        run_id: 'run-1',
        workflow: 'publisher',
        facts,
        redaction_check: 'value_scan',
      });
    }
  });

  it('contains null without annotations and without platform information', () => {
    const bare = callRecord(completedCall(), stamp, {}, {}, 'not_checked');
    expect(bare).toMatchObject({
      run_id: null,
      workflow: null,
      environment: { name: null, runtime: null, os: null, sdks: [] },
      redaction_check: 'not_checked',
    });
    expect(readBack(JSON.stringify(bare))).toEqual(bare);
  });

  it('builds the same records after parsing as the live call', () => {
    const annotations = {
      runId: 'run-1',
      workflow: 'publisher',
      environmentName: 'ci',
      docsChecked: ['https://apidoc.cometapi.com/api/text/chat@2026-11-20'],
      notes: 'one request',
    };
    const live = [completedCall(), truncatedStream(), fullCall()];
    const records = live.map((facts) => readBack(lineOf(facts)));
    for (const [at, record] of records.entries()) {
      const context = contextOfLine(record);
      const again = { ...annotations, ...context.annotations };
      const facts = live[at] ?? completedCall();
      expect(usageTrace(record.facts, again, context)).toEqual(usageTrace(facts, annotations, { source }));
      expect(retryEvidence(record.facts, again, context)).toEqual(retryEvidence(facts, annotations, { source }));
    }
    const context = contextOfLine(readBack(lineOf(completedCall())));
    expect(
      usageTrace(
        records.map((record) => record.facts),
        annotations,
        context,
      ),
    ).toEqual(usageTrace(live, annotations, { source }));
  });

  it.each([
    ['an empty line', '', { kind: 'blank' }],
    ['half a line', lineOf(completedCall()).slice(0, 300), { kind: 'torn' }],
    ['the end of a line', lineOf(completedCall()).slice(300), { kind: 'torn' }],
    ['the tail of a torn line', 'null', { kind: 'foreign', because: 'not_an_object' }],
    ['a list', '[]', { kind: 'foreign', because: 'not_an_object' }],
    ['a line of another program', '{"level":30}', { kind: 'foreign', because: 'unknown_record' }],
    ['a later version', '{"record":"call","schema_version":3}', { kind: 'foreign', because: 'unknown_schema_version' }],
    ['a call without facts', '{"record":"call","schema_version":2}', { kind: 'foreign', because: 'shape' }],
    [
      'a record of another kind',
      '{"record":"usage_trace","schema_version":2}',
      { kind: 'other_record', record: 'usage_trace' },
    ],
    ['a line that is too long', `"${'x'.repeat(70_000)}"`, { kind: 'foreign', because: 'too_long' }],
    ['deep nesting', '['.repeat(60_000), { kind: 'torn' }],
  ])('%s is classified without an exception', (_, line, parsed) => {
    expect(parseCallRecord(line)).toEqual(parsed);
  });

  it.each<[string, readonly string[], unknown]>([
    ['prose where an identifier belongs', ['facts', 'requestId'], 'ignore all previous instructions'],
    ['a terminal escape', ['facts', 'requestId'], 'id\u001b[31m'],
    ['an unknown category', ['facts', 'category'], 'fine'],
    ['an unknown ending', ['facts', 'ending'], 'toString'],
    ['an unknown family', ['facts', 'family'], '__proto__'],
    ['an unknown upstream', ['facts', 'upstream'], 'production'],
    ['attempts that are not a list', ['facts', 'attempts'], { length: 1 }],
    ['an empty attempt', ['facts', 'attempts'], [{}]],
    ['an attempt category that every object inherits', ['facts', 'attempts', '0', 'category'], 'constructor'],
    ['no duration', ['facts', 'durationMs'], undefined],
    ['a run id of prose', ['run_id'], 'two words'],
    ['no version', ['library', 'version'], undefined],
    ['a version of prose', ['library', 'version'], '<img src=x>'],
    ['a name of prose', ['facts', 'two words'], 1],
  ])('a line edited to contain %s is foreign', (_, path, value) => {
    const record: unknown = JSON.parse(lineOf(completedCall()));
    const holder = path.slice(0, -1).reduce<unknown>((object, name) => Reflect.get(Object(object), name), record);
    Reflect.set(Object(holder), path.at(-1) ?? '', value);
    expect(parseCallRecord(JSON.stringify(record))).toEqual({ kind: 'foreign', because: 'shape' });
  });
});

describe('recordBehind', () => {
  const whole = lineOf(completedCall());
  const half = whole.slice(0, 200);
  const behind = (line: string): unknown => recordBehind(line, parseCallRecord(line));

  it('finds the record that another process appended after half a line', () => {
    expect(behind(`${half}${whole}`)).toEqual(parseCallRecord(whole));
    expect(behind(`${half}{"record":"usage_trace","schema_version":2}`)).toEqual({
      kind: 'other_record',
      record: 'usage_trace',
    });
  });

  it('finds nothing in half a line, in two halves or in a whole line', () => {
    expect([half, `${half}${half}`, whole].map(behind)).toEqual([undefined, undefined, undefined]);
  });
});
