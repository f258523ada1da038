import { callRecord } from '../../../src/records/call-line/call-record';
import { contractLedger } from '../../../src/records/contract-ledger/contract-ledger';
import { incidentPacket } from '../../../src/records/incident-packet/incident-packet';
import { draftIncidentTimeline } from '../../../src/records/incident-timeline/incident-timeline';
import { retryEvidence } from '../../../src/records/retry-evidence/retry-evidence';
import { runCard } from '../../../src/records/run-card/run-card';
import type { RecordKind } from '../../../src/records/shared/enums';
import { usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { ANNOTATIONS, allChecks, positive } from '../../records/contract-samples';
import { checked, completedCall, fullCall, limitedAttempt } from '../../records/sample-facts';

const stamp = {
  recordId: checked('id', 'record-1'),
  seq: 1,
  ts: checked('timestamp', '2026-11-21T10:00:00.000Z'),
  monoMs: 1.5,
};

export const FAILED_CALL = completedCall({
  ending: 'failed',
  endingReason: 'stream_truncated',
  category: 'truncated_stream',
  errorType: 'stream_truncated',
  stream: true,
  phase: 'stream',
  attempts: [limitedAttempt()],
});
const calls = [fullCall(), FAILED_CALL];

const said = {
  docsChecked: ['https://apidoc.cometapi.com/@2026-11-20'],
  notes: 'a note',
  runId: 'run-1',
  environmentName: 'ci',
  evidence: 'account',
  commandLabel: 'nightly',
  changedFiles: ['src/main.ts'],
};
const run = { provider: 'github-actions', workflow: 'ci', job: 'test', step: 'smoke', runId: '7' };
const shared = { ...said, workflow: 'nightly-summary', modelVerifiedBy: 'account', ranBy: run };
const reviewed = { ...shared, agent: { surface: 'codex', version: '0.169.0' }, instructionsReviewed: true };
const incident = {
  ...said,
  incidentId: 'INC-7',
  workflow: 'nightly summary',
  symptom: 'Summaries are empty.',
  question: 'Is a 503 expected?',
  verifiedModel: 'gpt-5-mini',
  verifiedBy: 'account',
  links: ['https://example.com/runbook'],
  guesses: ['The retries are too close.'],
};

const source = {
  runtime: { name: 'node', version: checked('version', '24.21.0') },
  os: 'linux',
  sdks: [{ name: checked('name', 'openai'), version: checked('version', '7.57.0') }],
} as const;
const declared = {
  runId: checked('name', 'run-1'),
  workflow: checked('name', 'nightly'),
  environmentName: checked('name', 'ci'),
};

/** Records as JSON values. The first of each kind has as few `null` fields as possible. */
export const SAMPLES: readonly (readonly [RecordKind, readonly object[]])[] = [
  ['call', calls.map((facts) => callRecord(facts, stamp, source, declared, 'value_scan'))],
  ['usage_trace', [usageTrace(calls, reviewed, { source }), usageTrace(completedCall())]],
  ['retry_evidence', [...calls.map((facts) => retryEvidence(facts, shared, { source })), retryEvidence(FAILED_CALL)]],
  ['incident_packet', [incidentPacket(calls, incident, { source }), incidentPacket([])]],
  ['incident_timeline', [draftIncidentTimeline(calls, { ...shared, incidentId: 'INC-7' }, { source })('not_checked')]],
  [
    'contract_ledger',
    [contractLedger([positive({ id: 'x' }), ...allChecks()], { ...said, ...ANNOTATIONS }, { source })],
  ],
  [
    'run_card',
    [
      runCard(
        calls,
        { ...reviewed, decision: 'Keep the model.', approvedBy: 'AB' },
        { source, assertions: [{ assertion: 'api_surface_reached', met: 'yes' }] },
      ),
    ],
  ],
].map(([kind, records]) => [kind as RecordKind, JSON.parse(JSON.stringify(records))]);
