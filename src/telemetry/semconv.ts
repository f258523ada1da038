import * as stable from '@opentelemetry/semantic-conventions';

/** Every attribute, metric and event name of this library. No other file contains such a name. */

// Stable names come from the package, because stable names do not change.
export const ATTR_ERROR_TYPE = stable.ATTR_ERROR_TYPE;
export const ATTR_HTTP_REQUEST_METHOD = stable.ATTR_HTTP_REQUEST_METHOD;
export const ATTR_HTTP_REQUEST_RESEND_COUNT = stable.ATTR_HTTP_REQUEST_RESEND_COUNT;
export const ATTR_HTTP_RESPONSE_STATUS_CODE = stable.ATTR_HTTP_RESPONSE_STATUS_CODE;
export const ATTR_SERVER_ADDRESS = stable.ATTR_SERVER_ADDRESS;
export const ATTR_SERVER_PORT = stable.ATTR_SERVER_PORT;
export const ATTR_URL_FULL = stable.ATTR_URL_FULL;
export const METRIC_HTTP_CLIENT_REQUEST_DURATION = stable.METRIC_HTTP_CLIENT_REQUEST_DURATION;

// Names with development status are copied from v1.41.1, because they change between minor versions of the package.
// Do not mix in names of later GenAI versions (gen_ai.client.inference.*, cache_write).
export const ATTR_GEN_AI_CONVERSATION_ID = 'gen_ai.conversation.id';
export const ATTR_GEN_AI_OPERATION_NAME = 'gen_ai.operation.name';
export const ATTR_GEN_AI_OUTPUT_TYPE = 'gen_ai.output.type';
export const ATTR_GEN_AI_PROVIDER_NAME = 'gen_ai.provider.name';
export const ATTR_GEN_AI_REQUEST_CHOICE_COUNT = 'gen_ai.request.choice.count';
export const ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY = 'gen_ai.request.frequency_penalty';
export const ATTR_GEN_AI_REQUEST_MAX_TOKENS = 'gen_ai.request.max_tokens';
export const ATTR_GEN_AI_REQUEST_MODEL = 'gen_ai.request.model';
export const ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY = 'gen_ai.request.presence_penalty';
export const ATTR_GEN_AI_REQUEST_SEED = 'gen_ai.request.seed';
export const ATTR_GEN_AI_REQUEST_STREAM = 'gen_ai.request.stream';
export const ATTR_GEN_AI_REQUEST_TEMPERATURE = 'gen_ai.request.temperature';
export const ATTR_GEN_AI_REQUEST_TOP_P = 'gen_ai.request.top_p';
export const ATTR_GEN_AI_RESPONSE_FINISH_REASONS = 'gen_ai.response.finish_reasons';
export const ATTR_GEN_AI_RESPONSE_ID = 'gen_ai.response.id';
export const ATTR_GEN_AI_RESPONSE_MODEL = 'gen_ai.response.model';
export const ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK = 'gen_ai.response.time_to_first_chunk';
export const ATTR_GEN_AI_TOKEN_TYPE = 'gen_ai.token.type';
export const ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS = 'gen_ai.usage.cache_creation.input_tokens';
export const ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.cache_read.input_tokens';
export const ATTR_GEN_AI_USAGE_INPUT_TOKENS = 'gen_ai.usage.input_tokens';
export const ATTR_GEN_AI_USAGE_OUTPUT_TOKENS = 'gen_ai.usage.output_tokens';
export const ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS = 'gen_ai.usage.reasoning.output_tokens';
export const ATTR_OPENAI_API_TYPE = 'openai.api.type';
export const ATTR_OPENAI_REQUEST_SERVICE_TIER = 'openai.request.service_tier';
export const ATTR_OPENAI_RESPONSE_SERVICE_TIER = 'openai.response.service_tier';
export const ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT = 'openai.response.system_fingerprint';
export const ATTR_URL_TEMPLATE = 'url.template';
export const METRIC_GEN_AI_CLIENT_OPERATION_DURATION = 'gen_ai.client.operation.duration';
export const METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK = 'gen_ai.client.operation.time_to_first_chunk';
export const METRIC_GEN_AI_CLIENT_TOKEN_USAGE = 'gen_ai.client.token.usage';

// Names of this library. Their values are enum values, checked labels and numbers.
export const ATTR_COMETAPI_AGENT_NAME = 'cometapi.agent.name';
export const ATTR_COMETAPI_AGENT_VERSION = 'cometapi.agent.version';
export const ATTR_COMETAPI_CALL_ATTEMPTS = 'cometapi.call.attempts';
export const ATTR_COMETAPI_CALL_ENDING = 'cometapi.call.ending';
export const ATTR_COMETAPI_CALL_ENDING_REASON = 'cometapi.call.ending_reason';
export const ATTR_COMETAPI_ENDPOINT_FAMILY = 'cometapi.endpoint.family';
export const ATTR_COMETAPI_RETRY_DECISION = 'cometapi.retry.decision';
export const ATTR_COMETAPI_RETRY_DELAY = 'cometapi.retry.delay';
export const ATTR_COMETAPI_RETRY_REASON = 'cometapi.retry.reason';
export const EVENT_COMETAPI_CALL = 'cometapi.call';
export const METRIC_COMETAPI_CLIENT_ATTEMPTS = 'cometapi.client.attempts';
export const METRIC_COMETAPI_CLIENT_RETRY_DELAY = 'cometapi.client.retry.delay';
