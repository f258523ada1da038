import type { FinishReason, RequestField, ServerCode, ServiceTier } from '../facts/words';

const SERVER_CODES: ReadonlySet<string> = new Set<ServerCode>([
  'invalid_request',
  'invalid_request_error',
  'invalid_api_key',
  'model_not_found',
  'context_length_exceeded',
  'insufficient_quota',
  'quota_exceeded',
  'insufficient_user_quota',
  'billing_hard_limit_reached',
  'rate_limit_exceeded',
  'server_error',
  'unknown_parameter',
  'missing_required_parameter',
  'content_filter',
]);

/** More values of `error.type` and `error.code` from OpenAI-compatible servers. Only the error object contains them. */
const ERROR_WORDS: ReadonlySet<string> = new Set([
  ...SERVER_CODES,
  'api_error',
  'authentication_error',
  'comet_api_error',
  'engine_overloaded',
  'invalid_type',
  'invalid_value',
  'new_api_error',
  'not_found_error',
  'overloaded_error',
  'permission_error',
  'rate_limit_error',
  'requests',
  'slow_down',
  'timeout_error',
  'tokens',
  'unsupported_parameter',
  'unsupported_value',
  'upstream_error',
]);

const FINISH_REASONS: ReadonlySet<string> = new Set<FinishReason>([
  'stop',
  'length',
  'content_filter',
  'tool_calls',
  'function_call',
  'completed',
  'incomplete',
  'failed',
  'cancelled',
  'max_output_tokens',
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
]);

const SERVICE_TIERS: ReadonlySet<string> = new Set<ServiceTier>(['auto', 'default', 'flex', 'scale', 'priority']);

const REQUEST_FIELDS: ReadonlySet<string> = new Set<RequestField>([
  'model',
  'messages',
  'input',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'n',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'response_format',
  'text',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'reasoning_effort',
  'logprobs',
  'top_logprobs',
  'seed',
  'stop',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'user',
  'metadata',
  'store',
  'service_tier',
  'instructions',
  'previous_response_id',
  'conversation',
  'include',
  'truncation',
  'prompt_cache_key',
  'safety_identifier',
  'modalities',
  'audio',
  'prediction',
  'verbosity',
  'background',
]);

/** Returns a known enum value, `_OTHER` for any other text, and `undefined` for an empty text or another type. */
function closed<Word extends string>(value: unknown, words: ReadonlySet<string>): Word | '_OTHER' | undefined {
  if (typeof value !== 'string' || value === '') {
    return undefined;
  }
  // Membership in the set proves the type.
  return words.has(value) ? (value as Word) : '_OTHER';
}

export const serverCode = (value: unknown): ServerCode | undefined => closed<ServerCode>(value, SERVER_CODES);
export const finishReason = (value: unknown): FinishReason | undefined => closed<FinishReason>(value, FINISH_REASONS);
export const serviceTier = (value: unknown): ServiceTier | undefined => closed<ServiceTier>(value, SERVICE_TIERS);

export function isErrorWord(word: string): boolean {
  return ERROR_WORDS.has(word);
}

export function isRequestField(name: string): name is RequestField {
  return REQUEST_FIELDS.has(name);
}
