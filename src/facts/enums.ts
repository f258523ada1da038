/** Enum values. This file lists every value that can reach a span, a metric, a log line or a record. */

/** How a call ended. Every call has exactly one ending. */
export const ENDINGS = ['completed', 'failed', 'cancelled', 'abandoned'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Why a call ended. */
export const ENDING_REASONS = [
  // completed
  'terminal_event',
  'body_complete',
  'no_body',
  // failed
  'http_status',
  'redirect',
  'connection',
  'header_timeout',
  'body_timeout',
  'deadline',
  'queue_deadline',
  'configuration',
  'body_error',
  'unexpected_response',
  'response_too_large',
  'stream_truncated',
  'stream_idle_timeout',
  'max_stream_duration',
  'stream_error_event',
  'response_failed',
  // cancelled
  'caller_abort',
  'consumer_cancel',
  // abandoned
  'never_read',
  'garbage_collected',
  'process_exit',
] as const;
export type EndingReason = (typeof ENDING_REASONS)[number];

/** The methods of the HTTP semantic conventions. `_OTHER` is any other method. */
export const HTTP_METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  '_OTHER',
] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** The server behind the base URL. The simulator is always `simulator`, so its records never count as `cometapi`. */
export const UPSTREAMS = ['cometapi', 'simulator', 'other'] as const;
export type Upstream = (typeof UPSTREAMS)[number];

/**
 * An HTTP status as text, for example `"429"`.
 *
 * @pattern ^[1-9][0-9]{2}$
 */
export type StatusText = `${number}`;

/** The `error.type` values for failures without an HTTP status. */
export const FAILURE_TYPES = [
  'timeout',
  'connection_refused',
  'connection_reset',
  'dns_error',
  'tls_error',
  'network_error',
  'protocol_error',
  'response_too_large',
  'stream_truncated',
  'stream_idle_timeout',
  '_OTHER',
] as const;
export type FailureType = (typeof FAILURE_TYPES)[number];

/** `error.type` of spans and metrics: the status as text, or an enum value. */
export type ErrorType = StatusText | FailureType;

/** The kind of a failure. Use it to select a reaction. */
export const ERROR_CATEGORIES = [
  'none',
  'invalid_request',
  'auth_rejected',
  'permission_denied',
  'path_or_base_url',
  'not_found',
  'model_unavailable',
  'rate_limited',
  'quota',
  'payload_too_large',
  'server_error',
  'gateway_timeout',
  'timeout',
  'connection',
  'tls',
  'unexpected_response',
  'truncated_stream',
  'stream_idle',
  'cancelled',
  'unknown',
] as const;
export type ErrorCategory = (typeof ERROR_CATEGORIES)[number];

/** The step that a call or an attempt had reached. */
export const PHASES = ['queue', 'wait', 'connect', 'headers', 'body', 'stream'] as const;
export type Phase = (typeof PHASES)[number];

/** The coding agent or SDK that sent a request, according to its headers. `_OTHER` is any other. */
export const AGENT_NAMES = [
  'codex',
  'opencode',
  'qwen-code',
  'pi',
  'cline',
  'continue',
  'copilot',
  'claude-code',
  'openai-js',
  'openai-python',
  'openai-agents-js',
  'anthropic-js',
  'ai-sdk',
  'langchain-js',
  'openrouter-sdk',
  '_OTHER',
] as const;
export type AgentName = (typeof AGENT_NAMES)[number];

/** The retry decision after an attempt. */
export const DECISIONS = ['retried', 'not_retried', 'final_attempt'] as const;
export type Decision = (typeof DECISIONS)[number];

/** The reason of a retry decision. */
export const DECISION_REASONS = [
  'success',
  'retryable_status',
  'retryable_transport_failure',
  'header_timeout',
  'final_status',
  'final_code',
  'redirect',
  'x_should_retry_false',
  'attempts_exhausted',
  'retry_after_exceeds_budget',
  'deadline_would_pass',
  'retry_budget_empty',
  'caller_abort',
  'body_not_replayable',
  'safe_mode',
  'client_retries',
  'tls_error',
  'dns_retried_once',
  'platform_limit',
  'final_transport_failure',
  'committed',
] as const;
export type DecisionReason = (typeof DECISION_REASONS)[number];

/** The source of the wait before a retry. */
export const DELAY_ORIGINS = ['backoff', 'retry_after'] as const;
export type DelayOrigin = (typeof DELAY_ORIGINS)[number];

/** Error codes that CometAPI documents or is known to send. `_OTHER` is any other code. */
export const SERVER_CODES = [
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
  '_OTHER',
] as const;
export type ServerCode = (typeof SERVER_CODES)[number];

/** The place where a request id was found: the error message, a header, or the client's own `requestId`. */
export const REQUEST_ID_SOURCES = ['message', 'x-request-id', 'x-oneapi-request-id', 'cf-ray', 'client'] as const;
export type RequestIdSource = (typeof REQUEST_ID_SOURCES)[number];

/** Why generation stopped. `_OTHER` is any other value. */
export const FINISH_REASONS = [
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
  '_OTHER',
] as const;
export type FinishReason = (typeof FINISH_REASONS)[number];

/** The service tier. `_OTHER` is any other value. */
export const SERVICE_TIERS = ['auto', 'default', 'flex', 'scale', 'priority', '_OTHER'] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** The values of `gen_ai.output.type`. */
export const OUTPUT_TYPES = ['text', 'json', 'image', 'speech'] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

/** The content type of a response. */
export const CONTENT_KINDS = ['json', 'event_stream', 'html', 'text', 'other', 'none'] as const;
export type ContentKind = (typeof CONTENT_KINDS)[number];

/** Documented request fields. Other fields are counted; their names are never recorded. */
export const REQUEST_FIELDS = [
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
] as const;
export type RequestField = (typeof REQUEST_FIELDS)[number];
