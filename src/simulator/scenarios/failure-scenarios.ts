import { htmlPage, wholeBody } from '../bodies/body-steps';
import { errorAnswer, type FailureBody, failureAnswer, type RequestIdPlace } from '../bodies/error-body';
import type { RecordedRequest } from '../recorded-request';
import { encodeText, type HeaderPairs, type Step } from '../step';
import { type Scenario, single } from './scenario';

/** Headers as an object, or as pairs if a name occurs twice. */
export type HeaderLines = Readonly<Record<string, string>> | HeaderPairs;

/** Options of `scenario.fail()`. */
export interface FailOptions {
  /** `error.code`. @default '' (`invalid_request` for status 400 in the full envelope) */
  readonly code?: string;
  /** `error.message`, without the request id. @default a text that begins with 'simulated:' */
  readonly message?: string;
  /** `error.type`. @default 'comet_api_error' */
  readonly type?: string;
  /** Value of `retry-after`, sent unchanged: seconds, a date, or garbage. An array sends several header lines. */
  readonly retryAfter?: string | number | readonly (string | number)[];
  /** Value of `retry-after-ms`, sent unchanged. */
  readonly retryAfterMs?: string | number;
  /**
   * Kind of body. `hang` sends the first half of the JSON and then nothing.
   *
   * @default 'html' for 504 and 520 to 524, else 'json'
   */
  readonly body?: FailureBody;
  /** Place of the request id. `header` means `x-request-id`. @default as the simulator's options say */
  readonly requestId?: RequestIdPlace;
  /** Additional headers. */
  readonly headers?: HeaderLines;
}

/**
 * Answers every request with an error of this status. Does not check the path, key or body.
 *
 * @example
 * simulator.use(scenario.fail(429, { retryAfter: 1 }).then(scenario.ok));
 */
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

/** Returns header lines as pairs. */
export function headerPairs(headers: HeaderLines): HeaderPairs {
  // `isArray` does not narrow a readonly array, but an array can only be pairs here.
  return Array.isArray(headers) ? (headers as HeaderPairs) : Object.entries(headers);
}

/**
 * Redirects to `location`, which is sent unchanged.
 *
 * In memory, the simulator also answers the redirected request, whatever its host. No request leaves the process.
 */
export function redirect(status: number, location: string): Scenario {
  return single({ steps: () => wholeBody(status, '', '', [['location', location]]) });
}

/** Answers with an HTML page and status 200, like a wrong base URL. */
export function html200(): Scenario {
  return single({ steps: () => htmlPage(200) });
}

/** Answers with the error envelope and status 200. */
export function errorIn200(options: Pick<FailOptions, 'code' | 'message' | 'type'> = {}): Scenario {
  const message = options.message ?? 'simulated: failure with status 200';
  return single({ steps: (exchange) => errorAnswer(exchange, { ...options, message, status: 200 }) });
}

/** A body, or the pieces in which it is written. The iterable may be endless. */
export type BodyContent = string | Uint8Array | Iterable<string | Uint8Array>;

/** Options of `scenario.respond()`. */
export interface RespondOptions {
  /** HTTP status. @default 200 */
  readonly status?: number;
  /** Response headers. `content-type: application/json` is added if there is no content type. */
  readonly headers?: HeaderLines;
  /** The body, or a function of the request. One piece is sent with its length, an iterable in chunks. @default '' */
  readonly body?: BodyContent | ((request: RecordedRequest) => BodyContent);
}

/** Answers every request with exactly this status, headers and body. Does not check the path, key or body. */
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
 * Writes bytes to the socket without HTTP framing, then closes it. Requires `listen()`.
 *
 * The simulator adds no header to these bytes. In memory there is no socket, so `fetch` fails with a parser error.
 *
 * @param bytes the bytes, or a function of the request that returns them
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
 * Fails to connect. In memory, `fetch` rejects with this error code, and the simulator records and bills nothing.
 *
 * On a socket the connection already exists, so it is reset, and the request is recorded.
 *
 * @param code `ECONNREFUSED`, `ENOTFOUND`, `EAI_AGAIN`, `ETIMEDOUT`, …
 */
export function unreachable(code: string): Scenario {
  return single({ unreachable: code, steps: () => [{ kind: 'reset' }] });
}
