import { describe, expect, test } from 'vitest';
import type { ServerCode } from '../../src/facts/enums';
import type { AttemptOutcome, FailureOutcome } from '../../src/retry/classify';
import { decide, type RetryDecision, type RetryPolicy, type RetryState } from '../../src/retry/decide';

const POLICY: RetryPolicy = {
  maxAttempts: 3,
  retry: 'standard',
  maxRetryAfterMs: 60_000,
  backoffBaseMs: 500,
  backoffCapMs: 8_000,
};
const STATE: RetryState = {
  attempt: 1,
  leftMs: 900_000,
  replayable: true,
  dnsFailedBefore: false,
  budget: 10,
  random: 0.5,
};
const SAFE: RetryPolicy = { ...POLICY, retry: 'safe' };
const UNAVAILABLE: AttemptOutcome = { kind: 'response', status: 503 };

const decided = (outcome: AttemptOutcome, state: Partial<RetryState> = {}, policy = POLICY): RetryDecision =>
  decide(policy, { ...STATE, ...state }, outcome);
const failure = (cause: FailureOutcome['cause'], sent: FailureOutcome['sent']): FailureOutcome => ({
  kind: 'failure',
  errorType: '_OTHER',
  sent,
  cause,
});

describe('the table of all decisions', () => {
  const STATUSES = [
    200, 204, 301, 307, 400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 422, 425, 429, 500, 501, 502, 503, 504, 505,
    520, 521, 522, 523, 524, 525, 529,
  ];
  const CODES: readonly (ServerCode | undefined)[] = [
    undefined,
    '_OTHER',
    'server_error',
    'rate_limit_exceeded',
    'invalid_request_error',
    'invalid_request',
    'invalid_api_key',
    'model_not_found',
    'context_length_exceeded',
    'insufficient_quota',
  ];
  const HEADERS: readonly {
    readonly name: string;
    readonly shouldRetry?: boolean;
    readonly retryAfterMs?: number;
  }[] = [
    { name: 'no header' },
    { name: 'should-retry: true', shouldRetry: true },
    { name: 'should-retry: false', shouldRetry: false },
    { name: 'Retry-After: 7', retryAfterMs: 7_000 },
    { name: 'Retry-After: 61', retryAfterMs: 61_000 },
  ];

  const shown = (decision: RetryDecision): string =>
    decision.decision === 'retried' ? `${decision.delayOrigin} ${decision.delayMs} ms` : decision.because;

  /** For each header: the decisions, each with its error codes and statuses. */
  const table = (policy: RetryPolicy): Record<string, Record<string, string[]>> =>
    Object.fromEntries(
      HEADERS.map(({ name, retryAfterMs, ...header }) => {
        const rows: Record<string, string[]> = {};
        for (const status of STATUSES) {
          const groups = Map.groupBy(CODES, (code) =>
            shown(decided({ kind: 'response', status, ...(code && { code }), ...header }, { retryAfterMs }, policy)),
          );
          for (const [decision, codes] of groups) {
            const which =
              codes.length === CODES.length ? 'any code' : codes.map((code) => code ?? 'no code').join(', ');
            rows[`${decision} (${which})`] = [...(rows[`${decision} (${which})`] ?? []), String(status)];
          }
        }
        return [name, Object.fromEntries(Object.entries(rows).map(([key, list]) => [key, [list.join(' ')]]))];
      }),
    );

  test('by status, code and header in standard mode', () => {
    expect(table(POLICY)).toMatchInlineSnapshot(`
      {
        "Retry-After: 61": {
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "retry_after_exceeds_budget (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "success (any code)": [
            "200 204",
          ],
        },
        "Retry-After: 7": {
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "retry_after 7350 ms (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "success (any code)": [
            "200 204",
          ],
        },
        "no header": {
          "backoff 250 ms (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 500 502 503 504 520 521 522 523 524",
          ],
          "backoff 500 ms (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "429 529",
          ],
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "success (any code)": [
            "200 204",
          ],
        },
        "should-retry: false": {
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "success (any code)": [
            "200 204",
          ],
          "x_should_retry_false (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
        },
        "should-retry: true": {
          "backoff 250 ms (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 500 502 503 504 520 521 522 523 524",
          ],
          "backoff 500 ms (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "429 529",
          ],
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "success (any code)": [
            "200 204",
          ],
        },
      }
    `);
  });

  test('by status, code and header in safe mode, which never retries after a response', () => {
    expect(table(SAFE)).toMatchInlineSnapshot(`
      {
        "Retry-After: 61": {
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "safe_mode (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "success (any code)": [
            "200 204",
          ],
        },
        "Retry-After: 7": {
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "safe_mode (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "success (any code)": [
            "200 204",
          ],
        },
        "no header": {
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "safe_mode (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "success (any code)": [
            "200 204",
          ],
        },
        "should-retry: false": {
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "success (any code)": [
            "200 204",
          ],
          "x_should_retry_false (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
        },
        "should-retry: true": {
          "final_code (invalid_request, invalid_api_key, model_not_found, context_length_exceeded, insufficient_quota)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "final_status (any code)": [
            "400 401 402 403 404 405 409 413 415 422 501 505 525",
          ],
          "redirect (any code)": [
            "301 307",
          ],
          "safe_mode (no code, _OTHER, server_error, rate_limit_exceeded, invalid_request_error)": [
            "408 425 429 500 502 503 504 520 521 522 523 524 529",
          ],
          "success (any code)": [
            "200 204",
          ],
        },
      }
    `);
  });

  test('by cause for failures without a response', () => {
    const causes = [
      'connection',
      'dns',
      'tls',
      'header_timeout',
      'platform_limit',
      'protocol',
      'caller',
      'other',
    ] as const satisfies FailureOutcome['cause'][];
    const rows = causes.flatMap((cause) =>
      (['never', 'maybe'] as const).map((sent) => [
        `${cause}, ${sent} sent`,
        [POLICY, SAFE].map((policy) => {
          const decision = decided(failure(cause, sent), {}, policy);
          return `${policy.retry}: ${decision.decision} ${decision.because}`;
        }),
      ]),
    );
    expect(Object.fromEntries(rows)).toMatchInlineSnapshot(`
      {
        "caller, maybe sent": [
          "standard: not_retried caller_abort",
          "safe: not_retried caller_abort",
        ],
        "caller, never sent": [
          "standard: not_retried caller_abort",
          "safe: not_retried caller_abort",
        ],
        "connection, maybe sent": [
          "standard: retried retryable_transport_failure",
          "safe: not_retried safe_mode",
        ],
        "connection, never sent": [
          "standard: retried retryable_transport_failure",
          "safe: retried retryable_transport_failure",
        ],
        "dns, maybe sent": [
          "standard: retried retryable_transport_failure",
          "safe: not_retried safe_mode",
        ],
        "dns, never sent": [
          "standard: retried retryable_transport_failure",
          "safe: retried retryable_transport_failure",
        ],
        "header_timeout, maybe sent": [
          "standard: retried header_timeout",
          "safe: not_retried safe_mode",
        ],
        "header_timeout, never sent": [
          "standard: retried header_timeout",
          "safe: retried header_timeout",
        ],
        "other, maybe sent": [
          "standard: not_retried final_transport_failure",
          "safe: not_retried final_transport_failure",
        ],
        "other, never sent": [
          "standard: not_retried final_transport_failure",
          "safe: not_retried final_transport_failure",
        ],
        "platform_limit, maybe sent": [
          "standard: not_retried platform_limit",
          "safe: not_retried platform_limit",
        ],
        "platform_limit, never sent": [
          "standard: not_retried platform_limit",
          "safe: not_retried platform_limit",
        ],
        "protocol, maybe sent": [
          "standard: not_retried final_transport_failure",
          "safe: not_retried final_transport_failure",
        ],
        "protocol, never sent": [
          "standard: not_retried final_transport_failure",
          "safe: not_retried final_transport_failure",
        ],
        "tls, maybe sent": [
          "standard: not_retried tls_error",
          "safe: not_retried tls_error",
        ],
        "tls, never sent": [
          "standard: not_retried tls_error",
          "safe: not_retried tls_error",
        ],
      }
    `);
  });
});

describe('a retry', () => {
  test('waits a random part of the step, and states its cost', () => {
    expect(decided(UNAVAILABLE)).toEqual({
      decision: 'retried',
      because: 'retryable_status',
      delayMs: 250,
      delayOrigin: 'backoff',
      budgetCost: 1,
    });
  });

  test('waits longer with each attempt', () => {
    const policy = { ...POLICY, maxAttempts: 9 };
    const delays = [1, 2, 3, 4, 5, 6].map((attempt) => decided(UNAVAILABLE, { attempt }, policy));
    expect(delays.map((decision) => decision.decision === 'retried' && decision.delayMs)).toEqual([
      250, 500, 1_000, 2_000, 4_000, 4_000,
    ]);
  });

  test('waits twice as long after 429 and 529, and costs half a token after 429', () => {
    const decisions = [429, 529, 503].map((status) => decided({ kind: 'response', status }));
    expect(decisions).toEqual([
      expect.objectContaining({ delayMs: 500, budgetCost: 0.5 }),
      expect.objectContaining({ delayMs: 500, budgetCost: 1 }),
      expect.objectContaining({ delayMs: 250, budgetCost: 1 }),
    ]);
  });

  test('waits as long as Retry-After asks, and up to 10 % longer', () => {
    const decisions = [0, 0.5, 0.75].map((random) => decided(UNAVAILABLE, { retryAfterMs: 20_000, random }));
    expect(decisions).toEqual(
      [20_000, 21_000, 21_500].map((delayMs) => ({
        decision: 'retried',
        because: 'retryable_status',
        delayMs,
        delayOrigin: 'retry_after',
        budgetCost: 1,
      })),
    );
  });

  test('after a transport failure costs one token, and names the failure', () => {
    expect([decided(failure('connection', 'maybe')), decided(failure('header_timeout', 'maybe'))]).toEqual([
      expect.objectContaining({ decision: 'retried', because: 'retryable_transport_failure', budgetCost: 1 }),
      expect.objectContaining({ decision: 'retried', because: 'header_timeout', budgetCost: 1 }),
    ]);
  });

  test('is possible without a budget, or with exactly enough tokens', () => {
    expect(decided(UNAVAILABLE, { budget: undefined }).decision).toBe('retried');
    expect(decided(UNAVAILABLE, { budget: 1 }).decision).toBe('retried');
    expect(decided({ kind: 'response', status: 429 }, { budget: 0.5 }).decision).toBe('retried');
  });
});

describe('no retry follows', () => {
  const NO = 'not_retried';

  test.each<[string, AttemptOutcome, Partial<RetryState>, RetryDecision]>([
    [
      'after the last attempt',
      UNAVAILABLE,
      { attempt: 3 },
      { decision: 'final_attempt', because: 'attempts_exhausted' },
    ],
    [
      'beyond the last attempt',
      UNAVAILABLE,
      { attempt: 4 },
      { decision: 'final_attempt', because: 'attempts_exhausted' },
    ],
    ['if the body is a stream', UNAVAILABLE, { replayable: false }, { decision: NO, because: 'body_not_replayable' }],
    [
      'after a second failed DNS lookup',
      failure('dns', 'never'),
      { dnsFailedBefore: true },
      { decision: NO, because: 'dns_retried_once' },
    ],
    [
      'if Retry-After exceeds maxRetryAfterMs',
      UNAVAILABLE,
      { retryAfterMs: 60_001 },
      { decision: NO, because: 'retry_after_exceeds_budget' },
    ],
    [
      'if Retry-After does not fit before the deadline',
      UNAVAILABLE,
      { retryAfterMs: 5_000, leftMs: 5_000 },
      { decision: NO, because: 'retry_after_exceeds_budget' },
    ],
    [
      'if the backoff does not fit before the deadline',
      UNAVAILABLE,
      { leftMs: 250 },
      { decision: NO, because: 'deadline_would_pass' },
    ],
    ['if the deadline has passed', UNAVAILABLE, { leftMs: -5 }, { decision: NO, because: 'deadline_would_pass' }],
    [
      'if even the minimum wait does not fit before the deadline',
      UNAVAILABLE,
      { retryAfterMs: 0, leftMs: 40 },
      { decision: NO, because: 'deadline_would_pass' },
    ],
    ['if the budget is empty', UNAVAILABLE, { budget: 0.99 }, { decision: NO, because: 'retry_budget_empty' }],
    [
      'if the budget is empty after a 429',
      { kind: 'response', status: 429 },
      { budget: 0.49 },
      { decision: NO, because: 'retry_budget_empty' },
    ],
  ])('%s', (_name, outcome, state, expected) => {
    expect(decided(outcome, state)).toEqual(expected);
  });

  test('until a limit is exceeded, so a retry follows exactly at the limit', () => {
    expect(decided(UNAVAILABLE, { retryAfterMs: 60_000 }).decision).toBe('retried');
    expect(decided(UNAVAILABLE, { leftMs: 251 }).decision).toBe('retried');
    expect(decided(UNAVAILABLE, { retryAfterMs: 5_000, leftMs: 5_001, random: 0.9 })).toEqual(
      expect.objectContaining({ decision: 'retried', delayMs: 5_000 }),
    );
    // The jitter ends one millisecond before the deadline.
    expect(decided(UNAVAILABLE, { retryAfterMs: 5_000, leftMs: 5_101, random: 0.9 })).toMatchObject({ delayMs: 5_100 });
    expect(decided(UNAVAILABLE, { attempt: 2 }).decision).toBe('retried');
    expect(decided(UNAVAILABLE, { attempt: 1 }, { ...POLICY, maxAttempts: 1 }).decision).toBe('final_attempt');
  });

  test('after an earlier DNS failure only if DNS fails again', () => {
    expect(decided(failure('connection', 'never'), { dnsFailedBefore: true }).decision).toBe('retried');
    expect(decided(UNAVAILABLE, { dnsFailedBefore: true }).decision).toBe('retried');
    expect(decided(failure('dns', 'never'), { dnsFailedBefore: false }).decision).toBe('retried');
  });
});

test('if several reasons prevent a retry, the decision names the first in a fixed order', () => {
  const hopeless: Partial<RetryState> = {
    attempt: 3,
    replayable: false,
    dnsFailedBefore: true,
    retryAfterMs: 90_000,
    leftMs: 10,
    budget: 0,
  };
  const outcome = failure('dns', 'maybe');
  const mended: Partial<RetryState>[] = [
    {},
    { attempt: 1 },
    { replayable: true },
    {},
    { dnsFailedBefore: false },
    { retryAfterMs: undefined },
    { leftMs: 900_000 },
    { budget: 5 },
  ];
  let state = hopeless;
  const reasons = mended.map((mend, at) => {
    state = { ...state, ...mend };
    return decided(outcome, state, at < 3 ? SAFE : POLICY).because;
  });
  expect(decided({ kind: 'response', status: 401 }, hopeless, SAFE).because).toBe('final_status');
  expect(reasons).toEqual([
    'attempts_exhausted',
    'body_not_replayable',
    'safe_mode',
    'dns_retried_once',
    'retry_after_exceeds_budget',
    'deadline_would_pass',
    'retry_budget_empty',
    'retryable_transport_failure',
  ]);
});
