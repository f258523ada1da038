import { z } from 'zod';
import type { RecordKind } from '../../records/shared/enums';
import { contractLedgerSchema } from './contract-ledger-schema';
import { environment, library, redactionCheck, schemaVersion } from './envelope-schema';
import { callFactsSchema } from './facts-schema';
import { incidentPacketSchema } from './incident-packet-schema';
import { incidentTimelineSchema } from './incident-timeline-schema';
import { count, id, name, timestamp } from './leaves';
import { retryEvidenceSchema } from './retry-evidence-schema';
import { runCardSchema } from './run-card-schema';
import { usageTraceSchema } from './usage-trace-schema';

/** One line of a record file. */
export const callRecordSchema = z.strictObject({
  record: z.literal('call'),
  schema_version: schemaVersion,
  record_id: id,
  seq: count,
  ts: timestamp,
  mono_ms: z.number(),
  library,
  environment,
  run_id: name.nullable(),
  workflow: name.nullable(),
  facts: callFactsSchema,
  redaction_check: redactionCheck,
});

/** The schema of each kind of record. Strict: unknown fields are rejected. */
export const RECORD_SCHEMAS = {
  call: callRecordSchema,
  usage_trace: usageTraceSchema,
  retry_evidence: retryEvidenceSchema,
  incident_packet: incidentPacketSchema,
  incident_timeline: incidentTimelineSchema,
  contract_ledger: contractLedgerSchema,
  run_card: runCardSchema,
} as const satisfies Readonly<Record<RecordKind, z.ZodType>>;

/** Returns the published JSON Schema (draft 2020-12) of a kind of record. */
export function jsonSchemaOf(kind: RecordKind): object {
  return z.toJSONSchema(RECORD_SCHEMAS[kind], { target: 'draft-2020-12', reused: 'ref' });
}
