import type { Label } from './label';
import type {
  AgentName,
  ContentKind,
  Decision,
  DecisionReason,
  DelayOrigin,
  Ending,
  EndingReason,
  EndpointFamily,
  ErrorCategory,
  ErrorType,
  FinishReason,
  HttpMethod,
  OutputType,
  Phase,
  RequestField,
  RequestIdSource,
  RouteTemplate,
  ServerCode,
  ServiceTier,
  Upstream,
} from './words';

/**
 * What is known of one call. Every leaf is a number, a boolean, a closed word or a checked {@link Label}; a type test
 * makes anything else a compile error. Spans, metrics, log lines, records and errors are derived from this and nothing else.
 */
export interface CallFacts extends CallOpening {
  readonly endedAt: Label<'timestamp'>;
  /** From the call to its ending: every attempt, the waits, the stream to its end. */
  readonly durationMs: number;
  readonly attempts: readonly AttemptFacts[];
  /** Ids of the GenAI span (or of the HTTP span, where there is no GenAI span), when one was recorded. */
  readonly traceId?: Label<'id'>;
  readonly spanId?: Label<'id'>;
  readonly ending: Ending;
  readonly endingReason: EndingReason;
  readonly category: ErrorCategory;
  /** Present when the call failed after all attempts. */
  readonly errorType?: ErrorType;
  /** Where the call was when it ended. */
  readonly phase: Phase;
  /** Status of the last attempt's response, if it had one. */
  readonly status?: number;
  readonly contentKind?: ContentKind;
  /** The server's error code when it is a known word; present only when the server sent one. */
  readonly serverCode?: ServerCode;
  /** Of the last attempt. */
  readonly requestId?: Label<'id'>;
  readonly requestIdSource?: RequestIdSource;
  readonly response?: ResponseFacts;
  /** From the sending of the attempt that answered to its first data event; streams only. */
  readonly timeToFirstChunkMs?: number;
  /** Data events read; streams only. */
  readonly eventCount?: number;
  /** Decoded bytes of the last response's body that were read. */
  readonly responseBytes?: number;
  /** What the gateway asked to wait when that was the last word: present only when the call ended on it. */
  readonly retryAfterMs?: number;
  /** A send of this call may have been billed more than once. */
  readonly maybeSentTwice: boolean;
}

/** What is known when a call opens; samplers see this. */
export interface CallOpening {
  /** UUIDv7 made by the library. */
  readonly callId: Label<'id'>;
  readonly startedAt: Label<'timestamp'>;
  readonly family: EndpointFamily;
  readonly method: HttpMethod;
  readonly routeTemplate: RouteTemplate;
  readonly upstream: Upstream;
  readonly serverAddress: Label<'host'>;
  readonly serverPort: number;
  /** Origin and route template of ours; every query value `REDACTED`. */
  readonly urlFull: Label<'url'>;
  readonly stream: boolean;
  readonly request: RequestFacts;
  readonly settings: SettingsFacts;
  /** What an outer client says of its own retries (`x-stainless-retry-count`); 0 when it says nothing. */
  readonly outerRetryCount: number;
  /** Which door the call came through. */
  readonly door: 'typed' | 'fetch' | 'gateway';
  /** What the client of a gateway calls the conversation a request belongs to. */
  readonly conversationId?: Label<'id'>;
  /** Which agent or SDK sent the request to a gateway. */
  readonly agent?: AgentFacts;
  /** Users' own labels, grammar-checked and scrubbed. */
  readonly attributes: readonly AttributeFact[];
  /** Labels of the user that did not fit and were dropped. */
  readonly droppedAttributes: number;
}

/** A client of a gateway, known by its headers. */
export interface AgentFacts {
  readonly name: AgentName;
  readonly version?: Label<'version'>;
}

/** One of the user's own labels. */
export interface AttributeFact {
  readonly name: Label<'attribute_name'>;
  readonly value: Label<'name'> | number | boolean;
}

/** Shape of the request; never its content. */
export interface RequestFacts {
  readonly model?: Label<'model'>;
  readonly choiceCount?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly outputType?: OutputType;
  readonly serviceTier?: ServiceTier;
  /** Documented fields that were sent, sorted. */
  readonly fields: readonly RequestField[];
  /** How many fields outside the documented list were sent. */
  readonly otherFieldCount: number;
  /** Entries of `messages` or of `input`. */
  readonly messageCount?: number;
  readonly toolCount?: number;
  /** Bytes of the body as sent, when known before sending. */
  readonly bodyBytes?: number;
}

/** What the gateway reported; never estimated. */
export interface ResponseFacts {
  readonly id?: Label<'id'>;
  /** The answered model may be a dated snapshot of the one asked for. */
  readonly model?: Label<'model'>;
  readonly finishReasons?: readonly FinishReason[];
  readonly serviceTier?: ServiceTier;
  readonly systemFingerprint?: Label<'fingerprint'>;
  /** Absent when the gateway reported no usage. */
  readonly usage?: UsageFacts;
}

/** Tokens as reported by the gateway. */
export interface UsageFacts {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheCreationInputTokens?: number;
  readonly reasoningOutputTokens?: number;
}

/** One request that was sent, or tried to be. */
export interface AttemptFacts {
  /** From 1. */
  readonly index: number;
  /** From the start of the call to the sending of this attempt. */
  readonly startOffsetMs: number;
  readonly durationMs: number;
  readonly status?: number;
  /** Present when the attempt failed. A caller's abort is not a failure. */
  readonly errorType?: ErrorType;
  readonly category: ErrorCategory;
  readonly phase: Phase;
  readonly contentKind?: ContentKind;
  readonly serverCode?: ServerCode;
  readonly requestId?: Label<'id'>;
  readonly requestIdSource?: RequestIdSource;
  readonly decision: Decision;
  readonly because: DecisionReason;
  /** The wait that followed, when it was retried. */
  readonly delayMs?: number;
  readonly delayOrigin?: DelayOrigin;
  /** What the gateway asked to wait, when it said so validly. */
  readonly retryAfterMs?: number;
  /** This request may have reached the gateway and another was, or may have been, sent after it. */
  readonly maybeSentTwice: boolean;
  /** Tokens left in the retry budget after the decision; absent when the budget is off. */
  readonly retryBudgetLeft?: number;
}

/** The non-secret settings in force for this call. */
export interface SettingsFacts {
  readonly maxAttempts: number;
  readonly retry: 'standard' | 'safe';
  /** Limit to the response headers of each attempt. */
  readonly headerTimeoutMs: number;
  readonly deadlineMs: number;
  readonly idleTimeoutMs: number;
  /** 0 is off. */
  readonly maxStreamMs: number;
  readonly maxRetryAfterMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  readonly retryBudget: boolean;
  readonly maxConnections: number;
  readonly transport: 'fetch' | 'dispatcher' | 'node_http' | 'custom_fetch';
  readonly telemetry: boolean;
  readonly propagate: boolean;
  readonly openaiCompatible: boolean;
}
