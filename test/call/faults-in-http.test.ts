import { describe } from 'vitest';
import {
  completed,
  type Fault,
  HALF_OF_THE_WAYS,
  healthy,
  type Story,
  testFaults,
  type Way,
} from '../support/fault-story';
import {
  both,
  bytes,
  CHAT_ANSWER,
  COMPLETED,
  CREATED,
  DONE,
  delta,
  EVENT_STREAM,
  errorBody,
  events,
  FINISH,
  head,
  RESPONSES_ANSWER,
  TEXT_DELTA,
  whole,
} from '../support/wire-bytes';

const JSON_TYPE = { 'content-type': 'application/json' };
const answerOf = ({ endpoint }: Way): string => (endpoint === 'chat' ? CHAT_ANSWER : RESPONSES_ANSWER);

const CLASS: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
};
const classOf = (status: number): string => CLASS[status] ?? (status >= 500 ? 'InternalServerError' : 'APIError');

/** The category of each status. The others are `invalid_request` below 500 and `server_error` from 500 on. */
const CATEGORY: Readonly<Record<number, string>> = {
  401: 'auth_rejected',
  402: 'quota',
  403: 'permission_denied',
  404: 'not_found',
  408: 'timeout',
  413: 'payload_too_large',
  425: 'server_error',
  429: 'rate_limited',
  504: 'gateway_timeout',
  522: 'gateway_timeout',
  524: 'gateway_timeout',
};
const categoryOf = (status: number): string => CATEGORY[status] ?? (status >= 500 ? 'server_error' : 'invalid_request');

const RETRIED = [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529];
const FINAL = [400, 401, 402, 403, 404, 405, 409, 413, 415, 418, 422, 501, 505, 511, 599];

interface ErrorStory {
  readonly bytes: number;
  readonly code?: string;
  readonly category?: string;
}

const forEver =
  (status: number, { bytes: size, code, category = categoryOf(status) }: ErrorStory): Fault['story'] =>
  ({ entryPoint }): Story => {
    const isRetried = RETRIED.includes(status);
    const named = code === undefined ? '' : `${code} `;
    return {
      requests: isRetried ? 3 : 1,
      attempts: isRetried
        ? `${status} retryable_status, ${status} retryable_status, ${status} attempts_exhausted`
        : `${status} final_status`,
      ending: `failed http_status ${category} ${status} in headers`,
      caller:
        entryPoint === 'client'
          ? `${classOf(status)} ${status} ${category} ${named}${isRetried ? 'retryable' : 'final'} in headers`
          : `${status}, ${size} bytes`,
    };
  };

const once =
  (status: number): Fault['story'] =>
  (way) => ({
    requests: 2,
    attempts: `${status} retryable_status, 200 success`,
    ...completed(way),
  });

const NAMED = errorBody('rate_limit_exceeded');
const PAGE = '<html>Bad gateway</html>';

describe('statuses', () => {
  const faults: Record<string, Fault> = {};
  for (const status of RETRIED) {
    faults[`${status} once`] = { steps: (way) => [whole(NAMED, { status }), healthy(way)], story: once(status) };
  }
  for (const status of [...RETRIED, ...FINAL]) {
    faults[`${status} for every attempt, with a JSON body`] = {
      steps: () => [whole(NAMED, { status })],
      story: forEver(status, { bytes: NAMED.length, code: 'rate_limit_exceeded' }),
    };
  }
  testFaults(faults, HALF_OF_THE_WAYS);
});

describe('error bodies', () => {
  const faults: Record<string, Fault> = {};
  for (const status of [403, 502]) {
    faults[`${status} with an HTML page`] = {
      steps: () => [whole(PAGE, { status, headers: { 'content-type': 'text/html' } })],
      story: forEver(status, { bytes: PAGE.length }),
    };
    faults[`${status} with an empty body`] = {
      steps: () => [whole('', { status })],
      story: forEver(status, { bytes: 0 }),
    };
    faults[`${status} with plain text`] = {
      steps: () => [whole('no', { status, headers: { 'content-type': 'text/plain' } })],
      story: forEver(status, { bytes: 2 }),
    };
    faults[`${status} with a large body`] = {
      steps: () => [whole('x'.repeat(90_000), { status, headers: { 'content-type': 'text/plain' } })],
      story: forEver(status, { bytes: 90_000 }),
    };
  }
  testFaults({
    ...faults,
    'a final error code in a retryable status': {
      steps: () => [whole(errorBody('invalid_request'), { status: 500 })],
      story: ({ entryPoint }) => ({
        requests: 1,
        attempts: '500 final_code',
        ending: 'failed http_status invalid_request 500 in headers',
        caller:
          entryPoint === 'client'
            ? 'InternalServerError 500 invalid_request invalid_request final in headers'
            : `500, ${errorBody('invalid_request').length} bytes`,
      }),
    },
    'a hanging error body delays the retry only by its limit': {
      steps: (way) => [bytes(head({ status: 503 }, 500), '{"error":'), healthy(way)],
      story: once(503),
    },
    'a hanging error body of the last attempt fails after idleTimeoutMs': {
      steps: () => [bytes(head({ status: 403 }, 500), '{"error":')],
      options: { idleTimeoutMs: 300 },
      story: (way) => ({
        ...forEver(403, { bytes: 0 })(way),
        ...(way.entryPoint === 'fetch' && { caller: '403, then TypeError stream_idle_timeout' }),
      }),
    },
    'a broken error body also fails for the caller who reads it': {
      steps: () => [both(bytes(head({ status: 403 }, 500), '{"error":'), (exchange) => exchange.reset())],
      story: (way) => ({
        ...forEver(403, { bytes: 0 })(way),
        ...(way.entryPoint === 'fetch' && { caller: '403, then TypeError connection_reset' }),
      }),
    },
    'a status that the Response constructor rejects is passed on': {
      steps: () => [whole('odd', { status: 799 })],
      story: ({ entryPoint }) => ({
        requests: 1,
        attempts: '799 final_status',
        ending: 'failed http_status server_error 799 in headers',
        caller: entryPoint === 'client' ? 'InternalServerError 799 server_error final in headers' : '799, 3 bytes',
      }),
    },
  });
});

const redirected =
  (status: number): Fault['story'] =>
  ({ entryPoint }) => ({
    requests: 1,
    attempts: `${status} redirect`,
    ending: `failed redirect path_or_base_url ${status} _OTHER in headers`,
    caller:
      entryPoint === 'client' ? `RedirectError ${status} path_or_base_url final in headers` : `${status}, 0 bytes`,
  });

describe('redirects', () => {
  const faults: Record<string, Fault> = {};
  for (const status of [301, 302, 303, 307, 308]) {
    faults[`${status} is never followed`] = {
      // Points to itself. A client that follows it would send a second request.
      steps: () => [whole('', { status, headers: { location: '/v1/chat/completions' } })],
      story: redirected(status),
    };
  }
  testFaults({
    ...faults,
    '304 without a location': { steps: () => [bytes('HTTP/1.1 304 Not Modified\r\n\r\n')], story: redirected(304) },
  });
});

const answered: Fault['story'] = (way) => ({ requests: 1, attempts: '200 success', ...completed(way) });
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n';

describe('unusual but valid HTTP', () => {
  testFaults({
    'early hints': { steps: (way) => [both(bytes(HINTS), healthy(way))], story: answered },
    'no reason phrase': { mode: 'json', steps: (way) => [whole(answerOf(way), { reason: '' })], story: answered },
    'repeated headers': {
      mode: 'json',
      steps: (way) => [
        whole(answerOf(way), { headers: { ...JSON_TYPE, 'x-request-id': ['one', 'two'], vary: ['a', 'b'] } }),
      ],
      story: answered,
    },
    'HTTP/1.0, with a body that ends with its connection': {
      mode: 'json',
      steps: (way) => [whole(answerOf(way), { version: '1.0', framing: 'close' })],
      story: answered,
    },
    'a body that ends with its connection': {
      mode: 'json',
      steps: (way) => [whole(answerOf(way), { framing: 'close' })],
      story: answered,
    },
    'a connection that the server closes after each response': {
      mode: 'json',
      steps: (way) => [
        both(whole(answerOf(way), { headers: { ...JSON_TYPE, connection: 'close' } }), (exchange) => exchange.end()),
      ],
      story: answered,
    },
    'a chunked body': { mode: 'json', steps: (way) => [whole(answerOf(way), { framing: 'chunked' })], story: answered },
    'more bytes than content-length states': {
      mode: 'json',
      steps: (way) => [bytes(head({}, answerOf(way).length), `${answerOf(way)}and more`)],
      story: answered,
    },
    'a stream in one write': {
      mode: 'stream',
      steps: (way) => [way.endpoint === 'chat' ? events(delta('hel') + delta('lo') + FINISH + DONE) : healthy(way)],
      story: answered,
    },
    'a stream with a content-length': {
      mode: 'stream',
      steps: ({ endpoint }) => [
        whole(endpoint === 'chat' ? delta('hel') + delta('lo') + FINISH + DONE : CREATED + TEXT_DELTA + COMPLETED, {
          headers: EVENT_STREAM,
        }),
      ],
      story: answered,
    },
  });
});
