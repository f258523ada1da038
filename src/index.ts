// biome-ignore format: one name per line would take five times the space
export type {
  ChatCompletion, ChatCompletionAllowedToolChoice, ChatCompletionAllowedTools, ChatCompletionAssistantMessageParam,
  ChatCompletionAudio, ChatCompletionAudioParam, ChatCompletionChunk, ChatCompletionContentPart,
  ChatCompletionContentPartImage, ChatCompletionContentPartInputAudio, ChatCompletionContentPartRefusal,
  ChatCompletionContentPartText, ChatCompletionCreateParams, ChatCompletionCreateParamsBase,
  ChatCompletionCreateParamsNonStreaming, ChatCompletionCreateParamsStreaming, ChatCompletionCustomTool,
  ChatCompletionDeleted, ChatCompletionDeveloperMessageParam, ChatCompletionFunctionCallOption,
  ChatCompletionFunctionMessageParam, ChatCompletionFunctionTool, ChatCompletionListParams, ChatCompletionMessage,
  ChatCompletionMessageCustomToolCall, ChatCompletionMessageFunctionToolCall, ChatCompletionMessageParam,
  ChatCompletionMessageToolCall, ChatCompletionModality, ChatCompletionNamedToolChoice,
  ChatCompletionNamedToolChoiceCustom, ChatCompletionParseParams, ChatCompletionPredictionContent,
  ChatCompletionReasoningEffort, ChatCompletionRole, ChatCompletionStoreMessage, ChatCompletionStreamOptions,
  ChatCompletionSystemMessageParam, ChatCompletionTokenLogprob, ChatCompletionTool, ChatCompletionToolChoiceOption,
  ChatCompletionToolMessageParam, ChatCompletionUpdateParams, ChatCompletionUserMessageParam, ParsedChatCompletion,
  ParsedChatCompletionMessage, ParsedChatCompletionMessageToolCall, ParsedChoice, ParsedFunction,
  ParsedFunctionToolCall,
} from 'openai/resources/chat/completions/completions';
export type { CompletionUsage } from 'openai/resources/completions';
export type { Model, ModelDeleted } from 'openai/resources/models';
// biome-ignore format: one name per line would take five times the space
export type {
  ResponseCreateParams, ResponseCreateParamsNonStreaming, ResponseCreateParamsStreaming, ResponseError,
  ResponseFunctionToolCall, ResponseIncludable, ResponseInput, ResponseInputContent, ResponseInputItem,
  ResponseOutputItem, ResponseOutputMessage, ResponseOutputText, ResponseReasoningItem, ResponseStatus,
  ResponseStreamEvent, ResponseTextConfig, ResponseUsage,
} from 'openai/resources/responses/responses';
// biome-ignore format: one name per line would take five times the space
export type {
  AllModels, ChatModel, ComparisonFilter, CompoundFilter, CustomToolInputFormat, ErrorObject, FunctionDefinition,
  FunctionParameters, Metadata, Reasoning, ReasoningEffort, ResponseFormatJSONObject, ResponseFormatJSONSchema,
  ResponseFormatText, ResponseFormatTextGrammar, ResponseFormatTextPython, ResponsesModel,
} from 'openai/resources/shared';
export type { RetryBudgetSnapshot } from './call/bounds/retry-budget';
export { CometAPI, CometAPI as default, CometAPI as OpenAI } from './client';
export type { ClientRecords, SafeRecord } from './client-records';
export type { Logger, LogLevel } from './config/logger';
export type {
  ApiKeySource,
  ClientOptions,
  ClientOptions as CometAPIOptions,
  DocumentationCheck,
  Fetch,
  FetchOptions,
  HeadersLike,
  HeaderTuple,
  HeaderValue,
  QueryLike,
  RequestOptions,
  RetryBudgetOptions,
  TelemetryAttributes,
  TelemetryOptions,
} from './config/options';
export { APIError } from './errors/api-error';
export { CometAPIError, CometAPIError as OpenAIError } from './errors/cometapi-error';
export { APIConnectionError, APIConnectionTimeoutError, APIUserAbortError } from './errors/connection-errors';
export {
  RedirectError,
  StreamIdleError,
  StreamTruncatedError,
  UnexpectedResponseError,
} from './errors/response-errors';
export {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from './errors/status-errors';
export type {
  AgentFacts,
  AttemptFacts,
  AttributeFact,
  CallFacts,
  CallOpening,
  RequestFacts,
  ResponseFacts,
  SettingsFacts,
  UsageFacts,
} from './facts/call-facts';
export type { EndpointFamily, RouteTemplate } from './facts/endpoints';
export type {
  AgentName,
  ContentKind,
  Decision,
  DecisionReason,
  DelayOrigin,
  Ending,
  EndingReason,
  ErrorCategory,
  ErrorType,
  FailureType,
  FinishReason,
  HttpMethod,
  OutputType,
  Phase,
  RequestField,
  RequestIdSource,
  ServerCode,
  ServiceTier,
  StatusText,
  Upstream,
} from './facts/enums';
export type { Identifier, IdentifierKind } from './facts/identifier';
export type { AttemptOpening, CallObserver } from './facts/observer';
export type { RecordStats } from './record-file/record-sink';
export type { ContractAnnotations, EndpointAnnotations } from './records/contract-ledger/contract-annotations';
export type { ContractObservation, LedgerEntry } from './records/contract-ledger/contract-entry';
export { type ContractContext, type ContractLedger, contractLedger } from './records/contract-ledger/contract-ledger';
export type { IncidentAnnotations } from './records/incident-packet/incident-annotations';
export {
  type IncidentContext,
  type IncidentPacket,
  type IncidentSource,
  incidentPacket,
} from './records/incident-packet/incident-packet';
export { renderIncidentPacket } from './records/incident-packet/markdown';
export { type RetryEvidence, retryEvidence } from './records/retry-evidence/retry-evidence';
export { type RunCard, type RunCardAnnotations, type RunCardContext, runCard } from './records/run-card/run-card';
export type { Annotations, RunAnnotations } from './records/shared/annotations';
export type { RecordContext, RecordSource } from './records/shared/record-source';
export { type RecordFormat, renderRecord } from './records/shared/render-record';
export { type UsageTrace, usageTrace } from './records/usage-trace/usage-trace';
export { APIPromise, type WithRequestID } from './resources/api-promise';
export { ModelsPage, PagePromise } from './resources/models';
export type { BuiltRequest, FinalRequestOptions, MethodOptions } from './resources/request-any';
export { Stream } from './resources/stream';
export { type SanitizedAttributes, sanitizeAttributes } from './telemetry/sanitize-attributes';
