import { describe, expect, test } from 'vitest';
import { errorMessage } from '../../src/errors/error-message';
import type { CallFacts } from '../../src/facts/call-facts';
import type { ErrorCategory, FailureType } from '../../src/facts/enums';
import { categoryOf } from '../../src/retry/classify';
import { answeredWith, brokenOff, unanswered } from './failed-facts';

/** The facts that a real call would record. */
const OF_STATUSES: readonly CallFacts[] = [
  301, 400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 422, 425, 429, 451, 500, 501, 502, 503, 504, 524, 529,
].map((status) => answeredWith(status, categoryOf({ kind: 'response', status })));

const messages = (...facts: readonly CallFacts[]): string => facts.map((each) => errorMessage(each)).join('\n');

test('the message for a status states the status and what to do', () => {
  expect(messages(...OF_STATUSES)).toMatchInlineSnapshot(`
    "301 The response did not come from CometAPI's API. Set baseURL exactly as documented: https://api.cometapi.com/v1.
    400 CometAPI refused the request. Check the model, the messages and the types of the fields.
    401 CometAPI refused the API key. Check apiKey or COMETAPI_API_KEY.
    402 The CometAPI account has no quota left. Check the account.
    403 CometAPI refused access. Remove model-specific fields, and check that the API key may use the model.
    404 CometAPI does not know this path or model. Check baseURL and the model id.
    405 CometAPI refused the request. Check the model, the messages and the types of the fields.
    408 CometAPI timed out waiting for the request. Retry later.
    409 CometAPI reported a conflict. Find its cause before you send the request again.
    413 The request is larger than CometAPI accepts. Send a smaller request.
    415 CometAPI refused the request. Check the model, the messages and the types of the fields.
    422 CometAPI refused the request. Check the model, the messages and the types of the fields.
    425 CometAPI was not ready for the request. Retry later.
    429 CometAPI received too many requests. Send fewer requests at once, and retry later.
    451 CometAPI refused the request. Check the model, the messages and the types of the fields.
    500 CometAPI or its provider failed. Retry later, and keep the request id for support.
    501 CometAPI or its provider failed. Retry later, and keep the request id for support.
    502 CometAPI or its provider failed. Retry later, and keep the request id for support.
    503 CometAPI or its provider failed. Retry later, and keep the request id for support.
    504 CometAPI timed out waiting for its provider. Retry later, and keep the request id for support.
    524 CometAPI timed out waiting for its provider. Retry later, and keep the request id for support.
    529 CometAPI or its provider failed. Retry later, and keep the request id for support."
  `);
});

test('an error code of the server determines the message, if it is more specific than the status', () => {
  const facts = (
    [
      [429, 'insufficient_quota'],
      [503, 'model_not_found'],
      [500, 'invalid_request'],
      [400, 'invalid_api_key'],
    ] as const
  ).map(([status, code]) => answeredWith(status, categoryOf({ kind: 'response', status, code })));
  expect(messages(...facts)).toMatchInlineSnapshot(`
    "429 The CometAPI account has no quota left. Check the account.
    503 CometAPI has no route for this model. Check the model id.
    500 CometAPI refused the request. Check the model, the messages and the types of the fields.
    400 CometAPI refused the API key. Check apiKey or COMETAPI_API_KEY."
  `);
});

test('each transport failure has its own message', () => {
  const words: Readonly<Record<FailureType, ErrorCategory>> = {
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
  const facts = Object.entries(words).map(([errorType, category]) =>
    // The keys of `words` are failure words, so the cast is safe.
    unanswered(errorType as FailureType, category),
  );
  expect(messages(...facts)).toMatchInlineSnapshot(`
    "Request timed out: no connection was established. Check the network, the proxy and baseURL.
    The connection was refused. Check baseURL and the proxy.
    The connection closed before a response arrived. Retry later.
    The host name in baseURL could not be resolved. Check baseURL and the network.
    The TLS connection failed. Check the certificates, the proxy and baseURL.
    CometAPI could not be reached. Check the network, the proxy and baseURL.
    The server did not send a valid HTTP response. Check baseURL and the proxy.
    The response is larger than the transport accepts. Request a shorter answer.
    The connection broke before the answer was complete. Retry later.
    The connection stopped sending data before the answer was complete. Retry later.
    The request failed before a response arrived. Check fetch and fetchOptions, if you set them."
  `);
});

test('the message of a timeout names the option, its value and the action', () => {
  const timedOut = (endingReason: CallFacts['endingReason']): CallFacts =>
    unanswered('timeout', 'timeout', { endingReason, phase: 'headers' });
  expect(
    messages(
      timedOut('header_timeout'),
      timedOut('deadline'),
      timedOut('queue_deadline'),
      unanswered('timeout', 'timeout', {}, { because: 'platform_limit' }),
      brokenOff({ endingReason: 'body_timeout', category: 'timeout', errorType: 'timeout', phase: 'body' }),
      brokenOff({ endingReason: 'max_stream_duration', category: 'timeout', errorType: 'timeout' }),
      brokenOff({ endingReason: 'stream_idle_timeout', category: 'stream_idle', errorType: 'stream_idle_timeout' }),
    ),
  ).toMatchInlineSnapshot(`
    "Request timed out: no response headers within 600000 ms (timeout). Raise timeout, or request a shorter answer.
    Request timed out: attempts and waits took longer than 900000 ms (deadlineMs). Raise deadlineMs, or request a shorter answer.
    Request timed out: no connection became free within 900000 ms (deadlineMs). Raise maxConnections or deadlineMs, or start fewer calls at once.
    Request timed out: fetch reached its own time limit before a limit of this client. Stream the answer, or pass a fetch without that limit.
    Request timed out: the response was incomplete after 600000 ms (timeout). Raise timeout, or stream the answer.
    The stream took longer than 3600000 ms (maxStreamMs), so the answer is incomplete. Raise maxStreamMs.
    The stream sent no data for 120000 ms (idleTimeoutMs), so the answer is incomplete. Raise idleTimeoutMs if the model may need longer."
  `);
});

test('the message for an incomplete or wrong response depends on its ending', () => {
  expect(
    messages(
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
    "The stream ended early, so the answer is incomplete. Repeat the request.
    CometAPI sent an error in the stream, so the answer is incomplete. Keep the request id for support.
    CometAPI reported that the response failed. Keep the request id for support.
    200 The response does not have the documented shape. Keep the request id for support.
    200 The response did not come from CometAPI's API. Set baseURL exactly as documented: https://api.cometapi.com/v1.
    The response is larger than maxResponseBytes. Raise maxResponseBytes, or request a shorter answer.
    The connection broke before the answer was complete. Retry later.
    The call was cancelled before it ended. Repeat the request if you need the answer."
  `);
});

test('the message names the limit that ended the retries, and the number of attempts', () => {
  expect(
    messages(
      answeredWith(429, 'rate_limited', { because: 'attempts_exhausted', attempts: 3 }),
      answeredWith(429, 'rate_limited', { because: 'retry_after_exceeds_budget', retryAfterMs: 120_500 }),
      answeredWith(429, 'rate_limited', { because: 'retry_after_exceeds_budget', retryAfterMs: 30_000 }),
      answeredWith(503, 'server_error', { because: 'deadline_would_pass', attempts: 2 }),
      answeredWith(503, 'server_error', { because: 'retry_budget_empty' }),
      answeredWith(503, 'server_error', { because: 'safe_mode' }),
      answeredWith(503, 'server_error', { because: 'body_not_replayable' }),
    ),
  ).toMatchInlineSnapshot(`
    "429 CometAPI received too many requests (after 3 attempts). Send fewer requests at once, and retry later.
    429 CometAPI received too many requests. CometAPI asked to wait 121 s, which exceeds maxRetryAfterMs (60000 ms). Send fewer requests at once, and retry later.
    429 CometAPI received too many requests. CometAPI asked to wait 30 s, which does not fit into deadlineMs (900000 ms). Send fewer requests at once, and retry later.
    503 CometAPI or its provider failed (after 2 attempts). The next attempt did not fit into deadlineMs (900000 ms). Retry later, and keep the request id for support.
    503 CometAPI or its provider failed. Not retried: too many calls of this client failed, and its retry budget is empty (retryBudget). Retry later, and keep the request id for support.
    503 CometAPI or its provider failed. Not retried: CometAPI may have processed the request (retry: 'safe'). Retry later, and keep the request id for support.
    503 CometAPI or its provider failed. Not retried: a body that is a stream can be sent only once. Retry later, and keep the request id for support."
  `);
});

describe('the pointer to serverMessage', () => {
  test('appears if there is a server text and it explains this category best', () => {
    const invalid = answeredWith(400, 'invalid_request');
    expect([
      errorMessage(invalid, true),
      errorMessage(invalid, false),
      errorMessage(answeredWith(401, 'auth_rejected'), true),
    ]).toMatchInlineSnapshot(`
      [
        "400 CometAPI refused the request. Check the model, the messages and the types of the fields. Read the server's text in error.serverMessage.",
        "400 CometAPI refused the request. Check the model, the messages and the types of the fields.",
        "401 CometAPI refused the API key. Check apiKey or COMETAPI_API_KEY.",
      ]
    `);
  });
});

test('every category has a message with two sentences: what happened, what to do', () => {
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
    expect(errorMessage(answeredWith(418, category))).toMatch(/^418 [A-Z][^\n.]{10,90}\. [A-Z][^\n]{5,90}[^.]\.$/);
  }
});
