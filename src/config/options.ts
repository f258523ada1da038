import type { CallObserver } from '../facts/observer';
import type { Logger, LogLevel } from './logger';

/** A key, or where to get one. A function is asked once per attempt. */
export type ApiKeySource = string | (() => string | Promise<string>);

/** Like `globalThis.fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** `null` removes a header, `undefined` leaves the default. */
export type HeaderValue = string | null | undefined;

/** A name and its value, or several values. */
export type HeaderTuple = readonly [string, HeaderValue | readonly HeaderValue[]];

/** Headers as `openai` takes them. */
export type HeadersLike =
  | Headers
  | readonly HeaderTuple[]
  | Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;

/** Query parameters; `undefined` leaves one out. */
export type QueryLike = Readonly<Record<string, unknown>>;

/** What of `RequestInit` may be set for every request; `body`, `headers`, `method` and `signal` have places of their own. */
export type FetchOptions = Omit<RequestInit, 'body' | 'headers' | 'method' | 'signal'> & {
  /** An undici dispatcher, for proxies or client certificates (Node only). */
  readonly dispatcher?: unknown;
};

/**
 * Bounds retries across calls: a token bucket per client and origin. A retry costs 1 token, after a 429 half a token;
 * an empty bucket means no retry, never a wait.
 */
export interface RetryBudgetOptions {
  /** Tokens at the start and at most. @default 10 */
  readonly capacity: number;
  /** Tokens each call brings. @default 0.1 */
  readonly depositPerCall: number;
  /** Tokens each second brings. @default 0.1 */
  readonly refillPerSecond: number;
}

/** Users' own labels: names in dotted lowercase, values numbers, booleans or words without spaces. */
export type TelemetryAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What telemetry is emitted, and where it goes. */
export interface TelemetryOptions {
  /** Spans, metrics and log events. `COMETAPI_TELEMETRY` (on|off). @default true */
  readonly enabled?: boolean;
  /** Span names and attributes carry the route template. `COMETAPI_URL_TEMPLATE` (on|off). @default true */
  readonly urlTemplate?: boolean;
  /** Sends `traceparent` (never baggage) to the gateway. `COMETAPI_PROPAGATE` (on|off). @default false */
  readonly propagate?: boolean;
  /** Records `http.client.request.duration`; turn off when an HTTP instrumentation records it too. @default true */
  readonly httpDurationMetric?: boolean;
  /** Labels for every span of this client; misfits are dropped and counted. @default {} */
  readonly attributes?: TelemetryAttributes;
  /** @default the global tracer provider, looked up when needed */
  readonly tracerProvider?: import('@opentelemetry/api').TracerProvider;
  /** @default the global meter provider, looked up when needed */
  readonly meterProvider?: import('@opentelemetry/api').MeterProvider;
}

/** Documentation that was checked, and when. */
export interface DocumentationCheck {
  readonly url: string;
  /** `YYYY-MM-DD` */
  readonly accessedOn: string;
}

/**
 * Options of {@link CometAPI}. An option wins over its environment variable, which wins over the default.
 * A blank option is an error; a blank variable counts as missing.
 */
export interface ClientOptions {
  /** `COMETAPI_API_KEY`, then `COMETAPI_KEY`. At least 8 characters, so that it can be redacted by value. Required. */
  readonly apiKey?: ApiKeySource | null | undefined;
  /** `COMETAPI_BASE_URL`. No user, query or fragment; http only to loopback. @default https://api.cometapi.com/v1 */
  readonly baseURL?: string | null | undefined;
  /** Lets a key travel over http to another machine. @default false */
  readonly allowInsecureHttp?: boolean | undefined;
  /** Retries after the first attempt; more than 4 is clamped with one warning. `COMETAPI_MAX_ATTEMPTS` is this plus one. @default 2 */
  readonly maxRetries?: number | undefined;
  /** Milliseconds to the headers of a stream and to the end of a JSON body. `COMETAPI_TIMEOUT_MS`. @default 120,000 for streams, 600,000 for JSON */
  readonly timeout?: number | undefined;
  /** Milliseconds for attempts and waits up to the response headers, and for a JSON body; given explicitly it bounds streams too. `COMETAPI_DEADLINE_MS`. @default max(900,000; timeout + 60,000) */
  readonly deadlineMs?: number | undefined;
  /** Milliseconds between data events of a stream, or bytes of a JSON body, while a read is outstanding; comments do not count. `COMETAPI_STREAM_IDLE_TIMEOUT_MS`. @default 120,000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Milliseconds a stream may last; 0 is off. `COMETAPI_MAX_STREAM_MS`. @default 3,600,000 */
  readonly maxStreamMs?: number | undefined;
  /** Milliseconds after which a response nobody reads is cancelled. @default 300,000 */
  readonly unreadTimeoutMs?: number | undefined;
  /** Milliseconds of Retry-After that are waited; beyond, the call fails at once. `COMETAPI_MAX_RETRY_AFTER_MS`. @default 60,000 */
  readonly maxRetryAfterMs?: number | undefined;
  /** Milliseconds; doubled for 429 and 529. @default 500 */
  readonly backoffBaseMs?: number | undefined;
  /** Milliseconds. @default 8,000 */
  readonly backoffCapMs?: number | undefined;
  /** `COMETAPI_RETRY_BUDGET` (`capacity,depositPerCall,refillPerSecond` or `off`). @default 10, 0.1, 0.1 */
  readonly retryBudget?: RetryBudgetOptions | false | undefined;
  /** `safe` retries only what was surely never sent. @default 'standard' */
  readonly retry?: 'standard' | 'safe' | undefined;
  /** Requests at once, per client and origin; the rest waits in order. `COMETAPI_MAX_CONNECTIONS`. @default 64 */
  readonly maxConnections?: number | undefined;
  /** Decoded bytes of a response. @default 67,108,864 */
  readonly maxResponseBytes?: number | undefined;
  /** Used instead of the platform's; runs in the caller's context. */
  readonly fetch?: Fetch | undefined;
  /**
   * How requests leave. `auto`: on Node past fetch, straight to the dispatcher it stands on, which takes a third of the
   * time; through fetch where that cannot be (a replaced global fetch, a body that is a stream, other runtimes).
   * `COMETAPI_TRANSPORT`. @default 'auto'
   */
  readonly transport?: 'auto' | 'fetch' | undefined;
  /** Added to every request's init. */
  readonly fetchOptions?: FetchOptions | undefined;
  /** Sent with every request; `null` removes one of ours. */
  readonly defaultHeaders?: HeadersLike | null | undefined;
  /** Added to every URL. */
  readonly defaultQuery?: Readonly<Record<string, string | undefined>> | undefined;
  /** @default console */
  readonly logger?: Logger | undefined;
  /** `COMETAPI_LOG`. No level prints content. @default 'warn' */
  readonly logLevel?: LogLevel | undefined;
  readonly telemetry?: TelemetryOptions | undefined;
  /** Told of every call, after the built-in ones. */
  readonly observers?: readonly CallObserver[] | undefined;
  /** A JSONL file, one line a call. Needs Node. `COMETAPI_RECORD_FILE`. */
  readonly recordFile?: string | undefined;
  /** A name for the work this client does, for records. `COMETAPI_WORKFLOW`. */
  readonly workflow?: string | undefined;
  /** A name for this run, for records. `COMETAPI_RUN_ID`. */
  readonly runId?: string | undefined;
  /** local, staging, production, ci, …; for records. `COMETAPI_ENVIRONMENT`. */
  readonly environment?: string | undefined;
  /** Documentation checked for this work, `URL@YYYY-MM-DD`; for records. `COMETAPI_DOCS_CHECKED` (comma-separated). */
  readonly docsChecked?: readonly (string | DocumentationCheck)[] | undefined;
  /** Sent as `X-Request-ID` and recorded with source `client`. */
  readonly requestId?: string | undefined;
  /** `openai` turns off the errors for truncated streams, HTML with 200 and wrong content types. */
  readonly compat?: 'openai' | undefined;
  /** Lets the client start in a browser, where everybody who opens the page can read the key. @default false */
  readonly dangerouslyAllowBrowser?: boolean | undefined;
}

/** Options of one call. */
export interface RequestOptions {
  readonly signal?: AbortSignal | null | undefined;
  readonly timeout?: number | undefined;
  readonly maxRetries?: number | undefined;
  readonly deadlineMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  readonly headers?: HeadersLike | null | undefined;
  readonly query?: QueryLike | null | undefined;
  /** @default a fresh UUID for each POST, the same on all its attempts (CometAPI documents no deduplication) */
  readonly idempotencyKey?: string | undefined;
  readonly telemetry?: { readonly attributes?: TelemetryAttributes | undefined } | undefined;
  readonly runId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly fetchOptions?: FetchOptions | undefined;
}
