import { z } from 'zod';
import {
  callReferences,
  documentation,
  environmentWithSettings,
  evidenceSource,
  excludedField,
  handoff,
  recordedAttempt,
  redactionCheck,
  schemaVersion,
  statusValue,
  uncertainty,
} from './envelope-schema';
import { annotationText, count, digits, name, timestamp } from './leaves';
import { endpointFamily, errorCategory } from './words';

const yesOrNo = z.enum(['yes', 'no']);
const passOrFail = z.enum(['pass', 'fail']);

export const retryEvidenceSchema = z.strictObject({
  record: z.literal('retry_evidence'),
  schema_version: schemaVersion,
  run_id: name.nullable(),
  recorded_at_utc: timestamp,
  endpoint_family: endpointFamily,
  docs_checked: z.string().max(16_384),
  attempt_count: digits,
  first_attempt_status: statusValue,
  retry_status: z.union([statusValue, z.literal('not_retried')]),
  terminal_status: statusValue,
  retry_count: digits,
  error_category: errorCategory,
  secret_redaction_checked: yesOrNo,
  full_response_stored: yesOrNo,
  operator_result: passOrFail,
  operator_result_source: z.enum(['declared', 'computed']),
  operator_note: annotationText.nullable(),
  ran_by: z.strictObject({
    kind: z.enum(['ci', 'command', 'not_stated']),
    provider: name.nullable(),
    workflow: annotationText.nullable(),
    job: annotationText.nullable(),
    step: annotationText.nullable(),
    run_id: name.nullable(),
    command_label: annotationText.nullable(),
  }),
  excluded_fields: z.array(excludedField),
  escalate: z.array(
    z.enum(['attempts_ended_differently', 'error_category_unclear', 'redaction_not_proved', 'model_not_verified']),
  ),
  attempts: z.array(recordedAttempt),
  sources: z.array(documentation),
  evidence: evidenceSource.nullable(),
  workflow: name.nullable(),
  model_verified_by: evidenceSource.nullable(),
  outer_retry_count: count,
  redaction_check: redactionCheck,
  ...callReferences,
  environment: environmentWithSettings,
  handoff: handoff(passOrFail, uncertainty),
});
