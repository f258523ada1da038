import type { AttemptFacts, CallFacts, CallOpening } from '../facts/call-facts';
import { type EndpointFamily, familyRow, type GenAiOperation, type RouteTemplate } from '../facts/endpoints';
import type {
  AgentName,
  Decision,
  DecisionReason,
  Ending,
  EndingReason,
  ErrorType,
  FinishReason,
  HttpMethod,
  OutputType,
  ServiceTier,
} from '../facts/enums';
import type { Identifier, IdentifierKind } from '../facts/identifier';
import type { AttemptOpening } from '../facts/observer';
import { operationOf, providerOf, requestModelOf } from './gen-ai-call';
import * as name from './semconv';

/** The types of attribute values: enum values, checked labels, numbers, booleans. A plain string does not compile. */
export type AttributeLeaf =
  | number
  | boolean
  | Identifier<IdentifierKind>
  | AgentName
  | Decision
  | DecisionReason
  | Ending
  | EndingReason
  | EndpointFamily
  | ErrorType
  | HttpMethod
  | OutputType
  | RouteTemplate
  | ServiceTier
  | readonly FinishReason[]
  | GenAiOperation
  | 'openai'
  | 'anthropic'
  | 'chat_completions'
  | 'responses'
  | TokenType;

/** The attributes of one span, data point or event. */
export type AttributeSet = Record<string, AttributeLeaf>;

/** The values of `gen_ai.token.type`. */
export type TokenType = 'input' | 'output';

/** The spans, events and metrics that have attributes. `http_event` is the event of a call without a GenAI span. */
export type Signal =
  | 'gen_ai_span'
  | 'http_span'
  | 'http_event'
  | 'http_duration'
  | 'operation_duration'
  | 'token_usage'
  | 'first_chunk'
  | 'attempts'
  | 'retry_delay';

/** One attribute: its name, its signals and its value. An `undefined` value is omitted; 0 and `false` are kept. */
export interface Row<Source> {
  readonly name: string;
  readonly on: readonly Signal[];
  readonly fact: (source: Source) => AttributeLeaf | undefined;
  /** True for model names, whose number is unlimited. Metrics keep only the first hundred. */
  readonly isModel?: true;
}

const GEN_AI_METRICS = ['operation_duration', 'token_usage', 'first_chunk'] as const;
const HTTP = ['http_span', 'http_event', 'http_duration'] as const;

/** Attributes that are known when the call starts. Samplers see them. */
export const OPENING_ROWS: readonly Row<CallOpening>[] = [
  { name: name.ATTR_GEN_AI_OPERATION_NAME, on: ['gen_ai_span', ...GEN_AI_METRICS], fact: operationOf },
  { name: name.ATTR_GEN_AI_PROVIDER_NAME, on: ['gen_ai_span', ...GEN_AI_METRICS], fact: providerOf },
  { name: name.ATTR_GEN_AI_REQUEST_MODEL, on: ['gen_ai_span', ...GEN_AI_METRICS], fact: requestModelOf, isModel: true },
  { name: name.ATTR_HTTP_REQUEST_METHOD, on: HTTP, fact: (call) => call.method },
  {
    name: name.ATTR_URL_TEMPLATE,
    on: HTTP,
    fact: (call) => (call.routeTemplate === '_OTHER' ? undefined : call.routeTemplate),
  },
  {
    name: name.ATTR_SERVER_ADDRESS,
    on: ['gen_ai_span', ...HTTP, ...GEN_AI_METRICS],
    fact: (call) => call.serverAddress,
  },
  { name: name.ATTR_SERVER_PORT, on: ['gen_ai_span', ...HTTP, ...GEN_AI_METRICS], fact: (call) => call.serverPort },
  { name: name.ATTR_URL_FULL, on: ['http_span'], fact: (call) => call.urlFull },
  { name: name.ATTR_GEN_AI_REQUEST_STREAM, on: ['gen_ai_span'], fact: (call) => call.stream || undefined },
  {
    name: name.ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
    on: ['gen_ai_span'],
    fact: ({ request }) => (request.choiceCount === 1 ? undefined : request.choiceCount),
  },
  { name: name.ATTR_GEN_AI_REQUEST_SEED, on: ['gen_ai_span'], fact: ({ request }) => request.seed },
  { name: name.ATTR_GEN_AI_REQUEST_MAX_TOKENS, on: ['gen_ai_span'], fact: ({ request }) => request.maxTokens },
  { name: name.ATTR_GEN_AI_REQUEST_TEMPERATURE, on: ['gen_ai_span'], fact: ({ request }) => request.temperature },
  { name: name.ATTR_GEN_AI_REQUEST_TOP_P, on: ['gen_ai_span'], fact: ({ request }) => request.topP },
  {
    name: name.ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
    on: ['gen_ai_span'],
    fact: ({ request }) => request.frequencyPenalty,
  },
  {
    name: name.ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
    on: ['gen_ai_span'],
    fact: ({ request }) => request.presencePenalty,
  },
  { name: name.ATTR_GEN_AI_OUTPUT_TYPE, on: ['gen_ai_span'], fact: ({ request }) => request.outputType },
  { name: name.ATTR_GEN_AI_CONVERSATION_ID, on: ['gen_ai_span'], fact: (call) => call.conversationId },
  { name: name.ATTR_COMETAPI_AGENT_NAME, on: ['gen_ai_span'], fact: (call) => call.agent?.name },
  { name: name.ATTR_COMETAPI_AGENT_VERSION, on: ['gen_ai_span'], fact: (call) => call.agent?.version },
  { name: name.ATTR_OPENAI_API_TYPE, on: ['gen_ai_span'], fact: (call) => familyRow(call.family).openaiApi },
  {
    name: name.ATTR_OPENAI_REQUEST_SERVICE_TIER,
    on: ['gen_ai_span'],
    fact: (call) => (call.request.serviceTier === 'auto' ? undefined : ifOpenai(call, call.request.serviceTier)),
  },
  { name: name.ATTR_COMETAPI_ENDPOINT_FAMILY, on: ['attempts', 'retry_delay'], fact: (call) => call.family },
];

/** Attributes that are known before an attempt is sent. */
export const ATTEMPT_OPENING_ROWS: readonly Row<AttemptOpening>[] = [
  {
    name: name.ATTR_HTTP_REQUEST_RESEND_COUNT,
    on: ['http_span'],
    fact: ({ index }) => (index > 1 ? index - 1 : undefined),
  },
];

/** Attributes that are known when an attempt has ended. Retry attributes belong to the attempt that failed. */
export const ATTEMPT_ROWS: readonly Row<AttemptFacts>[] = [
  { name: name.ATTR_HTTP_RESPONSE_STATUS_CODE, on: ['http_span', 'http_duration'], fact: (attempt) => attempt.status },
  { name: name.ATTR_ERROR_TYPE, on: ['http_span', 'http_duration'], fact: (attempt) => attempt.errorType },
  {
    name: name.ATTR_COMETAPI_RETRY_DECISION,
    on: ['http_span'],
    fact: (attempt) => (attempt.errorType === undefined ? undefined : attempt.decision),
  },
  {
    name: name.ATTR_COMETAPI_RETRY_REASON,
    on: ['http_span', 'retry_delay'],
    fact: (attempt) => (attempt.errorType === undefined ? undefined : attempt.because),
  },
  { name: name.ATTR_COMETAPI_RETRY_DELAY, on: ['http_span'], fact: (attempt) => seconds(attempt.delayMs) },
];

/** Attributes that are known when the call has ended. */
export const CLOSED_ROWS: readonly Row<CallFacts>[] = [
  { name: name.ATTR_HTTP_RESPONSE_STATUS_CODE, on: ['http_event'], fact: (call) => call.status },
  {
    name: name.ATTR_ERROR_TYPE,
    on: ['gen_ai_span', 'http_event', 'operation_duration'],
    fact: (call) => call.errorType,
  },
  { name: name.ATTR_GEN_AI_RESPONSE_ID, on: ['gen_ai_span'], fact: ({ response }) => response?.id },
  {
    name: name.ATTR_GEN_AI_RESPONSE_MODEL,
    on: ['gen_ai_span', ...GEN_AI_METRICS],
    fact: ({ response }) => response?.model,
    isModel: true,
  },
  {
    name: name.ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
    on: ['gen_ai_span'],
    fact: ({ response }) => response?.finishReasons,
  },
  {
    name: name.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
    on: ['gen_ai_span'],
    fact: (call) => (call.stream ? seconds(call.timeToFirstChunkMs) : undefined),
  },
  { name: name.ATTR_GEN_AI_USAGE_INPUT_TOKENS, on: ['gen_ai_span'], fact: inputTokensOf },
  { name: name.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS, on: ['gen_ai_span'], fact: outputTokensOf },
  {
    name: name.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
    on: ['gen_ai_span'],
    fact: ({ response }) => response?.usage?.cacheReadInputTokens,
  },
  {
    name: name.ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
    on: ['gen_ai_span'],
    fact: ({ response }) => response?.usage?.cacheCreationInputTokens,
  },
  {
    name: name.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
    on: ['gen_ai_span'],
    fact: ({ response }) => response?.usage?.reasoningOutputTokens,
  },
  {
    name: name.ATTR_OPENAI_RESPONSE_SERVICE_TIER,
    on: ['gen_ai_span'],
    fact: (call) => ifOpenai(call, call.response?.serviceTier),
  },
  {
    name: name.ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT,
    on: ['gen_ai_span'],
    fact: (call) => ifOpenai(call, call.response?.systemFingerprint),
  },
  {
    name: name.ATTR_COMETAPI_CALL_ENDING,
    on: ['gen_ai_span', 'http_event', 'attempts'],
    fact: (call) => call.ending,
  },
  { name: name.ATTR_COMETAPI_CALL_ENDING_REASON, on: ['gen_ai_span', 'http_event'], fact: (call) => call.endingReason },
  { name: name.ATTR_COMETAPI_CALL_ATTEMPTS, on: ['gen_ai_span', 'http_event'], fact: (call) => call.attempts.length },
];

/** The attribute that distinguishes input from output tokens. */
export const TOKEN_ROWS: readonly Row<TokenType>[] = [
  { name: name.ATTR_GEN_AI_TOKEN_TYPE, on: ['token_usage'], fact: (type) => type },
];

/**
 * Returns all input tokens. The conventions include cached tokens, and so do the interfaces of OpenAI. Anthropic's
 * interface reports cached and uncached tokens separately.
 */
export function inputTokensOf(call: CallFacts): number | undefined {
  const usage = call.response?.usage;
  if (usage?.inputTokens === undefined || providerOf(call) !== 'anthropic') {
    return usage?.inputTokens;
  }
  return usage.inputTokens + (usage.cacheReadInputTokens ?? 0) + (usage.cacheCreationInputTokens ?? 0);
}

/** Returns the reported output tokens, which include reasoning tokens. */
export function outputTokensOf(call: CallFacts): number | undefined {
  return call.response?.usage?.outputTokens;
}

/** Converts milliseconds to seconds, the unit of the conventions. */
export function seconds(durationMs: number): number;
export function seconds(durationMs: number | undefined): number | undefined;
export function seconds(durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : durationMs / 1000;
}

/** The conventions allow `openai.*` attributes only if `gen_ai.provider.name` is `openai`. */
function ifOpenai<Fact>(call: CallOpening, fact: Fact): Fact | undefined {
  return providerOf(call) === 'openai' ? fact : undefined;
}
