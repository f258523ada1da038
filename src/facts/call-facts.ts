import type { EndpointFamily, RouteTemplate } from './endpoints';
import type {
  AgentName,
  ContentKind,
  Decision,
  DecisionReason,
  DelayOrigin,
  Ending,
  EndingReason,
  ErrorCategory,
  ErrorType,
  FinishReason,
  HttpMethod,
  OutputType,
  Phase,
  RequestField,
  RequestIdSource,
  ServerCode,
  ServiceTier,
  Upstream,
} from './enums';
import type { Identifier } from './identifier';
import type { Count, HttpStatus, Milliseconds, Port } from './value-types';

/**
 * The facts of one call, frozen when it ends. Spans, metrics, log lines, records and errors use no other source.
 *
 * Every leaf is a number, a boolean, an enum value or a checked identifier. A type test makes anything else a
 * compile error.
 */
export interface CallFacts extends CallOpening {
  /** Time of the ending, UTC. */
  readonly endedAt: Identifier<'timestamp'>;
  /** Duration of the whole call, in milliseconds: all attempts, all waits, and a stream to its end. */
  readonly durationMs: Milliseconds;
  /** The attempts, in order. Empty if the call ended before it sent a request. */
  readonly attempts: readonly AttemptFacts[];
  /** Trace id of the recorded GenAI span, or of the last HTTP span if there is no GenAI span. */
  readonly traceId?: Identifier<'id'>;
  /** Span id of the recorded GenAI span, or of the last HTTP span if there is no GenAI span. */
  readonly spanId?: Identifier<'id'>;
  /** How the call ended. */
  readonly ending: Ending;
  /** Why the call ended. */
  readonly endingReason: EndingReason;
  /** Kind of the failure; `none` for a successful call. */
  readonly category: ErrorCategory;
  /** `error.type` of spans and metrics. Present if the call failed after all attempts. */
  readonly errorType?: ErrorType;
  /** The step that the call had reached when it ended. */
  readonly phase: Phase;
  /** HTTP status of the last attempt. Absent if it received no response. */
  readonly status?: HttpStatus;
  /** Content type of the last response. */
  readonly contentKind?: ContentKind;
  /** Error code of the server. Present only if the server sent one. */
  readonly serverCode?: ServerCode;
  /** Request id of the last attempt. */
  readonly requestId?: Identifier<'id'>;
  /** The place where the request id was found. */
  readonly requestIdSource?: RequestIdSource;
  /** Metadata of the answer. */
  readonly response?: ResponseFacts;
  /** Time from sending the successful attempt to its first data event, in milliseconds. Streams only. */
  readonly timeToFirstChunkMs?: Milliseconds;
  /** Number of data events that were read. Streams only. */
  readonly eventCount?: Count;
  /** Number of bytes of the last response that were read, after decompression. */
  readonly responseBytes?: Count;
  /** The wait that CometAPI asked for, in milliseconds. Present only if the call ended instead of waiting. */
  readonly retryAfterMs?: Milliseconds;
  /** True if CometAPI may have processed, and billed, more than one request of this call. */
  readonly maybeSentTwice: boolean;
}

/** The facts of a call that are known before its first attempt. Samplers see these. */
export interface CallOpening {
  /** Id of the call, a UUIDv7 that this library creates. */
  readonly callId: Identifier<'id'>;
  /** Time of the start, UTC. */
  readonly startedAt: Identifier<'timestamp'>;
  /** The documented interface that the call used. */
  readonly family: EndpointFamily;
  /** HTTP method. */
  readonly method: HttpMethod;
  /** Route template, such as `/v1/chat/completions`. */
  readonly routeTemplate: RouteTemplate;
  /** The server behind the base URL: CometAPI, the simulator, or another server. */
  readonly upstream: Upstream;
  /** Host of the base URL. */
  readonly serverAddress: Identifier<'host'>;
  /** Port of the base URL. */
  readonly serverPort: Port;
  /** Origin and route template. Every query value is `REDACTED`. */
  readonly urlFull: Identifier<'url'>;
  /** True if the request asks for a stream. */
  readonly stream: boolean;
  /** Parameters and structure of the request. */
  readonly request: RequestFacts;
  /** The settings of the call. */
  readonly settings: SettingsFacts;
  /** Retry count of an outer client (`x-stainless-retry-count`). 0 if it sends none. */
  readonly outerRetryCount: Count;
  /** The entry point that the call used: a typed method, `client.fetch` or the local gateway. */
  readonly entryPoint: 'client' | 'fetch' | 'gateway';
  /** Conversation id that a client of the local gateway sent. */
  readonly conversationId?: Identifier<'id'>;
  /** The agent or SDK that sent the request to the local gateway. */
  readonly agent?: AgentFacts;
  /** Your own attributes that passed the checks. */
  readonly attributes: readonly AttributeFact[];
  /** Number of your own attributes that were dropped because they are invalid. */
  readonly droppedAttributes: Count;
}

/** A client of the local gateway, identified by its headers. */
export interface AgentFacts {
  /** Name of the agent or SDK. */
  readonly name: AgentName;
  /** Version of the agent or SDK. */
  readonly version?: Identifier<'version'>;
}

/** One of your own attributes. */
export interface AttributeFact {
  /** Dotted lowercase name. */
  readonly name: Identifier<'attribute_name'>;
  /** A number, a boolean, or text without spaces. */
  readonly value: Identifier<'name'> | number | boolean;
}

/** Parameters and structure of the request. Never its content. */
export interface RequestFacts {
  /** The requested model. `_OTHER` if the name is not a plain model name. */
  readonly model?: Identifier<'model'>;
  /** The parameter `n`. */
  readonly choiceCount?: number;
  /** The parameter `seed`. */
  readonly seed?: number;
  /** The maximum number of output tokens. */
  readonly maxTokens?: number;
  /** The parameter `temperature`. */
  readonly temperature?: number;
  /** The parameter `top_p`. */
  readonly topP?: number;
  /** The parameter `frequency_penalty`. */
  readonly frequencyPenalty?: number;
  /** The parameter `presence_penalty`. */
  readonly presencePenalty?: number;
  /** The requested output type. */
  readonly outputType?: OutputType;
  /** The requested service tier. */
  readonly serviceTier?: ServiceTier;
  /** The documented fields that the request contains, sorted. */
  readonly fields: readonly RequestField[];
  /** Number of undocumented fields that the request contains. */
  readonly otherFieldCount: Count;
  /** Number of entries of `messages` or `input`. */
  readonly messageCount?: Count;
  /** Number of tools. */
  readonly toolCount?: Count;
  /** Size of the body as sent, in bytes. Absent if it is unknown before sending. */
  readonly bodyBytes?: Count;
}

/** Metadata that CometAPI reported in its answer. Never estimated, never content. */
export interface ResponseFacts {
  /** Id of the answer. */
  readonly id?: Identifier<'id'>;
  /** The model that answered. It may be a dated snapshot of the requested model. */
  readonly model?: Identifier<'model'>;
  /** Why generation stopped: one value per choice, at most 16. */
  readonly finishReasons?: readonly FinishReason[];
  /** The service tier that was used. */
  readonly serviceTier?: ServiceTier;
  /** The system fingerprint. */
  readonly systemFingerprint?: Identifier<'fingerprint'>;
  /** Token counts. Absent if CometAPI reported none. */
  readonly usage?: UsageFacts;
}

/** Token counts as reported by CometAPI. Never estimated. */
export interface UsageFacts {
  /** Input tokens. Includes cached tokens, except for `/v1/messages`, which reports them separately. */
  readonly inputTokens?: Count;
  /** Output tokens, including reasoning tokens. */
  readonly outputTokens?: Count;
  /** Total number of tokens. */
  readonly totalTokens?: Count;
  /** Input tokens that were read from a cache. */
  readonly cacheReadInputTokens?: Count;
  /** Input tokens that were written to a cache. */
  readonly cacheCreationInputTokens?: Count;
  /** Output tokens that were used for reasoning. */
  readonly reasoningOutputTokens?: Count;
}

/** The facts of one attempt: one HTTP request that was sent, or failed before it was sent. */
export interface AttemptFacts {
  /** Number of the attempt, from 1. */
  readonly index: Count;
  /** Time from the start of the call to the start of this attempt, in milliseconds. */
  readonly startOffsetMs: number;
  /** Duration of the attempt, in milliseconds: to the headers of a stream, otherwise to the end of the body. */
  readonly durationMs: Milliseconds;
  /** HTTP status. Absent if the attempt received no response. */
  readonly status?: HttpStatus;
  /** `error.type` of the HTTP span. Present if the attempt failed. An abort by the caller is not a failure. */
  readonly errorType?: ErrorType;
  /** Kind of the failure; `none` for a successful attempt. */
  readonly category: ErrorCategory;
  /** The step that the attempt had reached when it ended. */
  readonly phase: Phase;
  /** Content type of the response. */
  readonly contentKind?: ContentKind;
  /** Error code of the server. Present only if the server sent one. */
  readonly serverCode?: ServerCode;
  /** Request id. */
  readonly requestId?: Identifier<'id'>;
  /** The place where the request id was found. */
  readonly requestIdSource?: RequestIdSource;
  /** The retry decision after this attempt. */
  readonly decision: Decision;
  /** The reason of the decision. */
  readonly because: DecisionReason;
  /** The wait before the next attempt, in milliseconds. Present if the attempt was retried. */
  readonly delayMs?: Milliseconds;
  /** The source of the wait. */
  readonly delayOrigin?: DelayOrigin;
  /** The wait that CometAPI asked for, in milliseconds. Present if the header was valid. */
  readonly retryAfterMs?: Milliseconds;
  /** True if this request may have reached CometAPI and the client retried it. */
  readonly maybeSentTwice: boolean;
  /** Tokens left in the retry budget after the decision. Absent if the budget is off. */
  readonly retryBudgetLeft?: number;
}

/** The settings of a call that are not secret. */
export interface SettingsFacts {
  /** Maximum number of attempts. */
  readonly maxAttempts: Count;
  /** The option `retry`. */
  readonly retry: 'standard' | 'safe';
  /** Limit to the response headers of each attempt, in milliseconds. For JSON, limit to the end of the body. */
  readonly headerTimeoutMs: Milliseconds;
  /** The option `deadlineMs`. */
  readonly deadlineMs: Milliseconds;
  /** The option `idleTimeoutMs`. */
  readonly idleTimeoutMs: Milliseconds;
  /** The option `maxStreamMs`. 0 means no limit. */
  readonly maxStreamMs: Milliseconds;
  /** The option `maxRetryAfterMs`. */
  readonly maxRetryAfterMs: Milliseconds;
  /** The option `backoffBaseMs`. */
  readonly backoffBaseMs: Milliseconds;
  /** The option `backoffCapMs`. */
  readonly backoffCapMs: Milliseconds;
  /** True if a retry budget applies. */
  readonly retryBudget: boolean;
  /** The option `maxConnections`. */
  readonly maxConnections: Count;
  /** How the request was sent. */
  readonly transport: 'fetch' | 'dispatcher' | 'node_http' | 'custom_fetch';
  /** True if telemetry is on. */
  readonly telemetry: boolean;
  /** True if `traceparent` is sent to CometAPI. */
  readonly propagate: boolean;
  /** True if the option `compat` is `openai`. */
  readonly openaiCompatible: boolean;
}
