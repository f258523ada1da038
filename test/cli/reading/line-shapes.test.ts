import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallLine, parsedCallLine } from '../../../src/cli/reading/call-line';
import { LineShapes } from '../../../src/cli/reading/line-shapes';
import { oddField } from '../../../src/cli/reading/odd-field';
import { type CallRecord, callRecord } from '../../../src/records/call-line/call-record';
import { parseCallRecord } from '../../../src/records/call-line/parse-call-record';
import { checked, completedCall, fullCall } from '../../records/sample-facts';

const annotations = { runId: checked('name', 'run-1'), workflow: checked('name', 'nightly') };

function recordOf(seq: number, facts = fullCall()): CallRecord {
  const stamp = {
    recordId: checked('id', `019a0000-0000-7000-8000-${String(seq).padStart(12, '0')}`),
    seq,
    ts: checked('timestamp', '2026-11-21T10:00:00.000Z'),
    monoMs: seq / 8,
  };
  return callRecord(facts, stamp, {}, annotations, 'value_scan');
}

const linesOf = (...facts: readonly ReturnType<typeof fullCall>[]): readonly string[] =>
  facts.map((call, at) => JSON.stringify(recordOf(at + 1, call)));
const samples = linesOf(fullCall(), completedCall());

function learned(...lines: readonly string[]): LineShapes {
  const shapes = new LineShapes();
  for (const line of lines) {
    const parsed = parseCallRecord(line);
    if (parsed.kind === 'call') {
      shapes.learn(parsed.record, Buffer.from(line));
    }
  }
  return shapes;
}

function recognised(shapes: LineShapes, line: string): CallLine | undefined {
  // Bytes around it belong to other lines.
  const before = '…}\n';
  const bytes = Buffer.from(`${before}${line}\n{"record":"call"`);
  const start = Buffer.byteLength(before);
  return shapes.recognise(bytes, start, start + Buffer.byteLength(line));
}

const PLACES = ['record_id', 'run_id', 'workflow', 'facts.callId', 'facts.startedAt', 'facts.endedAt'] as const;

describe('a line of a known shape', () => {
  test('tells what parsing it would tell', () => {
    const shapes = learned(...samples);
    for (const [facts, seq] of [
      [fullCall(), 123_456],
      [completedCall(), 2],
    ] as const) {
      const record = recordOf(seq, { ...facts, durationMs: 0.125, callId: checked('id', `call-${seq}`) });
      const line = recognised(shapes, JSON.stringify(record));
      const whole = parsedCallLine(record);
      expect(line?.shape).toBeDefined();
      expect(line?.record).toEqual(JSON.parse(JSON.stringify(record)));
      expect(PLACES.map((path) => line?.text(path))).toEqual(PLACES.map((path) => whole.text(path)));
      expect([line?.number('seq'), line?.number('facts.durationMs')]).toEqual([seq, 0.125]);
      expect(line?.number('facts.response.usage.inputTokens')).toBe(whole.number('facts.response.usage.inputTokens'));
      // The words are those of the line that was learned.
      expect(line?.like.facts.endingReason).toBe(facts.endingReason);
      expect(line?.like.facts.settings).toEqual(facts.settings);
    }
  });

  test('also where another program has spelled it anew, with blanks', () => {
    const spaced = (line: string): string =>
      line.replaceAll(/([,:])(?=["\d[{tfn])/g, '$1 ').replaceAll(/(\d\d): (?=\d\d)/g, '$1:');
    const [line = ''] = samples;
    const other = spaced(JSON.stringify(recordOf(77)));
    expect(JSON.parse(other)).toEqual(JSON.parse(JSON.stringify(recordOf(77))));
    expect(recognised(learned(spaced(line)), other)?.number('seq')).toBe(77);
  });

  test.each([
    ['another word', '"ending":"completed"', '"ending":"failed"'],
    ['another number where none is open', '"schema_version":2', '"schema_version":3'],
    ['a text for a number', '"durationMs":', '"durationMs":"1","x":'],
    ['nothing for a text', '"run_id":"run-1"', '"run_id":null'],
    ['prose', '"run_id":"run-1"', '"run_id":"say hello"'],
    ['an escape', '"run_id":"run-1"', '"run_id":"run\\u002d1"'],
    ['a letter beyond ASCII', '"run_id":"run-1"', '"run_id":"rün-1"'],
    ['no moment', /"startedAt":"[^"]*"/, '"startedAt":"2026-13-40T10:00:00.000Z"'],
    ['a number in another spelling', '"seq":2', '"seq":2e0'],
    ['a number with a leading zero', '"seq":2', '"seq":02'],
    ['a negative one', '"seq":2', '"seq":-2'],
    ['a very long one', '"seq":2', '"seq":22222222222222222'],
    ['a point without digits', '"seq":2', '"seq":2.'],
    ['a blank', '{"record":', '{ "record":'],
    ['one field more', '"maybeSentTwice":false}', '"maybeSentTwice":false,"more":1}'],
  ])('with %s is not recognised', (_name, from, to) => {
    const [, line = ''] = samples;
    const shapes = learned(line);
    expect(recognised(shapes, line)).toBeDefined();
    const changed = line.replace(from, to);
    expect(changed).not.toBe(line);
    expect(recognised(shapes, changed)).toBeUndefined();
  });

  test('nor half a line, or one with another behind it', () => {
    const [, line = ''] = samples;
    const shapes = learned(...samples);
    for (const end of [0, 1, 100, line.length - 1]) {
      expect(recognised(shapes, line.slice(0, end))).toBeUndefined();
      expect(recognised(shapes, `${line.slice(0, end)}${line}`)).toEqual(end === 0 ? expect.anything() : undefined);
    }
  });

  test('whatever its bytes are, what is recognised is a call record that reads the same', () => {
    const shapes = learned(...samples);
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 32, max: 126 })), { minLength: 1, maxLength: 3 });
    let count = 0;
    fc.assert(
      fc.property(fc.constantFrom(...samples), edits, (sample, places) => {
        const bytes = Buffer.from(sample);
        for (const [at, code] of places) {
          bytes[at % bytes.length] = code;
        }
        const line = bytes.toString('utf8');
        const found = recognised(shapes, line);
        if (found !== undefined) {
          count++;
          const parsed = parseCallRecord(line);
          expect(parsed).toEqual({ kind: 'call', record: found.record });
          expect(oddField(found.record)).toBeUndefined();
          expect(parsed.kind === 'call' && parsedCallLine(parsed.record).text('facts.callId')).toBe(
            found.text('facts.callId'),
          );
        }
      }),
      { numRuns: 2_000 },
    );
    expect(count).toBeGreaterThan(20);
  });

  test('a file of lines that differ in everything is given up on', () => {
    const shapes = new LineShapes();
    const [line = ''] = samples;
    const parsed = parseCallRecord(line);
    if (parsed.kind !== 'call') {
      throw new Error('The sample is a call.');
    }
    for (let at = 0; at < 1_000; at++) {
      // Not as we spell it, so that nothing can be learned of it.
      shapes.learn(parsed.record, Buffer.from(`${line} `));
    }
    shapes.learn(parsed.record, Buffer.from(line));
    expect(recognised(shapes, line)).toBeUndefined();
  });
});
