import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonSchemaOf, RECORD_SCHEMAS } from '../../../src/cli/schemas/record-schemas';
import { callRecord } from '../../../src/records/call-line/call-record';
import { contractLedger } from '../../../src/records/contract-ledger/contract-ledger';
import { incidentPacket } from '../../../src/records/incident-packet/incident-packet';
import { draftIncidentTimeline } from '../../../src/records/incident-timeline/incident-timeline';
import { retryEvidence } from '../../../src/records/retry-evidence/retry-evidence';
import { runCard } from '../../../src/records/run-card/run-card';
import type { RecordKind } from '../../../src/records/shared/enums';
import { usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { ANNOTATIONS, allChecks, positive } from '../../records/contract-samples';
import { checked, completedCall, fullCall, limitedAttempt, madeUpKey } from '../../records/sample-facts';

const stamp = {
  recordId: checked('id', 'record-1'),
  seq: 1,
  ts: checked('timestamp', '2026-11-21T10:00:00.000Z'),
  monoMs: 1.5,
};
const failed = completedCall({
  ending: 'failed',
  endingReason: 'stream_truncated',
  category: 'truncated_stream',
  errorType: 'stream_truncated',
  stream: true,
  phase: 'stream',
  attempts: [limitedAttempt()],
});
const said = { docsChecked: ['https://apidoc.cometapi.com/@2026-11-20'], notes: 'a note', runId: 'run-1' };
const source = {
  runtime: { name: 'node', version: checked('version', '24.21.0') },
  os: 'linux',
  sdks: [{ name: checked('name', 'openai'), version: checked('version', '7.57.0') }],
} as const;

const SAMPLES: readonly (readonly [RecordKind, readonly object[]])[] = [
  ['call', [fullCall(), failed].map((facts) => callRecord(facts, stamp, source, {}, 'value_scan'))],
  ['usage_trace', [usageTrace([fullCall(), failed], said, { source }), usageTrace(completedCall())]],
  ['retry_evidence', [fullCall(), failed].map((facts) => retryEvidence(facts, said, { source }))],
  [
    'incident_packet',
    [
      incidentPacket([fullCall(), failed], { ...said, verifiedModel: 'm', verifiedBy: 'account' }, { source }),
      incidentPacket([]),
    ],
  ],
  ['incident_timeline', [draftIncidentTimeline([fullCall(), failed], said, { source })('not_checked')]],
  ['contract_ledger', [contractLedger([positive({ id: 'x' }), ...allChecks()], ANNOTATIONS, { source })]],
  ['run_card', [runCard([fullCall(), failed], said, { source })]],
];

describe('schemas of records', () => {
  test.each(SAMPLES)('%s: the built record is valid and parses to the same value', (kind, records) => {
    for (const record of records) {
      const line: unknown = JSON.parse(JSON.stringify(record));
      expect(RECORD_SCHEMAS[kind].parse(line)).toEqual(line);
    }
  });

  test.each(SAMPLES)('%s: rejects an extra field, a missing field, and prose in a fact', (kind, [record]) => {
    const line = JSON.parse(JSON.stringify(record));
    const isValid = (value: unknown): boolean => RECORD_SCHEMAS[kind].safeParse(value).success;
    expect(isValid({ ...line, prompt: 'x' })).toBe(false);
    const { redaction_check: _left, ...less } = line;
    expect(isValid(less)).toBe(false);
    const library = { ...line.library, prompt: 'x' };
    expect(isValid({ ...line, library })).toBe(false);
    expect(isValid({ ...line, run_id: 'some free prose', incident_id: 'some free prose' })).toBe(false);
  });

  test('rejects a wrong route, such as the path of a documentation page', () => {
    const packet = incidentPacket(completedCall());
    const at = (route_template: string): boolean =>
      RECORD_SCHEMAS.incident_packet.safeParse({ ...packet, route_template }).success;
    expect([at('/v1/responses'), at('/api/text/chat')]).toEqual([true, false]);
  });

  test.each(Object.keys(RECORD_SCHEMAS) as RecordKind[])(
    '%s: the published schema allows no extra fields at any level',
    (kind) => {
      const open: string[] = [];
      const visit = (value: unknown, path: string): void => {
        if (typeof value !== 'object' || value === null) {
          return;
        }
        if (Reflect.get(value, 'type') === 'object' && Reflect.get(value, 'additionalProperties') !== false) {
          open.push(path);
        }
        for (const [name, inner] of Object.entries(value)) {
          visit(inner, `${path}/${name}`);
        }
      };
      const schema = jsonSchemaOf(kind);
      visit(schema, '');
      expect(open).toEqual([]);
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { record: { const: kind }, schema_version: { const: 2 } },
      });
    },
  );

  test('any text of the operator produces a valid packet, trace and ledger', () => {
    const key = madeUpKey();
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constant(key),
      fc.constant('price '.repeat(90)),
    );
    fc.assert(
      fc.property(text, (value) => {
        const packet = incidentPacket(failed, {
          incidentId: value,
          workflow: value,
          symptom: value,
          question: value,
          guesses: [value],
          links: [value],
          notes: value,
          environmentName: value,
          commandLabel: value,
          changedFiles: [value],
        });
        const trace = usageTrace(failed, { notes: value, workflow: value, changedFiles: [value] });
        const ledger = contractLedger(allChecks(), {
          businessOwner: value,
          operatorInitials: value,
          endpoints: [
            { route: '/v1/chat/completions', purpose: value, parsedResponseFields: [value], openAssumptions: [value] },
          ],
        });
        RECORD_SCHEMAS.incident_packet.parse(JSON.parse(JSON.stringify(packet)));
        RECORD_SCHEMAS.usage_trace.parse(JSON.parse(JSON.stringify(trace)));
        RECORD_SCHEMAS.contract_ledger.parse(JSON.parse(JSON.stringify(ledger)));
      }),
      { numRuns: 100 },
    );
  });
});
