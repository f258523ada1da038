import { schemaProblems } from '../../src/cli/schemas/schema-problems';
import type { CallRecord } from '../../src/records/call-line/call-record';
import type { ContractLedger } from '../../src/records/contract-ledger/contract-ledger';
import type { IncidentPacket } from '../../src/records/incident-packet/incident-packet';
import type { IncidentTimeline } from '../../src/records/incident-timeline/incident-timeline';
import type { RetryEvidence } from '../../src/records/retry-evidence/retry-evidence';
import type { RunCard } from '../../src/records/run-card/run-card';
import type { UsageTrace } from '../../src/records/usage-trace/usage-trace';

interface Records {
  readonly call: CallRecord;
  readonly usage_trace: UsageTrace;
  readonly retry_evidence: RetryEvidence;
  readonly incident_packet: IncidentPacket;
  readonly incident_timeline: IncidentTimeline;
  readonly contract_ledger: ContractLedger;
  readonly run_card: RunCard;
}

/** Returns `value` as a record. Throws with the names of the fields that do not match the schema. */
export function parseRecord<Kind extends keyof Records>(kind: Kind, value: unknown): Records[Kind] {
  const problems = schemaProblems(kind, value);
  if (problems.length > 0) {
    throw new Error(problems.map(({ path, code }) => `${path.join('.')}: ${code}`).join(', '));
  }
  // The schema is generated from the type.
  return value as Records[Kind];
}
