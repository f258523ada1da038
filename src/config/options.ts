import type { CallObserver } from '../facts/observer';
import type { Logger, LogLevel } from './logger';

/** An API key, or a function that returns one. The client calls the function once per attempt. */
export type ApiKeySource = string | (() => string | Promise<string>);

/** A function with the interface of `globalThis.fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A header value. `null` removes the header, `undefined` keeps the default. */
export type HeaderValue = string | null | undefined;

/** A header name with one value or several values. */
export type HeaderTuple = readonly [string, HeaderValue | readonly HeaderValue[]];

/** Headers in any form that `openai` accepts. */
export type HeadersLike =
  | Headers
  | readonly HeaderTuple[]
  | Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;

/** Query parameters. A parameter with the value `undefined` is not sent. */
export type QueryLike = Readonly<Record<string, unknown>>;

/** Fields of `RequestInit`, except `body`, `headers`, `method` and `signal`: the client sets these four. */
export type FetchOptions = Omit<RequestInit, 'body' | 'headers' | 'method' | 'signal'> & {
  /** An undici dispatcher, for example for a proxy or a client certificate. Node only. */
  readonly dispatcher?: unknown;
};

/**
 * Limits retries across all calls with a token bucket per client and origin.
 *
 * A retry costs 1 token, after a 429 half a token. Without enough tokens a call is not retried; it never waits for one.
 */
export interface RetryBudgetOptions {
  /** Tokens in a new bucket, and the maximum. @default 10 */
  readonly capacity: number;
  /** Tokens added by each call. @default 0.1 */
  readonly depositPerCall: number;
  /** Tokens added per second. @default 0.1 */
  readonly refillPerSecond: number;
}

/** Your own attributes. Names are dotted lowercase; values are numbers, booleans or text without spaces. */
export type TelemetryAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Selects the telemetry that the client emits, and the providers that receive it. */
export interface TelemetryOptions {
  /**
   * Emits spans, metrics and log events.
   *
   * Does not start an OpenTelemetry SDK.
   * Variable: `COMETAPI_TELEMETRY` (`on` or `off`).
   *
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Adds the route template to span names, and as `url.template`.
   *
   * Variable: `COMETAPI_URL_TEMPLATE` (`on` or `off`).
   *
   * @default true
   */
  readonly urlTemplate?: boolean;
  /**
   * Sends the `traceparent` of each attempt to CometAPI.
   *
   * Never sends baggage or `tracestate`.
   * Variable: `COMETAPI_PROPAGATE` (`on` or `off`).
   *
   * @default false
   */
  readonly propagate?: boolean;
  /**
   * Records the metric `http.client.request.duration`.
   *
   * Turn it off if an HTTP instrumentation records the same metric.
   *
   * @default true
   */
  readonly httpDurationMetric?: boolean;
  /**
   * Attributes for every span and log event of this client.
   *
   * Drops and counts invalid attributes; does not throw. Metrics do not carry these attributes.
   *
   * @default {}
   */
  readonly attributes?: TelemetryAttributes;
  /**
   * The tracer provider of this client.
   *
   * @default the global tracer provider, looked up when needed
   */
  readonly tracerProvider?: import('@opentelemetry/api').TracerProvider;
  /**
   * The meter provider of this client.
   *
   * @default the global meter provider, looked up when needed
   */
  readonly meterProvider?: import('@opentelemetry/api').MeterProvider;
}

/** A documentation page that you checked, and the date. */
export interface DocumentationCheck {
  /** An https URL without query. */
  readonly url: string;
  /** The access date, `YYYY-MM-DD`. */
  readonly accessedOn: string;
}

/**
 * Options of {@link CometAPI}. An option wins over its environment variable, and the variable over the default.
 *
 * A blank option is an error. A blank variable counts as missing.
 */
export interface ClientOptions {
  /**
   * The API key, or a function that returns it.
   *
   * A key needs at least 8 characters, because shorter text cannot be redacted. The client calls a function once per
   * attempt, so keys can rotate.
   * Required. Variables: `COMETAPI_API_KEY`, then `COMETAPI_KEY`.
   *
   * @throws CometAPIError if the key is missing or not allowed in a header. An error never contains the key.
   */
  readonly apiKey?: ApiKeySource | null | undefined;
  /**
   * The base URL of the API.
   *
   * Must not have a user name, a query or a fragment. `http` is allowed for this machine only.
   * Variable: `COMETAPI_BASE_URL`.
   *
   * @default https://api.cometapi.com/v1
   */
  readonly baseURL?: string | null | undefined;
  /**
   * Allows an `http` base URL on another machine. Anyone on the network path can then read the API key.
   *
   * @default false
   */
  readonly allowInsecureHttp?: boolean | undefined;
  /**
   * Maximum number of retries after the first attempt, from 0 to 4.
   *
   * A higher value becomes 4, with one warning.
   * Variable: `COMETAPI_MAX_ATTEMPTS`, which counts the first attempt too.
   *
   * @default 2
   */
  readonly maxRetries?: number | undefined;
  /**
   * Time limit of each attempt, in milliseconds: to the headers of a stream, to the end of a JSON body.
   *
   * A timeout before the headers is retried. CometAPI may process and bill such a request twice.
   * Variable: `COMETAPI_TIMEOUT_MS`.
   *
   * @default 120,000 for streams, 600,000 for JSON
   * @throws APIConnectionTimeoutError
   */
  readonly timeout?: number | undefined;
  /**
   * Time limit of the whole call, in milliseconds: the queue, all attempts and waits, and a JSON body.
   *
   * The default does not limit a stream whose headers have arrived. A value that you set does.
   * Variable: `COMETAPI_DEADLINE_MS`.
   *
   * @default max(900,000; timeout + 60,000)
   * @throws APIConnectionTimeoutError
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Maximum time between two data events of a stream, or between bytes of a JSON body, in milliseconds.
   *
   * Counts only while your code waits for data. Comments in the stream do not count as data.
   * Variable: `COMETAPI_STREAM_IDLE_TIMEOUT_MS`.
   *
   * @default 120,000
   * @throws StreamIdleError
   */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Maximum duration of a stream, in milliseconds. 0 turns the limit off.
   *
   * Variable: `COMETAPI_MAX_STREAM_MS`.
   *
   * @default 3,600,000
   * @throws APIConnectionTimeoutError
   */
  readonly maxStreamMs?: number | undefined;
  /**
   * Time after which an unread response is cancelled, in milliseconds. An unread response blocks a connection.
   *
   * The call then ends as `abandoned`, which is not a failure.
   *
   * @default 300,000
   */
  readonly unreadTimeoutMs?: number | undefined;
  /**
   * Longest `Retry-After` that the client waits for, in milliseconds.
   *
   * If CometAPI asks for a longer wait, the call fails at once and the error has `retryAfterMs`.
   * Variable: `COMETAPI_MAX_RETRY_AFTER_MS`.
   *
   * @default 60,000
   */
  readonly maxRetryAfterMs?: number | undefined;
  /**
   * Upper limit of the first backoff, in milliseconds.
   *
   * The limit doubles with each retry, and is twice as high after 429 and 529. The wait is a random part of the limit,
   * at least 50 ms.
   *
   * @default 500
   */
  readonly backoffBaseMs?: number | undefined;
  /**
   * Upper limit of every backoff, in milliseconds. Does not limit `Retry-After`.
   *
   * @default 8,000
   */
  readonly backoffCapMs?: number | undefined;
  /**
   * Limits retries across all calls of this client; `false` turns the limit off.
   *
   * Without enough tokens a call fails with its original error.
   * Variable: `COMETAPI_RETRY_BUDGET` (`capacity,depositPerCall,refillPerSecond` or `off`).
   *
   * @default 10, 0.1, 0.1
   */
  readonly retryBudget?: RetryBudgetOptions | false | undefined;
  /**
   * Selects the failures that are retried. `safe` retries only requests that never reached CometAPI.
   *
   * CometAPI documents no idempotency, so with `standard` a retried POST may be billed twice.
   *
   * @default 'standard'
   */
  readonly retry?: 'standard' | 'safe' | undefined;
  /**
   * Maximum number of concurrent requests, per client and origin.
   *
   * Further requests wait in order. Only `deadlineMs` limits this wait.
   * Variable: `COMETAPI_MAX_CONNECTIONS`.
   *
   * @default 64
   */
  readonly maxConnections?: number | undefined;
  /**
   * Maximum size of a response, in bytes after decompression.
   *
   * @default 67,108,864
   * @throws UnexpectedResponseError
   */
  readonly maxResponseBytes?: number | undefined;
  /**
   * A function that sends the requests instead of the platform's `fetch`.
   *
   * Runs in the caller's context: the client does not suppress other instrumentation around it.
   */
  readonly fetch?: Fetch | undefined;
  /**
   * Selects how requests are sent.
   *
   * On Node, `auto` bypasses `fetch` and uses its dispatcher directly, because that is faster. It uses `fetch` on other
   * runtimes, if the global `fetch` was replaced, if the body is a stream or a form, or if `fetchOptions` has fields
   * other than `dispatcher`.
   * Variable: `COMETAPI_TRANSPORT`.
   *
   * @default 'auto'
   */
  readonly transport?: 'auto' | 'fetch' | undefined;
  /** Fetch options added to every request, for example a `dispatcher` for a proxy. */
  readonly fetchOptions?: FetchOptions | undefined;
  /**
   * Headers added to every request of the typed methods. `null` removes a header that the client sets.
   *
   * Values of headers that contain secrets are redacted like the API key.
   */
  readonly defaultHeaders?: HeadersLike | null | undefined;
  /** Query parameters added to every URL of the typed methods. Their values are never recorded. */
  readonly defaultQuery?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Receives the log lines.
   *
   * @default console
   */
  readonly logger?: Logger | undefined;
  /**
   * The least severe level that is logged: `off`, `error`, `warn`, `info` or `debug`.
   *
   * No level logs content.
   * Variable: `COMETAPI_LOG`.
   *
   * @default 'warn'
   */
  readonly logLevel?: LogLevel | undefined;
  /** Telemetry options. */
  readonly telemetry?: TelemetryOptions | undefined;
  /**
   * Observers of every call. The client calls them after its built-in observers.
   *
   * An observer that throws does not affect the call.
   */
  readonly observers?: readonly CallObserver[] | undefined;
  /**
   * Path of a JSONL file that receives one record line per call. Needs Node.
   *
   * A line that cannot be written never fails a call.
   * Variable: `COMETAPI_RECORD_FILE`.
   */
  readonly recordFile?: string | undefined;
  /** Name of the workflow that this client serves, for records and log lines. Variable: `COMETAPI_WORKFLOW`. */
  readonly workflow?: string | undefined;
  /** Name of this run, for records and log lines. Variable: `COMETAPI_RUN_ID`. */
  readonly runId?: string | undefined;
  /** Environment name for records, such as `staging` or `ci`. Variable: `COMETAPI_ENVIRONMENT`. */
  readonly environment?: string | undefined;
  /**
   * Documentation pages that you checked, for records: `URL@YYYY-MM-DD`.
   *
   * Variable: `COMETAPI_DOCS_CHECKED` (comma-separated).
   */
  readonly docsChecked?: readonly (string | DocumentationCheck)[] | undefined;
  /**
   * Request id, sent as `X-Request-ID` and recorded with source `client`. Usually set per call.
   *
   * Up to 128 letters, digits and `. _ : -`.
   */
  readonly requestId?: string | undefined;
  /** `openai` delivers truncated streams, HTML with status 200 and wrong content types without an error. */
  readonly compat?: 'openai' | undefined;
  /**
   * Allows the client to start in a browser. Anyone who opens the page can then read the API key.
   *
   * @default false
   */
  readonly dangerouslyAllowBrowser?: boolean | undefined;
}

/** Options of one call. They win over the options of the client. */
export interface RequestOptions {
  /**
   * Ends the call when it aborts, in any phase.
   *
   * @throws APIUserAbortError whose `cause` is the reason of the signal
   */
  readonly signal?: AbortSignal | null | undefined;
  /** Time limit of each attempt, in milliseconds. See {@link ClientOptions.timeout}. */
  readonly timeout?: number | undefined;
  /** Maximum number of retries. See {@link ClientOptions.maxRetries}. */
  readonly maxRetries?: number | undefined;
  /** Time limit of the whole call, in milliseconds; limits a stream too. See {@link ClientOptions.deadlineMs}. */
  readonly deadlineMs?: number | undefined;
  /** Maximum time without data, in milliseconds. See {@link ClientOptions.idleTimeoutMs}. */
  readonly idleTimeoutMs?: number | undefined;
  /** Headers of this request. `null` removes a header that the client sets. */
  readonly headers?: HeadersLike | null | undefined;
  /** Query parameters added to the URL. Their values are never recorded. */
  readonly query?: QueryLike | null | undefined;
  /**
   * Sent as `Idempotency-Key` with every attempt of this call.
   *
   * CometAPI documents no deduplication, so the header does not prevent double billing.
   *
   * @default a new UUID for each POST
   */
  readonly idempotencyKey?: string | undefined;
  /** Attributes for the spans and the log event of this call. They win over the client's attributes. */
  readonly telemetry?: { readonly attributes?: TelemetryAttributes | undefined } | undefined;
  /** Name of the run that this call belongs to. An invalid name is ignored, because it may come from outside. */
  readonly runId?: string | undefined;
  /** Sent as `X-Request-ID` and recorded with source `client`. An invalid id is ignored. */
  readonly requestId?: string | undefined;
  /** Fetch options of this request. They win over the client's `fetchOptions`. */
  readonly fetchOptions?: FetchOptions | undefined;
}
