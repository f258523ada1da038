import { describe, expect, test } from 'vitest';
import type { FailureType, ServerCode } from '../../src/facts/enums';
import { type AttemptOutcome, categoryOf, classify, errorTypeOf, type FailureOutcome } from '../../src/retry/classify';

const STATUSES = [
  0, 100, 103, 199, 200, 204, 299, 300, 301, 302, 304, 307, 308, 399, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413,
  415, 418, 422, 425, 426, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 519, 520, 521, 522, 523, 524, 525,
  526, 527, 528, 529, 530, 598, 599, 999,
];

const CODES: readonly ServerCode[] = [
  'invalid_request',
  'invalid_request_error',
  'invalid_api_key',
  'model_not_found',
  'context_length_exceeded',
  'insufficient_quota',
  'quota_exceeded',
  'insufficient_user_quota',
  'billing_hard_limit_reached',
  'rate_limit_exceeded',
  'server_error',
  'unknown_parameter',
  'missing_required_parameter',
  'content_filter',
  '_OTHER',
];

const RETRYABLE = STATUSES.filter((status) => classify({ kind: 'response', status }).verdict === 'retryable');

const verdictOf = (outcome: AttemptOutcome): string => {
  const sorted = classify(outcome);
  return sorted.verdict === 'success' ? 'success' : `${sorted.verdict}: ${sorted.because}`;
};

const grouped = (entries: readonly (readonly [string | number, string])[]): string =>
  [...Map.groupBy(entries, ([, value]) => value)]
    .map(([value, members]) => `${value} <- ${members.map(([name]) => name).join(' ')}`)
    .join('\n');

test('statuses without an error code have these verdicts', () => {
  expect(grouped(STATUSES.map((status) => [status, verdictOf({ kind: 'response', status })]))).toMatchInlineSnapshot(`
    "final: final_status <- 0 100 103 199 400 401 402 403 404 405 409 410 413 415 418 422 426 431 451 499 501 505 507 519 525 526 527 528 530 598 599 999
    success <- 200 204 299
    final: redirect <- 300 301 302 304 307 308 399
    retryable: retryable_status <- 408 425 429 500 502 503 504 520 521 522 523 524 529"
  `);
});

describe('an error code makes a retryable status final if the same request would fail again', () => {
  test('in the field code', () => {
    const verdicts = CODES.map((code) => {
      const [first, ...others] = RETRYABLE.map((status) => verdictOf({ kind: 'response', status, code }));
      expect(others.every((other) => other === first)).toBe(true);
      return [code, first ?? ''] as const;
    });
    expect(grouped(verdicts)).toMatchInlineSnapshot(`
      "final: final_code <- invalid_request invalid_api_key model_not_found context_length_exceeded insufficient_quota quota_exceeded insufficient_user_quota billing_hard_limit_reached
      retryable: retryable_status <- invalid_request_error rate_limit_exceeded server_error unknown_parameter missing_required_parameter content_filter _OTHER"
    `);
  });

  test('in the field type, where invalid_request is only a family of errors', () => {
    const verdicts = CODES.map((type) => {
      const [first, ...others] = RETRYABLE.map((status) => verdictOf({ kind: 'response', status, type }));
      expect(others.every((other) => other === first)).toBe(true);
      return [type, first ?? ''] as const;
    });
    expect(grouped(verdicts)).toMatchInlineSnapshot(`
      "retryable: retryable_status <- invalid_request invalid_request_error rate_limit_exceeded server_error unknown_parameter missing_required_parameter content_filter _OTHER
      final: final_code <- invalid_api_key model_not_found context_length_exceeded insufficient_quota quota_exceeded insufficient_user_quota billing_hard_limit_reached"
    `);
  });
});

describe('x-should-retry', () => {
  test('false makes a retryable status final, but a final code is the reason that is reported', () => {
    expect(verdictOf({ kind: 'response', status: 503, shouldRetry: false })).toBe('final: x_should_retry_false');
    expect(verdictOf({ kind: 'response', status: 503, shouldRetry: false, code: 'model_not_found' })).toBe(
      'final: final_code',
    );
  });

  test('true has no effect, even on final failures', () => {
    for (const status of STATUSES) {
      expect(verdictOf({ kind: 'response', status, shouldRetry: true })).toBe(verdictOf({ kind: 'response', status }));
    }
    expect(verdictOf({ kind: 'response', status: 429, shouldRetry: true, code: 'insufficient_quota' })).toBe(
      'final: final_code',
    );
  });

  test('false has no effect on a success, a redirect or a final status', () => {
    for (const status of STATUSES.filter((each) => !RETRYABLE.includes(each))) {
      expect(verdictOf({ kind: 'response', status, shouldRetry: false })).toBe(verdictOf({ kind: 'response', status }));
    }
  });
});

const CAUSES: Readonly<Record<FailureOutcome['cause'], FailureType>> = {
  connection: 'connection_reset',
  dns: 'dns_error',
  tls: 'tls_error',
  header_timeout: 'timeout',
  platform_limit: 'timeout',
  protocol: 'protocol_error',
  caller: '_OTHER',
  other: '_OTHER',
};

/** One failure per cause. The keys of `CAUSES` are causes, so the cast is safe. */
const failures = Object.entries(CAUSES).map(
  ([cause, errorType]) => ({ kind: 'failure', errorType, sent: 'maybe', cause }) as FailureOutcome,
);

test('failures without a response have a verdict by their cause', () => {
  expect(grouped(failures.map((failure) => [failure.cause, verdictOf(failure)]))).toMatchInlineSnapshot(`
    "retryable: retryable_transport_failure <- connection dns
    final: tls_error <- tls
    retryable: header_timeout <- header_timeout
    final: platform_limit <- platform_limit
    final: final_transport_failure <- protocol other
    final: caller_abort <- caller"
  `);
});

test('statuses have these categories', () => {
  expect(grouped(STATUSES.map((status) => [status, categoryOf({ kind: 'response', status })]))).toMatchInlineSnapshot(`
    "unexpected_response <- 0 100 103 199
    none <- 200 204 299
    path_or_base_url <- 300 301 302 304 307 308 399
    invalid_request <- 400 405 409 410 415 418 422 426 431 451 499
    auth_rejected <- 401
    quota <- 402
    permission_denied <- 403
    not_found <- 404
    timeout <- 408
    payload_too_large <- 413
    server_error <- 425 500 501 502 503 505 507 519 520 521 523 525 526 527 528 529 530 598 599 999
    rate_limited <- 429
    gateway_timeout <- 504 522 524"
  `);
});

test('an error code or type can change the category of a status', () => {
  const categories = [400, 401, 403, 404, 429, 500, 503].map((status) => {
    const plain = categoryOf({ kind: 'response', status });
    const named = (place: 'code' | 'type'): string[] =>
      CODES.flatMap((errorType) => {
        const category = categoryOf({ kind: 'response', status, [place]: errorType });
        return category === plain ? [] : [`${errorType} ${category}`];
      });
    return [status, { code: named('code'), type: named('type') }];
  });
  expect(Object.fromEntries(categories)).toMatchInlineSnapshot(`
    {
      "400": {
        "code": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
        "type": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
      },
      "401": {
        "code": [
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
        "type": [
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
      },
      "403": {
        "code": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
        "type": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
      },
      "404": {
        "code": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
        "type": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
      },
      "429": {
        "code": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
        "type": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
      },
      "500": {
        "code": [
          "invalid_request invalid_request",
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "context_length_exceeded invalid_request",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
        "type": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
      },
      "503": {
        "code": [
          "invalid_request invalid_request",
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "context_length_exceeded invalid_request",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
        "type": [
          "invalid_api_key auth_rejected",
          "model_not_found model_unavailable",
          "insufficient_quota quota",
          "quota_exceeded quota",
          "insufficient_user_quota quota",
          "billing_hard_limit_reached quota",
        ],
      },
    }
  `);
});

test('an error code does not change the category of a success or a redirect', () => {
  expect(CODES.map((code) => categoryOf({ kind: 'response', status: 200, code }))).toEqual(CODES.map(() => 'none'));
  expect(CODES.map((code) => categoryOf({ kind: 'response', status: 302, code }))).toEqual(
    CODES.map(() => 'path_or_base_url'),
  );
});

test('failures have these categories', () => {
  const words: readonly FailureType[] = [
    'timeout',
    'connection_refused',
    'connection_reset',
    'dns_error',
    'tls_error',
    'network_error',
    'protocol_error',
    'response_too_large',
    'stream_truncated',
    'stream_idle_timeout',
    '_OTHER',
  ];
  expect(
    grouped(
      words.map((errorType) => [errorType, categoryOf({ kind: 'failure', errorType, sent: 'maybe', cause: 'other' })]),
    ),
  ).toMatchInlineSnapshot(`
    "timeout <- timeout
    connection <- connection_refused connection_reset dns_error network_error
    tls <- tls_error
    unexpected_response <- protocol_error response_too_large
    truncated_stream <- stream_truncated
    stream_idle <- stream_idle_timeout
    unknown <- _OTHER"
  `);
  expect(words.map((errorType) => categoryOf({ kind: 'failure', errorType, sent: 'maybe', cause: 'caller' }))).toEqual(
    words.map(() => 'cancelled'),
  );
});

test('error.type is the status of an error response or the type of a failure, and absent after an abort', () => {
  const types = STATUSES.map((status) => errorTypeOf({ kind: 'response', status }));
  expect(types).toEqual(STATUSES.map((status) => (status >= 400 ? String(status) : undefined)));
  expect(failures.map((failure) => errorTypeOf(failure))).toEqual(
    failures.map(({ cause, errorType }) => (cause === 'caller' ? undefined : errorType)),
  );
});
