import { htmlPage, wholeBody } from './body-steps';
import { errorAnswer, type FailureBody, failureAnswer, type RequestIdPlace } from './error-body';
import type { RecordedRequest } from './recorded-request';
import { type Scenario, single } from './scenario';
import { encodeText, type HeaderPairs, type Step } from './step';

/** Headers as an object, or as pairs where a name comes twice. */
export type HeaderLines = Readonly<Record<string, string>> | HeaderPairs;

/** Choices of `scenario.fail()`. */
export interface FailOptions {
  /** `error.code`. @default '' ('invalid_request' for 400 in the full envelope) */
  readonly code?: string;
  /** The message, without the request id. */
  readonly message?: string;
  /** `error.type`. @default 'comet_api_error' */
  readonly type?: string;
  /** `retry-after` exactly as given: seconds, a date, garbage; an array makes several header lines. */
  readonly retryAfter?: string | number | readonly (string | number)[];
  /** `retry-after-ms` exactly as given. */
  readonly retryAfterMs?: string | number;
  /** The kind of body; `hang` sends half of the JSON and then nothing. @default 'html' for 504 and 520 to 524, else 'json' */
  readonly body?: FailureBody;
  /** Where the request id is; `header` is `x-request-id`. @default as the simulator is set */
  readonly requestId?: RequestIdPlace;
  /** More headers. */
  readonly headers?: HeaderLines;
}

/** Fails every request with `status`, whatever its key and body. */
export function fail(status: number, options: FailOptions = {}): Scenario {
  const isProxyPage = status === 504 || (status >= 520 && status <= 524);
  const failure = {
    status,
    message: options.message ?? defaultMessage(status, options.code),
    code: options.code,
    type: options.type,
    requestId: options.requestId,
  };
  const body = options.body ?? (isProxyPage ? 'html' : 'json');
  return single({ steps: (exchange) => failureAnswer(exchange, failure, body, failHeaders(options)) });
}

function defaultMessage(status: number, code: string | undefined): string {
  return code === 'model_not_found'
    ? 'simulated: no available channel for this model'
    : `simulated: failure with status ${status}`;
}

function failHeaders({ retryAfter = [], retryAfterMs, headers = [] }: FailOptions): HeaderPairs {
  const waits = typeof retryAfter === 'object' ? retryAfter : [retryAfter];
  return [
    ...waits.map((value) => ['retry-after', String(value)] as const),
    ...(retryAfterMs === undefined ? [] : [['retry-after-ms', String(retryAfterMs)] as const]),
    ...headerPairs(headers),
  ];
}

/** Header lines of an object or of pairs. */
export function headerPairs(headers: HeaderLines): HeaderPairs {
  // An array is the pairs already; `isArray` does not narrow a readonly one.
  return Array.isArray(headers) ? (headers as HeaderPairs) : Object.entries(headers);
}

/** Redirects to `location`, exactly as given. In memory, wherever it leads is answered by the simulator too. */
export function redirect(status: number, location: string): Scenario {
  return single({ steps: () => wholeBody(status, '', '', [['location', location]]) });
}

/** A page with status 200, as a wrong base URL gets. */
export function html200(): Scenario {
  return single({ steps: () => htmlPage(200) });
}

/** The error envelope with status 200. */
export function errorIn200(options: Pick<FailOptions, 'code' | 'message' | 'type'> = {}): Scenario {
  const message = options.message ?? 'simulated: failure with status 200';
  return single({ steps: (exchange) => errorAnswer(exchange, { ...options, message, status: 200 }) });
}

/** A body, or the pieces it is written in. Pieces may be endless. */
export type BodyContent = string | Uint8Array | Iterable<string | Uint8Array>;

/** Choices of `scenario.respond()`. */
export interface RespondOptions {
  /** @default 200 */
  readonly status?: number;
  /** A `content-type` of `application/json` is added when there is none. */
  readonly headers?: HeaderLines;
  /** One piece is sent with its length, several are sent in chunks. @default '' */
  readonly body?: BodyContent | ((request: RecordedRequest) => BodyContent);
}

/** Answers exactly this, whatever the request. */
export function respond(options: RespondOptions = {}): Scenario {
  return single({ steps: (exchange) => respondSteps(options, exchange.request) });
}

function* respondSteps(options: RespondOptions, request: RecordedRequest): Generator<Step> {
  const { status = 200, body = '' } = options;
  const content = typeof body === 'function' ? body(request) : body;
  const headers = headerPairs(options.headers ?? {});
  const typed: HeaderPairs = headers.some(([name]) => name.toLowerCase() === 'content-type')
    ? headers
    : [['content-type', 'application/json'], ...headers];
  if (typeof content === 'string' || content instanceof Uint8Array) {
    yield* wholeBody(status, '', content, typed);
    return;
  }
  yield { kind: 'head', head: { status, headers: typed } };
  for (const piece of content) {
    yield { kind: 'bytes', bytes: typeof piece === 'string' ? encodeText(piece) : piece };
  }
  yield { kind: 'end' };
}

/**
 * Writes bytes on the socket past all HTTP framing and closes. Not every answer of the kind carries the simulator's
 * header. In memory there is no socket: the call fails as one that got no HTTP.
 */
export function raw(bytes: string | Uint8Array | ((request: RecordedRequest) => string | Uint8Array)): Scenario {
  return single({
    *steps({ request }) {
      const content = typeof bytes === 'function' ? bytes(request) : bytes;
      yield { kind: 'raw', bytes: typeof content === 'string' ? encodeText(content) : content };
      yield { kind: 'end' };
    },
  });
}

/**
 * In memory: the connection never comes about and fetch fails with this code (`ECONNREFUSED`, `ENOTFOUND`, `EAI_AGAIN`,
 * `ETIMEDOUT`, …); nothing is received or billed. A socket that exists cannot do that: it is reset.
 */
export function unreachable(code: string): Scenario {
  return single({ unreachable: code, steps: () => [{ kind: 'reset' }] });
}
