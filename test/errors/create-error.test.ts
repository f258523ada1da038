import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CometAPI } from '../../src/client';
import type { APIError } from '../../src/errors/api-error';
import { createError, type ServerValues } from '../../src/errors/create-error';
import type { CallFacts } from '../../src/facts/call-facts';
import type { DecisionReason } from '../../src/facts/enums';
import { createRedactor } from '../../src/facts/redaction/redactor';
import { anIdentifier } from '../support/facts';
import { answeredWith, brokenOff, unanswered } from './failed-facts';

const REDACTOR = createRedactor();
const REQUEST_ID = '20260101080000123456789AbCdEfGh';

const errorOf = (facts: CallFacts, server?: ServerValues, headers?: Headers): APIError =>
  createError({ facts, server, headers, redactor: REDACTOR });

/** The class names of the prototype chain, most specific first. */
function lineage(error: Error): string[] {
  const names: string[] = [];
  for (let at: object = Object.getPrototypeOf(error); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(at.constructor.name);
  }
  return names;
}

describe('the class of an error', () => {
  test.each([
    [400, 'BadRequestError'],
    [401, 'AuthenticationError'],
    [402, 'APIError'],
    [403, 'PermissionDeniedError'],
    [404, 'NotFoundError'],
    [408, 'APIError'],
    [409, 'ConflictError'],
    [413, 'APIError'],
    [422, 'UnprocessableEntityError'],
    [429, 'RateLimitError'],
    [500, 'InternalServerError'],
    [502, 'InternalServerError'],
    [503, 'InternalServerError'],
    [504, 'InternalServerError'],
    [529, 'InternalServerError'],
  ])('for status %i is %s', (status, name) => {
    const error = errorOf(answeredWith(status, 'unknown'));
    expect([error.name, error.status, error.requestID]).toEqual([name, status, REQUEST_ID]);
    expect(lineage(error)).toEqual([...new Set([name, 'APIError', 'CometAPIError', 'Error'])]);
  });

  const timedOut = { errorType: 'timeout', category: 'timeout' } as const;
  const endings: readonly (readonly [CallFacts, readonly string[]])[] = [
    [answeredWith(302, 'path_or_base_url'), ['RedirectError']],
    [unanswered('connection_refused', 'connection'), ['APIConnectionError']],
    [unanswered('tls_error', 'tls'), ['APIConnectionError']],
    [unanswered('timeout', 'timeout'), ['APIConnectionTimeoutError', 'APIConnectionError']],
    [
      unanswered('timeout', 'timeout', { endingReason: 'header_timeout' }),
      ['APIConnectionTimeoutError', 'APIConnectionError'],
    ],
    [
      unanswered('timeout', 'timeout', { endingReason: 'deadline' }),
      ['APIConnectionTimeoutError', 'APIConnectionError'],
    ],
    [
      unanswered('timeout', 'timeout', { endingReason: 'queue_deadline', attempts: [] }),
      ['APIConnectionTimeoutError', 'APIConnectionError'],
    ],
    [brokenOff({ endingReason: 'body_timeout', ...timedOut }), ['APIConnectionTimeoutError', 'APIConnectionError']],
    [
      brokenOff({ endingReason: 'max_stream_duration', ...timedOut }),
      ['APIConnectionTimeoutError', 'APIConnectionError'],
    ],
    [brokenOff({ endingReason: 'body_error', category: 'connection' }), ['APIConnectionError']],
    [brokenOff({ endingReason: 'stream_truncated', category: 'truncated_stream' }), ['StreamTruncatedError']],
    [brokenOff({ endingReason: 'stream_idle_timeout', category: 'stream_idle' }), ['StreamIdleError']],
    [brokenOff({ endingReason: 'unexpected_response' }), ['UnexpectedResponseError']],
    [brokenOff({ endingReason: 'response_too_large' }), ['UnexpectedResponseError']],
    [brokenOff({ endingReason: 'stream_error_event' }), []],
    [brokenOff({ endingReason: 'response_failed' }), []],
    [unanswered('_OTHER', 'cancelled', { ending: 'cancelled', endingReason: 'caller_abort' }), ['APIUserAbortError']],
  ];
  test.each(endings.map(([facts, names]) => [facts.endingReason, facts.errorType, names, facts] as const))(
    'for the ending %s (error type %s) is %j under APIError',
    (_reason, _type, names, facts) => {
      const error = errorOf(facts);
      expect(lineage(error)).toEqual([...names, 'APIError', 'CometAPIError', 'Error']);
      expect(error.name).toBe(names[0] ?? 'APIError');
    },
  );

  test('is also a static member of the client class, with the name it has in openai', () => {
    const error = errorOf(answeredWith(401, 'auth_rejected'));
    expect([
      error instanceof CometAPI.AuthenticationError,
      error instanceof CometAPI.APIError,
      error instanceof CometAPI.OpenAIError,
      error instanceof CometAPI.RateLimitError,
    ]).toEqual([true, true, true, false]);
  });
});

describe('the properties of an error', () => {
  const server: ServerValues = {
    code: anIdentifier('name', 'invalid_request'),
    type: anIdentifier('name', 'comet_api_error'),
    param: anIdentifier('name', 'messages'),
    serverMessage: 'a sentence of the server',
  };
  const facts = answeredWith(429, 'rate_limited', { because: 'retry_after_exceeds_budget', retryAfterMs: 120_000 });
  const headers = new Headers({
    'x-request-id': REQUEST_ID,
    'retry-after': '120',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-tokens': '6m0s',
    'set-cookie': 'session=1',
    'x-echo': 'any text of the server',
    'content-type': 'application/json',
  });
  const error = errorOf(facts, server, headers);

  test('that are enumerable have these names and values', () => {
    expect({ ...error }).toEqual({
      status: 429,
      code: 'invalid_request',
      type: 'comet_api_error',
      param: 'messages',
      requestID: REQUEST_ID,
      category: 'rate_limited',
      retryable: true,
      phase: 'headers',
      retryAfterMs: 120_000,
      attempts: facts.attempts,
    });
  });

  test('that must not be printed exist but are not enumerable', () => {
    expect({
      serverMessage: error.serverMessage,
      facts: error.facts === facts,
      headers: Object.fromEntries(error.headers ?? []),
      error: 'error' in error,
      problems: error.problems,
    }).toEqual({
      serverMessage: 'a sentence of the server',
      facts: true,
      headers: {
        'x-request-id': REQUEST_ID,
        'retry-after': '120',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      error: false,
      problems: [],
    });
    const enumerable = ['serverMessage', 'facts', 'headers', 'problems', 'cause', 'message', 'stack', 'name'].filter(
      (name) => Object.keys(error).includes(name),
    );
    expect(enumerable).toEqual([]);
  });

  test('are undefined without a response, and serverMessage is empty', () => {
    const none = errorOf(unanswered('connection_refused', 'connection'));
    expect({ ...none, serverMessage: none.serverMessage, headers: none.headers }).toEqual({
      status: undefined,
      code: undefined,
      type: undefined,
      param: undefined,
      requestID: undefined,
      category: 'connection',
      retryable: false,
      phase: 'connect',
      retryAfterMs: undefined,
      attempts: none.facts?.attempts,
      serverMessage: '',
      headers: undefined,
    });
  });

  test('contain no status for an error event in a stream, because the HTTP status was 200', () => {
    expect(errorOf(brokenOff({ endingReason: 'stream_error_event' })).status).toBeUndefined();
    expect(errorOf(brokenOff({ endingReason: 'stream_truncated' })).status).toBe(200);
  });
});

describe('the kept headers', () => {
  const kept = (given: Record<string, string>, redactor = REDACTOR): Record<string, string> =>
    Object.fromEntries(
      createError({ facts: answeredWith(503, 'server_error'), headers: new Headers(given), redactor }).headers ?? [],
    );

  test('have known names, and values that match the pattern of each name', () => {
    expect(
      kept({
        'retry-after': 'Sat, 21 Nov 2026 12:00:00 GMT',
        'retry-after-ms': '1500.5',
        'cf-ray': REQUEST_ID,
        'x-oneapi-request-id': 'another-id-than-the-one-in-the-facts',
        'x-ratelimit-limit-requests': 'a sentence',
        'x-ratelimit-reset': '2026-11-21t12:00:00.000z',
        'anthropic-organization-id': '12345678',
      }),
    ).toEqual({
      'retry-after': 'Sat, 21 Nov 2026 12:00:00 GMT',
      'retry-after-ms': '1500.5',
      'cf-ray': REQUEST_ID,
      'x-ratelimit-reset': '2026-11-21t12:00:00.000z',
    });
  });

  test('contain no part of a secret', () => {
    const secret = String(randomInt(10 ** 13, 10 ** 14));
    const redactor = createRedactor([secret]);
    expect(
      kept({ 'x-ratelimit-remaining': secret, 'retry-after': secret.slice(2), 'retry-after-ms': '5' }, redactor),
    ).toEqual({ 'retry-after-ms': '5' });
  });
});

describe('retryable', () => {
  test.each<[DecisionReason, boolean]>([
    ['attempts_exhausted', true],
    ['retry_after_exceeds_budget', true],
    ['deadline_would_pass', true],
    ['retry_budget_empty', true],
    ['safe_mode', true],
    ['body_not_replayable', true],
    ['final_status', false],
    ['final_code', false],
    ['x_should_retry_false', false],
  ])('for an error status with the decision %s is %s', (because, retryable) => {
    expect(errorOf(answeredWith(503, 'server_error', { because })).retryable).toBe(retryable);
  });

  test('is true after a timeout or an incomplete response, and false if the same failure would repeat', () => {
    const endings: readonly CallFacts[] = [
      unanswered('timeout', 'timeout', { endingReason: 'queue_deadline', attempts: [] }),
      unanswered('timeout', 'timeout', { endingReason: 'deadline' }, { because: 'final_transport_failure' }),
      unanswered('dns_error', 'connection', {}, { because: 'dns_retried_once' }),
      brokenOff({ endingReason: 'body_timeout' }),
      brokenOff({ endingReason: 'body_error' }),
      brokenOff({ endingReason: 'stream_truncated' }),
      brokenOff({ endingReason: 'stream_idle_timeout' }),
      brokenOff({ endingReason: 'max_stream_duration' }),
      brokenOff({ endingReason: 'unexpected_response' }),
      brokenOff({ endingReason: 'response_too_large' }),
      brokenOff({ endingReason: 'stream_error_event' }),
      unanswered('tls_error', 'tls', {}, { because: 'tls_error' }),
      unanswered('timeout', 'timeout', {}, { because: 'platform_limit' }),
      answeredWith(302, 'path_or_base_url'),
      unanswered('_OTHER', 'cancelled', { ending: 'cancelled', endingReason: 'caller_abort' }),
    ];
    const retryable = endings.filter((facts) => errorOf(facts).retryable);
    expect(retryable.map(({ endingReason }) => endingReason)).toEqual([
      'queue_deadline',
      'deadline',
      'connection',
      'body_timeout',
      'body_error',
      'stream_truncated',
      'stream_idle_timeout',
    ]);
  });
});
