import { z } from 'zod';
import { REQUEST_FAMILIES } from '../../facts/endpoints';
import { SCHEMA_VERSION } from '../../records/shared/enums';
import { annotationText, count, id, identifier, milliseconds, name } from './leaves';
import {
  decision,
  decisionReason,
  delayOrigin,
  errorCategory,
  failureType,
  phase,
  requestIdSource,
  serverCode,
  upstream,
} from './words';

/** Fields that all records share. */
export const schemaVersion = z.literal(SCHEMA_VERSION);
export const redactionCheck = z.enum(['value_scan', 'canary_run', 'not_checked']);
export const resultClass = z.enum(['pass', 'fail', 'needs_follow_up']);
export const failureClass = z.enum([
  'none',
  'contract_mismatch',
  'auth_rejected',
  'unexpected_response',
  'operator_follow_up',
]);
const statusText = z.templateLiteral([z.int().min(100).max(999)]);
export const statusValue = z.union([
  statusText,
  z.enum(['timeout', 'connection_error', 'aborted', 'truncated', 'no_response']),
]);
export const statusClass = z.enum(['2xx', '4xx', '5xx', 'timeout', 'other']);
export const requestFamily = z.enum(REQUEST_FAMILIES);
export const uncertainty = z.enum([
  'docs_not_checked',
  'redaction_not_checked',
  'simulator_not_cometapi',
  'upstream_not_cometapi',
  'environment_not_declared',
  'model_not_verified',
  'usage_not_reported',
  'request_id_missing',
  'outcome_needs_follow_up',
  'error_category_unclear',
  'may_be_billed_twice',
  'settings_differ_between_calls',
  'claim_needs_evidence',
  'declared_value_dropped',
]);
export const excludedField = z.enum([
  'prompt',
  'response_body',
  'authorization',
  'headers',
  'query_values',
  'tool_arguments',
  'server_message',
]);
export const notAsserted = z.enum([
  'price',
  'quota',
  'rate_limit',
  'latency_target',
  'uptime',
  'model_availability',
  'production_readiness',
]);

export const documentation = z.strictObject({ url: identifier('docs_url'), accessed_on: identifier('date') });
/** A documentation page, or evidence from the CometAPI account. */
export const evidenceSource = z.union([z.literal('account'), identifier('docs_url')]);

export const library = z.strictObject({ name: z.string().max(214), version: z.string().max(64) });
const version = z.strictObject({ name, version: identifier('version') });
const runtime = z.strictObject({ name: z.enum(['node', 'bun', 'deno', 'other']), version: identifier('version') });
const os = z.enum(['linux', 'darwin', 'windows', 'other']);

export const settings = z.strictObject({
  max_attempts: count,
  retry: z.enum(['standard', 'safe']),
  header_timeout_ms: milliseconds,
  deadline_ms: milliseconds,
  idle_timeout_ms: milliseconds,
  max_stream_ms: milliseconds,
  max_retry_after_ms: milliseconds,
  backoff_base_ms: milliseconds,
  backoff_cap_ms: milliseconds,
  retry_budget: z.boolean(),
  max_connections: count,
  transport: z.enum(['fetch', 'dispatcher', 'node_http', 'custom_fetch']),
  telemetry: z.boolean(),
  propagate: z.boolean(),
  openai_compatible: z.boolean(),
});

export const environment = z.strictObject({
  upstream,
  name: name.nullable(),
  runtime: runtime.nullable(),
  os: os.nullable(),
  sdks: z.array(version),
});
export const environmentWithSettings = environment.extend({ settings });
/** The environment of a packet. A packet may have no call, so some fields are nullable. */
export const packetEnvironment = environment.extend({ upstream: upstream.nullable(), settings: settings.nullable() });

export const changedFiles = z.union([z.array(annotationText), count]).nullable();

/** @param result the enum of results for this kind of record */
export function handoff<Result extends z.ZodType, Uncertain extends z.ZodType>(result: Result, uncertain: Uncertain) {
  return z.strictObject({
    command_label: annotationText.nullable(),
    result,
    changed_files: changedFiles,
    remaining_uncertainty: z.array(uncertain),
  });
}

export const reportedUsage = z.union([
  z.literal('absent'),
  z.strictObject({
    input_tokens: count.nullable(),
    output_tokens: count.nullable(),
    total_tokens: count.nullable(),
    cache_read_input_tokens: count.nullable(),
    cache_creation_input_tokens: count.nullable(),
    reasoning_output_tokens: count.nullable(),
  }),
]);

export const recordedAttempt = z.strictObject({
  index: count,
  start_offset_ms: z.number(),
  duration_ms: milliseconds,
  status: statusValue,
  error_class: errorCategory,
  error_type: z.union([failureType, statusText]).nullable(),
  code: serverCode.nullable(),
  phase,
  decision,
  because: decisionReason,
  delay_ms: milliseconds.nullable(),
  delay_origin: delayOrigin.nullable(),
  retry_after_ms: milliseconds.nullable(),
  request_id: id.nullable(),
  request_id_source: requestIdSource.nullable(),
  maybe_sent_twice: z.boolean(),
  retry_budget_left: z.number().nullable(),
});

/** References to the calls of a record. */
export const callReferences = {
  call_ids: z.array(id),
  trace_id: id.nullable(),
  span_id: id.nullable(),
  library,
};
