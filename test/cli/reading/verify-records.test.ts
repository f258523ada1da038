import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyRecords } from '../../../src/cli/reading/verify-records';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { callRecord } from '../../../src/records/call-line/call-record';
import { checked, fullCall, madeUpKey } from '../../records/sample-facts';
import { temporaryFolder } from '../temporary-folder';

const path = join(temporaryFolder(), 'records.jsonl');
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
const whole = callRecord(fullCall(), stamp, source, annotations, 'value_scan');

/** Returns the path of every string in `value`. */
function textsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') {
    return [path];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => textsOf(inner, [...path, name]))
    : [];
}

/** Returns a copy of the record with `planted` at `path`. */
function withText(path: readonly string[], planted: string): object {
  const copy: object = JSON.parse(JSON.stringify(whole));
  let at = copy;
  for (const name of path.slice(0, -1)) {
    at = Reflect.get(at, name);
  }
  Reflect.set(at, path.at(-1) ?? '', planted);
  return copy;
}

describe('a secret in a call record', () => {
  const texts = textsOf(whole);

  test('is found by its shape in every string field', async () => {
    expect(texts.length).toBeGreaterThan(50);
    const missed: string[] = [];
    for (const field of texts) {
      // The first line is clean: values remembered from it must not hide the key in the second.
      writeFileSync(path, `${JSON.stringify(whole)}\n${JSON.stringify(withText(field, madeUpKey()))}\n`);
      const { problems } = verifyRecords([path], createRedactor());
      const reported = problems.first.filter(({ line }) => line === 2).map(({ kind }) => kind);
      // A key in an enum field makes the line invalid. It must be reported as a secret too.
      if (!reported.includes('secret')) {
        missed.push(field.join('.'));
      }
    }
    expect(missed).toEqual([]);
  });

  test('is found by its value on damaged, unknown and other lines', async () => {
    const secret = 'correct horse battery staple';
    const lines = ['{"record":"ca', '{"record":"usage_trace","schema_version":2,"notes":"', '{"note":"'];
    for (const line of lines) {
      writeFileSync(path, `${line}${secret}"}\n`);
      const { problems } = verifyRecords([path], createRedactor([secret]));
      expect(problems.first.map(({ kind, detail }) => [kind, detail])).toContainEqual([
        'secret',
        'somewhere in the line',
      ]);
    }
  });
});
