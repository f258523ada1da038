import type { RequestFamily } from '../../facts/endpoints';
import type { ErrorCategory, StatusText } from '../../facts/enums';

/** The version of the shape of every record. It increases if a field is removed or changes its meaning. */
export const SCHEMA_VERSION = 2;

export type RecordKind =
  | 'call'
  | 'usage_trace'
  | 'retry_evidence'
  | 'incident_packet'
  | 'incident_timeline'
  | 'contract_ledger'
  | 'run_card';

/** The check that found no active secret in a record. `not_checked` means that no check ran. */
export type RedactionCheck = 'value_scan' | 'canary_run' | 'not_checked';

export type ResultClass = 'pass' | 'fail' | 'needs_follow_up';
export type FailureClass =
  | 'none'
  | 'contract_mismatch'
  | 'auth_rejected'
  | 'unexpected_response'
  | 'operator_follow_up';

export interface Outcome {
  readonly resultClass: ResultClass;
  readonly failureClass: FailureClass;
}

/** The status as text, or the failure that replaces it. */
export type StatusValue = StatusText | 'timeout' | 'connection_error' | 'aborted' | 'truncated' | 'no_response';

export type ContractCheckFamily = `${RequestFamily}-contract-check`;

const contractMismatch: Outcome = { resultClass: 'fail', failureClass: 'contract_mismatch' };
const authRejected: Outcome = { resultClass: 'fail', failureClass: 'auth_rejected' };
const followUp: Outcome = { resultClass: 'needs_follow_up', failureClass: 'operator_follow_up' };
const unexpected: Outcome = { resultClass: 'fail', failureClass: 'unexpected_response' };

export const OUTCOMES = {
  pass: { resultClass: 'pass', failureClass: 'none' },
  contractMismatch,
  authRejected,
  unexpected,
  followUp,
} as const satisfies Readonly<Record<string, Outcome>>;

/** The outcome of a failed call by category. A failed call without a category needs a person to check it. */
export const OUTCOME_OF_FAILURE: Readonly<Record<ErrorCategory, Outcome>> = {
  none: followUp,
  invalid_request: contractMismatch,
  path_or_base_url: contractMismatch,
  not_found: contractMismatch,
  payload_too_large: contractMismatch,
  auth_rejected: authRejected,
  unexpected_response: unexpected,
  truncated_stream: unexpected,
  stream_idle: unexpected,
  permission_denied: followUp,
  model_unavailable: followUp,
  rate_limited: followUp,
  quota: followUp,
  server_error: followUp,
  gateway_timeout: followUp,
  timeout: followUp,
  connection: followUp,
  tls: followUp,
  cancelled: followUp,
  unknown: followUp,
};

export function isErrorCategory(value: unknown): value is ErrorCategory {
  return typeof value === 'string' && Object.hasOwn(OUTCOME_OF_FAILURE, value);
}

/** The value for an attempt without a final status: no response arrived, or a 2xx body ended early. */
export const STATUS_VALUE_OF_FAILURE: Readonly<Partial<Record<ErrorCategory, StatusValue>>> = {
  timeout: 'timeout',
  stream_idle: 'timeout',
  connection: 'connection_error',
  tls: 'connection_error',
  cancelled: 'aborted',
  truncated_stream: 'truncated',
};

/** Claims that a usage trace never makes. */
export const NOT_ASSERTED = [
  'price',
  'quota',
  'rate_limit',
  'latency_target',
  'uptime',
  'model_availability',
  'production_readiness',
] as const;
export type NotAsserted = (typeof NOT_ASSERTED)[number];

/** Content that no record has a field for. */
export const EXCLUDED_FIELDS = [
  'prompt',
  'response_body',
  'authorization',
  'headers',
  'query_values',
  'tool_arguments',
  'server_message',
] as const;
export type ExcludedField = (typeof EXCLUDED_FIELDS)[number];

/** Reasons why a person should check the run before it continues. */
export type EscalationReason =
  | 'attempts_ended_differently'
  | 'error_category_unclear'
  | 'redaction_not_proved'
  | 'model_not_verified';

/** Open questions for the next operator. */
export type Uncertainty =
  | 'docs_not_checked'
  | 'redaction_not_checked'
  | 'simulator_not_cometapi'
  | 'upstream_not_cometapi'
  | 'environment_not_declared'
  | 'model_not_verified'
  | 'usage_not_reported'
  | 'request_id_missing'
  | 'outcome_needs_follow_up'
  | 'error_category_unclear'
  | 'may_be_billed_twice'
  | 'settings_differ_between_calls'
  | 'claim_needs_evidence'
  | 'declared_value_dropped';
