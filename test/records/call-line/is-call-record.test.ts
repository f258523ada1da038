import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callRecord } from '../../../src/records/call-line/call-record';
import { isCallRecord } from '../../../src/records/call-line/is-call-record';
import { parseCallRecord } from '../../../src/records/call-line/parse-call-record';
import { isPlainJson } from '../../../src/records/call-line/plain-text';
import { checked, fullCall, madeUpKey } from '../sample-facts';

const stamp = {
  recordId: checked('id', '019a0000-0000-7000-8000-000000000001'),
  seq: 1,
  ts: checked('timestamp', '2026-11-21T10:00:00.000Z'),
  monoMs: 1,
};
const source = {
  runtime: { name: 'node', version: checked('version', '24.21.0') },
  os: 'linux',
  sdks: [{ name: checked('name', 'openai'), version: checked('version', '7.57.0') }],
} as const;
const annotations = {
  runId: checked('name', 'run-1'),
  workflow: checked('name', 'nightly'),
  environmentName: checked('name', 'ci'),
};
/** Every optional field is present. */
const whole: unknown = JSON.parse(JSON.stringify(callRecord(fullCall(), stamp, source, annotations, 'value_scan')));

type Path = readonly string[];

/** Returns the path and the value of every leaf. */
function leavesOf(value: unknown, path: Path = []): readonly (readonly [path: Path, value: unknown])[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
    : [[path, value]];
}

function withValue(path: Path, planted: unknown): object {
  const copy: object = structuredClone(Object(whole));
  const holder = path.slice(0, -1).reduce<object>((at, name) => Reflect.get(at, name), copy);
  Reflect.set(holder, path.at(-1) ?? '', planted);
  return copy;
}

/** Parses the line as `readRecordFiles` does. */
function kindOf(line: string): string {
  const isAscii = /^[\0-\x7f]*$/.test(line);
  return parseCallRecord(line, isAscii && isPlainJson(line)).kind;
}

const leaves = leavesOf(whole);
const strings = leaves.filter(([, value]) => typeof value === 'string').map(([path]) => path);
const isIdentifier = (path: Path): boolean =>
  /^(?:.*[iI]d|run_id|workflow|model|serverAddress|urlFull|systemFingerprint|value|version|name)$/.test(
    path.at(-1) ?? '',
  ) && path.join('.') !== 'environment.runtime.name';

describe('a call record', () => {
  test('is valid with every optional field', () => {
    expect(strings.length).toBeGreaterThan(50);
    expect(isCallRecord(whole)).toBe(true);
    expect(kindOf(JSON.stringify(whole))).toBe('call');
    expect(kindOf(JSON.stringify(whole, null, 1).replaceAll('\n', ' '))).toBe('call');
  });

  test.each([
    ['prose', 'Summarize the contract with Acme.'],
    ['an escape sequence', 'gpt\u001b[2J'],
    ['a C1 control character', 'gpt\u009b2J'],
    ['a delete character', 'gpt\u007f'],
    ['a bidirectional mark', 'gpt\u202e5'],
    ['an invisible character', 'gpt\u200b5'],
    ['a letter beyond ASCII', 'gpté'],
    ['a line end', 'gpt\n5'],
    ['markup', '<img>'],
    ['a quote', 'a"b'],
    ['nothing', ''],
    ['a very long text', 'x'.repeat(2_000)],
    ['a number', 1],
    ['null in a list', [null]],
  ])('is invalid with %s in any string field', (_name, planted) => {
    const accepted = strings.filter((path) => {
      // Attributes may be numbers.
      const isAllowed = typeof planted === 'number' && path.at(-1) === 'value';
      return !isAllowed && kindOf(JSON.stringify(withValue(path, planted))) === 'call';
    });
    expect(accepted).toEqual([]);
  });

  test('is invalid with a key in a field of enum values', () => {
    const enums = strings.filter((path) => !isIdentifier(path));
    expect(enums.length).toBeGreaterThan(30);
    for (const key of [
      madeUpKey(),
      'sk-abcdef',
      `${randomBytes(15).toString('hex')}1a`,
      randomBytes(24).toString('base64url'),
    ]) {
      expect(enums.filter((path) => kindOf(JSON.stringify(withValue(path, key))) === 'call')).toEqual([]);
    }
  });

  test('is valid with an enum value of a later version, except where builders look the value up', () => {
    const strict = ['record', 'family', 'ending', 'category', 'upstream'];
    const rejected = strings.filter(
      (path) => !isIdentifier(path) && kindOf(JSON.stringify(withValue(path, 'value_of_tomorrow'))) !== 'call',
    );
    const names = new Set(rejected.map((path) => path.at(-1)));
    expect([...names].filter((name) => !/At$|^ts$/.test(name ?? '')).sort()).toEqual([...strict].sort());
  });

  test.each([
    ['a string', '"1"'],
    ['infinity', '1e999'],
    ['null', 'null'],
    ['a list', '[1]'],
  ])('is invalid with %s in any number or boolean field', (_name, json) => {
    const marker = '"planted"';
    const accepted = leaves.filter(([path, value]) => {
      const isAllowed = typeof value === 'string' || typeof value === 'object' || path.at(-1) === 'schema_version';
      const line = JSON.stringify(withValue(path, 'planted')).replace(marker, json);
      return !isAllowed && kindOf(line) === 'call';
    });
    expect(accepted).toEqual([]);
  });

  test('is invalid without a required field', () => {
    const required = Object.keys(Object(whole));
    expect(
      required.filter((name) => kindOf(JSON.stringify({ ...Object(whole), [name]: undefined })) === 'call'),
    ).toEqual([]);
  });

  test('may have unknown fields, unless they contain prose or markup', () => {
    expect(kindOf(JSON.stringify({ ...Object(whole), client_name: 'some-name' }))).toBe('call');
    for (const facts of [{ remark: 'some words' }, { 'two words': 1 }, { remark: { deep: ['\u202e'] } }]) {
      expect(kindOf(JSON.stringify(withValue(['facts', 'extra'], facts)))).toBe('foreign');
    }
  });

  test('is invalid, and not an error, if it is nested very deeply', () => {
    const deep = `${'['.repeat(25_000)}${']'.repeat(25_000)}`;
    const line = JSON.stringify(withValue(['facts', 'extra'], 0)).replace('"extra":0', `"extra": ${deep}`);
    expect(line.length).toBeLessThan(65_536);
    expect(parseCallRecord(line)).toEqual({ kind: 'foreign', because: 'shape' });
  });

  test.each(['ts', 'startedAt', 'endedAt'])('is valid only if %s is a UTC timestamp', (name) => {
    const path = name === 'ts' ? [name] : ['facts', name];
    const kind = (time: string): string => kindOf(JSON.stringify(withValue(path, time)));
    const times = fc
      .date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
    fc.assert(
      fc.property(times, (time) => {
        expect(kind(time)).toBe('call');
      }),
    );
    for (const time of [
      'yesterday',
      '2026-13-01T00:00:00Z',
      '2026-11-21T24:00:00Z',
      '2026-11-21',
      '2026-11-21T10:60:00Z',
    ]) {
      expect(kind(time)).toBe('foreign');
    }
  });
});
