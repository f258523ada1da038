import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callRecord } from '../../src/records/call-line/call-record';
import { contractLedger } from '../../src/records/contract-ledger/contract-ledger';
import { incidentPacket } from '../../src/records/incident-packet/incident-packet';
import { draftIncidentTimeline } from '../../src/records/incident-timeline/incident-timeline';
import { retryEvidence } from '../../src/records/retry-evidence/retry-evidence';
import { runCard } from '../../src/records/run-card/run-card';
import type { Annotations } from '../../src/records/shared/annotations';
import { usageTrace } from '../../src/records/usage-trace/usage-trace';
import { ANNOTATIONS, allChecks, positive } from './contract-samples';
import { checked, fullCall } from './sample-facts';

const page = readFileSync('docs/records.md', 'utf8');

const source = {
  runtime: { name: 'node', version: checked('version', '24.21.0') },
  os: 'linux',
  sdks: [{ name: checked('name', 'openai'), version: checked('version', '7.57.0') }],
} as const;
const annotations: Annotations = { docsChecked: ['https://apidoc.cometapi.com/@2026-11-20'] };
const fullFailure = { ...fullCall(), ending: 'failed', category: 'rate_limited' } as const;
const stamp = {
  recordId: checked('id', 'record-1'),
  seq: 1,
  ts: checked('timestamp', '2026-11-21T10:00:00.000Z'),
  monoMs: 1,
};

/** Returns the names in the first column of the table under `heading`. */
function documented(heading: string): readonly string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

/** Returns the paths of all leaves. A list of objects is `name[]`; a list of strings is `name`. */
function fieldsOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item !== 'object')
      ? [path]
      : [...new Set(value.flatMap((item) => fieldsOf(item, `${path}[]`)))];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => fieldsOf(inner, path === '' ? name : `${path}.${name}`))
    : [path];
}

describe('docs/records.md', () => {
  it.each([
    ['Call line', callRecord(fullCall(), stamp, source, {}, 'value_scan')],
    ['Usage trace', usageTrace(fullCall(), annotations, { source })],
    ['Retry evidence', retryEvidence(fullCall(), annotations, { source })],
    ['Incident packet', incidentPacket(fullCall(), annotations, { source })],
    ['Incident timeline', draftIncidentTimeline([fullCall()], annotations, { source })('not_checked')],
    ['Contract ledger', contractLedger([positive({ id: 'x' }), ...allChecks()], ANNOTATIONS, { source })],
    [
      'Run card',
      runCard([fullFailure], annotations, { source, assertions: [{ assertion: 'timestamp_recorded', met: 'yes' }] }),
    ],
  ])('the table of "%s" contains every field and no other', (heading, record) => {
    expect([...documented(heading)].sort()).toEqual([...fieldsOf(record)].sort());
  });

  it('explains every value of remaining_uncertainty and no other', () => {
    const text = readFileSync('src/records/shared/enums.ts', 'utf8');
    const union = text.slice(text.indexOf('export type Uncertainty'));
    const words = [...union.slice(0, union.indexOf(';')).matchAll(/'([a-z_]+)'/g)].map(([, word = '']) => word);
    expect(words).toHaveLength(14);
    expect([...documented('Remaining uncertainty')].sort()).toEqual(words.sort());
  });

  it('uses a sample with every optional fact', () => {
    const declaration = readFileSync('src/facts/call-facts.ts', 'utf8');
    const names = [...declaration.matchAll(/readonly (\w+)\??:/g)].map(([, name = '']) => name);
    const sampled = fieldsOf(fullCall()).flatMap((path) => path.split(/[.[\]]+/));
    expect(names.filter((name) => !sampled.includes(name))).toEqual([]);
  });
});
