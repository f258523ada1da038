import type { ErrorCategory } from '../../facts/enums';

/** A kind of request in a contract check. `observed_call` is an ordinary call of the service. */
export type ContractCheck =
  | 'minimum_payload'
  | 'missing_auth'
  | 'invalid_auth'
  | 'missing_required_field'
  | 'invalid_type'
  | 'unsupported_value'
  | 'oversize_payload'
  | 'observed_call';

export type NegativeCheck = Exclude<ContractCheck, 'minimum_payload' | 'observed_call'>;

/** The error categories that confirm each negative check. */
export const EXPECTED_REFUSAL: Readonly<Record<NegativeCheck, readonly ErrorCategory[]>> = {
  missing_auth: ['auth_rejected'],
  invalid_auth: ['auth_rejected'],
  missing_required_field: ['invalid_request'],
  invalid_type: ['invalid_request'],
  unsupported_value: ['invalid_request'],
  oversize_payload: ['payload_too_large', 'invalid_request'],
};

/** Failures that can be temporary, so they prove nothing about the contract. */
export const INCONCLUSIVE: readonly ErrorCategory[] = [
  'rate_limited',
  'quota',
  'server_error',
  'gateway_timeout',
  'timeout',
  'connection',
  'tls',
  'cancelled',
  'truncated_stream',
  'stream_idle',
];

/** Conclusions that must not be drawn from a ledger. */
export const NOT_INFERRED = [
  'current_pricing',
  'guaranteed_model_availability',
  'vendor_rankings_or_benchmark_standing',
  'exact_latency_guarantees',
  'universal_retry_safety',
  'unlimited_throughput',
  'undocumented_response_fields',
  'billing_from_one_response',
] as const;
export type NotInferred = (typeof NOT_INFERRED)[number];

/** Changes that need a new contract check. */
export const CHANGE_CONTROL = [
  'new_endpoint',
  'changed_request_fields',
  'newly_parsed_field',
  'changed_retry_or_timeout',
  'staging_to_production',
  'changed_account_credential_or_environment',
  'incident',
] as const;
export type ChangeEvent = (typeof CHANGE_CONTROL)[number];

/** A difference between documentation and live behavior. */
export type Disagreement =
  | 'minimum_payload_refused'
  | 'answer_has_another_shape'
  | 'parsed_field_missing'
  | 'mistake_accepted'
  | 'refused_as_something_else';

export type ContractArea =
  | 'endpoint_paths'
  | 'auth_headers'
  | 'request_fields'
  | 'response_fields'
  | 'error_behavior'
  | 'rate_limit_or_billing_assumptions';

/** The rows of the contract table, with the reason for each one. */
export const CONTRACT_AREAS: readonly { readonly area: ContractArea; readonly name: string; readonly why: string }[] = [
  {
    area: 'endpoint_paths',
    name: 'Endpoint paths',
    why: 'Prevents calls to stale, guessed, or example-only paths',
  },
  {
    area: 'auth_headers',
    name: 'Auth headers',
    why: 'Prevents avoidable 401/403 failures and accidental credential leakage',
  },
  {
    area: 'request_fields',
    name: 'Request fields',
    why: 'Keeps client validation aligned with the API contract',
  },
  {
    area: 'response_fields',
    name: 'Response fields',
    why: 'Avoids brittle parsing of undocumented or incidental fields',
  },
  {
    area: 'error_behavior',
    name: 'Error behavior',
    why: 'Lets the application distinguish retryable, user-correctable, and configuration errors',
  },
  {
    area: 'rate_limit_or_billing_assumptions',
    name: 'Rate-limit or billing assumptions',
    why: 'Prevents unsupported cost, capacity, or availability assumptions',
  },
];
