/** Enum values. This file lists every value that can reach a span, a metric, a log line or a record. */

/** How a call ended. Every call has exactly one ending. */
export type Ending = 'completed' | 'failed' | 'cancelled' | 'abandoned';

/** Why a call ended. */
export type EndingReason =
  // completed
  | 'terminal_event'
  | 'body_complete'
  | 'no_body'
  // failed
  | 'http_status'
  | 'redirect'
  | 'connection'
  | 'header_timeout'
  | 'body_timeout'
  | 'deadline'
  | 'queue_deadline'
  | 'configuration'
  | 'body_error'
  | 'unexpected_response'
  | 'response_too_large'
  | 'stream_truncated'
  | 'stream_idle_timeout'
  | 'max_stream_duration'
  | 'stream_error_event'
  | 'response_failed'
  // cancelled
  | 'caller_abort'
  | 'consumer_cancel'
  // abandoned
  | 'never_read'
  | 'garbage_collected'
  | 'process_exit';

/** The documented interface that a call used. */
export type EndpointFamily =
  | 'cometapi-text-chat'
  | 'cometapi-text-responses'
  | 'cometapi-anthropic-messages'
  | 'cometapi-models'
  | 'cometapi-other';

/** Route templates: constants, never taken from a URL. `_OTHER` is any other path on the origin of the base URL. */
export type RouteTemplate =
  | '/v1/chat/completions'
  | '/v1/responses'
  | '/v1/models'
  | '/v1/messages'
  | '/v1/messages/count_tokens'
  | '/api/models'
  | '_OTHER';

/** The methods of the HTTP semantic conventions. `_OTHER` is any other method. */
export type HttpMethod =
  | 'GET'
  | 'HEAD'
  | 'POST'
  | 'PUT'
  | 'DELETE'
  | 'CONNECT'
  | 'OPTIONS'
  | 'TRACE'
  | 'PATCH'
  | '_OTHER';

/** The server behind the base URL. The simulator is always `simulator`, so its records never count as `cometapi`. */
export type Upstream = 'cometapi' | 'simulator' | 'other';

/** An HTTP status as text, for example `"429"`. */
export type StatusText = `${number}`;

/** The `error.type` values for failures without an HTTP status. */
export type FailureWord =
  | 'timeout'
  | 'connection_refused'
  | 'connection_reset'
  | 'dns_error'
  | 'tls_error'
  | 'network_error'
  | 'protocol_error'
  | 'response_too_large'
  | 'stream_truncated'
  | 'stream_idle_timeout'
  | '_OTHER';

/** `error.type` of spans and metrics: the status as text, or an enum value. */
export type ErrorType = StatusText | FailureWord;

/** The kind of a failure. Use it to select a reaction. */
export type ErrorCategory =
  | 'none'
  | 'invalid_request'
  | 'auth_rejected'
  | 'permission_denied'
  | 'path_or_base_url'
  | 'not_found'
  | 'model_unavailable'
  | 'rate_limited'
  | 'quota'
  | 'payload_too_large'
  | 'server_error'
  | 'gateway_timeout'
  | 'timeout'
  | 'connection'
  | 'tls'
  | 'unexpected_response'
  | 'truncated_stream'
  | 'stream_idle'
  | 'cancelled'
  | 'unknown';

/** The step that a call or an attempt had reached. */
export type Phase = 'queue' | 'wait' | 'connect' | 'headers' | 'body' | 'stream';

/** The coding agent or SDK that sent a request, according to its headers. `_OTHER` is any other. */
export type AgentName =
  | 'codex'
  | 'opencode'
  | 'qwen-code'
  | 'pi'
  | 'cline'
  | 'continue'
  | 'copilot'
  | 'claude-code'
  | 'openai-js'
  | 'openai-python'
  | 'openai-agents-js'
  | 'anthropic-js'
  | 'ai-sdk'
  | 'langchain-js'
  | 'openrouter-sdk'
  | '_OTHER';

/** The retry decision after an attempt. */
export type Decision = 'retried' | 'not_retried' | 'final_attempt';

/** The reason of a retry decision. */
export type DecisionReason =
  | 'success'
  | 'retryable_status'
  | 'retryable_transport_failure'
  | 'header_timeout'
  | 'final_status'
  | 'final_code'
  | 'redirect'
  | 'x_should_retry_false'
  | 'attempts_exhausted'
  | 'retry_after_exceeds_budget'
  | 'deadline_would_pass'
  | 'retry_budget_empty'
  | 'caller_abort'
  | 'body_not_replayable'
  | 'safe_mode'
  | 'client_retries'
  | 'tls_error'
  | 'dns_retried_once'
  | 'platform_limit'
  | 'final_transport_failure'
  | 'committed';

/** The source of the wait before a retry. */
export type DelayOrigin = 'backoff' | 'retry_after';

/** Error codes that CometAPI documents or is known to send. `_OTHER` is any other code. */
export type ServerCode =
  | 'invalid_request'
  | 'invalid_request_error'
  | 'invalid_api_key'
  | 'model_not_found'
  | 'context_length_exceeded'
  | 'insufficient_quota'
  | 'quota_exceeded'
  | 'insufficient_user_quota'
  | 'billing_hard_limit_reached'
  | 'rate_limit_exceeded'
  | 'server_error'
  | 'unknown_parameter'
  | 'missing_required_parameter'
  | 'content_filter'
  | '_OTHER';

/** The place where a request id was found: the error message, a header, or the client's own `requestId`. */
export type RequestIdSource = 'message' | 'x-request-id' | 'x-oneapi-request-id' | 'cf-ray' | 'client';

/** Why generation stopped. `_OTHER` is any other value. */
export type FinishReason =
  | 'stop'
  | 'length'
  | 'content_filter'
  | 'tool_calls'
  | 'function_call'
  | 'completed'
  | 'incomplete'
  | 'failed'
  | 'cancelled'
  | 'max_output_tokens'
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | '_OTHER';

/** The service tier. `_OTHER` is any other value. */
export type ServiceTier = 'auto' | 'default' | 'flex' | 'scale' | 'priority' | '_OTHER';

/** The values of `gen_ai.output.type`. */
export type OutputType = 'text' | 'json' | 'image' | 'speech';

/** The content type of a response. */
export type ContentKind = 'json' | 'event_stream' | 'html' | 'text' | 'other' | 'none';

/** Documented request fields. Other fields are counted; their names are never recorded. */
export type RequestField =
  | 'model'
  | 'messages'
  | 'input'
  | 'stream'
  | 'stream_options'
  | 'temperature'
  | 'top_p'
  | 'n'
  | 'max_tokens'
  | 'max_completion_tokens'
  | 'max_output_tokens'
  | 'response_format'
  | 'text'
  | 'tools'
  | 'tool_choice'
  | 'parallel_tool_calls'
  | 'reasoning'
  | 'reasoning_effort'
  | 'logprobs'
  | 'top_logprobs'
  | 'seed'
  | 'stop'
  | 'frequency_penalty'
  | 'presence_penalty'
  | 'logit_bias'
  | 'user'
  | 'metadata'
  | 'store'
  | 'service_tier'
  | 'instructions'
  | 'previous_response_id'
  | 'conversation'
  | 'include'
  | 'truncation'
  | 'prompt_cache_key'
  | 'safety_identifier'
  | 'modalities'
  | 'audio'
  | 'prediction'
  | 'verbosity'
  | 'background';
