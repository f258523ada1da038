import { describe, expect, test } from 'vitest';
import { errorMessage } from '../../src/errors/error-message';
import type { CallFacts } from '../../src/facts/call-facts';
import type { ErrorCategory, FailureWord } from '../../src/facts/words';
import { categoryOf } from '../../src/retry/triage';
import { answeredWith, brokenOff, unanswered } from './failed-facts';

/** As the path would make them. */
const OF_STATUSES: readonly CallFacts[] = [
  301, 400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 422, 425, 429, 451, 500, 501, 502, 503, 504, 524, 529,
].map((status) => answeredWith(status, categoryOf({ kind: 'response', status })));

const said = (...facts: readonly CallFacts[]): string => facts.map((each) => errorMessage(each)).join('\n');

test('a status is told with what to do about it', () => {
  expect(said(...OF_STATUSES)).toMatchInlineSnapshot(`
    "301 the answer is not from the API: use the base URL exactly as documented, https://api.cometapi.com/v1.
    400 the gateway refused the request: check model, messages and the types of the fields.
    401 the gateway refused the API key: check COMETAPI_API_KEY.
    402 the account has no quota left: a person has to look at the account.
    403 the gateway does not allow this: remove model-specific fields and check the access of the key to the model.
    404 the gateway does not know this path or model: check the base URL and the model id.
    405 the gateway refused the request: check model, messages and the types of the fields.
    408 the gateway gave up waiting for the request: try again later.
    409 the gateway reports a conflict: see what it says before you send the request again.
    413 the request is larger than the gateway takes: send less.
    415 the gateway refused the request: check model, messages and the types of the fields.
    422 the gateway refused the request: check model, messages and the types of the fields.
    425 the gateway was not ready for the request: try again later.
    429 the gateway asks for fewer requests: lower the concurrency, then try again.
    451 the gateway refused the request: check model, messages and the types of the fields.
    500 the gateway or its provider failed: try again later, and keep the request id for support.
    501 the gateway or its provider failed: try again later, and keep the request id for support.
    502 the gateway or its provider failed: try again later, and keep the request id for support.
    503 the gateway or its provider failed: try again later, and keep the request id for support.
    504 the gateway gave up waiting for its provider: try again later, and keep the request id for support.
    524 the gateway gave up waiting for its provider: try again later, and keep the request id for support.
    529 the gateway or its provider failed: try again later, and keep the request id for support."
  `);
});

test('a code of the gateway says more than its status', () => {
  const facts = (
    [
      [429, 'insufficient_quota'],
      [503, 'model_not_found'],
      [500, 'invalid_request'],
      [400, 'invalid_api_key'],
    ] as const
  ).map(([status, code]) => answeredWith(status, categoryOf({ kind: 'response', status, code })));
  expect(said(...facts)).toMatchInlineSnapshot(`
    "429 the account has no quota left: a person has to look at the account.
    503 the gateway has no route for this model: check the model id.
    500 the gateway refused the request: check model, messages and the types of the fields.
    400 the gateway refused the API key: check COMETAPI_API_KEY."
  `);
});

test('a failure below HTTP is told in words of its own', () => {
  const words: Readonly<Record<FailureWord, ErrorCategory>> = {
    timeout: 'timeout',
    connection_refused: 'connection',
    connection_reset: 'connection',
    dns_error: 'connection',
    tls_error: 'tls',
    network_error: 'connection',
    protocol_error: 'unexpected_response',
    response_too_large: 'unexpected_response',
    stream_truncated: 'truncated_stream',
    stream_idle_timeout: 'stream_idle',
    _OTHER: 'unknown',
  };
  const facts = Object.entries(words).map(([word, category]) =>
    // Keys of a record of failure words are failure words.
    unanswered(word as FailureWord, category),
  );
  expect(said(...facts)).toMatchInlineSnapshot(`
    "Request timed out: no connection came about, so check network, proxy and base URL.
    The connection was refused: check base URL and proxy.
    The connection was closed before an answer came: try again later.
    The name of the gateway could not be resolved: check base URL and network.
    The connection could not be secured: check certificates, proxy and base URL.
    The gateway could not be reached: check network, proxy and base URL.
    What answered does not speak HTTP: check base URL and proxy.
    The answer is larger than the transport takes: ask for less.
    The connection broke before the answer was whole: try again later.
    The connection fell silent before the answer was whole: try again later.
    The request failed before an answer came: check fetch and fetchOptions, if you gave any."
  `);
});

test('a time-out names the limit that passed, its value and the option that raises it', () => {
  const timedOut = (endingReason: CallFacts['endingReason']): CallFacts =>
    unanswered('timeout', 'timeout', { endingReason, phase: 'headers' });
  expect(
    said(
      timedOut('header_timeout'),
      timedOut('deadline'),
      timedOut('queue_deadline'),
      unanswered('timeout', 'timeout', {}, { because: 'platform_limit' }),
      brokenOff({ endingReason: 'body_timeout', category: 'timeout', errorType: 'timeout', phase: 'body' }),
      brokenOff({ endingReason: 'max_stream_duration', category: 'timeout', errorType: 'timeout' }),
      brokenOff({ endingReason: 'stream_idle_timeout', category: 'stream_idle', errorType: 'stream_idle_timeout' }),
    ),
  ).toMatchInlineSnapshot(`
    "Request timed out: no answer began within 600000 ms. Raise timeout, or ask for less.
    Request timed out: attempts and waits took longer than 900000 ms. Raise deadlineMs, or ask for less.
    Request timed out: no connection was free within 900000 ms. Raise maxConnections or deadlineMs, or start fewer calls at once.
    Request timed out: a limit of the platform's own fetch passed before those of this client. Stream the answer, or pass a fetch without that limit.
    Request timed out: the answer was not whole within 600000 ms. Raise timeout, or stream the answer.
    The stream lasted longer than 3600000 ms: what was delivered is not whole. Raise maxStreamMs.
    The stream fell silent for 120000 ms: what was delivered is not whole. Raise idleTimeoutMs if the model may think longer."
  `);
});

test('an answer that did not end well is told by how it ended', () => {
  expect(
    said(
      brokenOff({ endingReason: 'stream_truncated', category: 'truncated_stream', errorType: 'stream_truncated' }),
      brokenOff({ endingReason: 'stream_error_event', errorType: '_OTHER' }),
      brokenOff({ endingReason: 'response_failed', errorType: '_OTHER' }),
      brokenOff({ endingReason: 'unexpected_response', errorType: '_OTHER' }),
      brokenOff({ endingReason: 'unexpected_response', category: 'path_or_base_url', errorType: '_OTHER' }),
      brokenOff({ endingReason: 'response_too_large', errorType: 'response_too_large' }),
      brokenOff({ endingReason: 'body_error', category: 'connection', errorType: 'connection_reset', phase: 'body' }),
      brokenOff({ endingReason: 'never_read', category: 'cancelled' }),
    ),
  ).toMatchInlineSnapshot(`
    "The stream ended before the answer did: what was delivered is not whole, so ask again for all of it.
    The gateway sent an error in the stream: what was delivered is not whole, so keep the request id for support.
    The gateway says that the response failed: keep the request id for support.
    200 the answer does not have the documented shape: keep the request id for support.
    200 the answer is not from the API: use the base URL exactly as documented, https://api.cometapi.com/v1.
    The answer is larger than maxResponseBytes: raise it, or ask for less.
    The connection broke before the answer was whole: try again later.
    The call was given up before it had ended."
  `);
});

test('the bound that ended the retries is named, and how often was sent', () => {
  expect(
    said(
      answeredWith(429, 'rate_limited', { because: 'attempts_exhausted', attempts: 3 }),
      answeredWith(429, 'rate_limited', { because: 'retry_after_exceeds_budget', retryAfterMs: 120_500 }),
      answeredWith(503, 'server_error', { because: 'deadline_would_pass', attempts: 2 }),
      answeredWith(503, 'server_error', { because: 'retry_budget_empty' }),
      answeredWith(503, 'server_error', { because: 'safe_mode' }),
      answeredWith(503, 'server_error', { because: 'body_not_replayable' }),
    ),
  ).toMatchInlineSnapshot(`
    "429 the gateway asks for fewer requests: lower the concurrency, then try again (after 3 attempts).
    429 the gateway asks for fewer requests: lower the concurrency, then try again. The gateway asks to wait 121 s, more than this call may.
    503 the gateway or its provider failed: try again later, and keep the request id for support (after 2 attempts). Another attempt did not fit into 900000 ms (deadlineMs).
    503 the gateway or its provider failed: try again later, and keep the request id for support. Not tried again: too many calls of this client had failed (retryBudget).
    503 the gateway or its provider failed: try again later, and keep the request id for support. Not tried again: retry is 'safe', and this request may have been worked on.
    503 the gateway or its provider failed: try again later, and keep the request id for support. Not tried again: a body that is a stream can be sent once."
  `);
});

describe('the pointer to the text of the server', () => {
  test('stands where that text names the cause best, and only where there is one', () => {
    const invalid = answeredWith(400, 'invalid_request');
    expect([
      errorMessage(invalid, true),
      errorMessage(invalid, false),
      errorMessage(answeredWith(401, 'auth_rejected'), true),
    ]).toMatchInlineSnapshot(`
        [
          "400 the gateway refused the request: check model, messages and the types of the fields. The gateway's own words are in error.serverMessage.",
          "400 the gateway refused the request: check model, messages and the types of the fields.",
          "401 the gateway refused the API key: check COMETAPI_API_KEY.",
        ]
      `);
  });
});

test('every category has a sentence that says what to do, without an open end', () => {
  const categories: readonly ErrorCategory[] = [
    ...new Set(OF_STATUSES.map(({ category }) => category)),
    'model_unavailable',
    'quota',
    'connection',
    'tls',
    'unexpected_response',
    'truncated_stream',
    'stream_idle',
    'cancelled',
    'unknown',
    'none',
  ];
  for (const category of categories) {
    expect(errorMessage(answeredWith(418, category))).toMatch(/^418 [a-z][^\n]{10,170}\.$/);
  }
});
