import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRetryBudget } from '../../src/call/bounds/retry-budget';
import type { RetryBudgetOptions } from '../../src/config/options';
import { type AttemptOutcome, classify, type FailureOutcome } from '../../src/retry/classify';
import { decide, type RetryDecision, type RetryPolicy } from '../../src/retry/decide';
import { FLOOR_MS } from '../../src/retry/delay';

const MAX = 2 ** 31 - 1;

const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  retry: fc.constantFrom('standard', 'safe'),
  maxRetryAfterMs: fc.oneof(fc.constant(60_000), fc.integer({ min: 0, max: MAX })),
  backoffBaseMs: fc.oneof(fc.constant(500), fc.integer({ min: 0, max: MAX })),
  backoffCapMs: fc.oneof(fc.constant(8_000), fc.integer({ min: 0, max: MAX })),
});

const outcomes: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('response' as const),
      status: fc.oneof(fc.constantFrom(408, 429, 500, 502, 503, 529), fc.integer({ min: 0, max: 999 })),
      code: fc.constantFrom('invalid_request', 'insufficient_quota', 'server_error', '_OTHER'),
      type: fc.constantFrom('invalid_request', 'model_not_found', '_OTHER'),
      shouldRetry: fc.boolean(),
    },
    { requiredKeys: ['kind', 'status'] },
  ),
  fc.record<FailureOutcome>({
    kind: fc.constant('failure'),
    errorType: fc.constantFrom('timeout', 'connection_reset', 'dns_error', '_OTHER'),
    sent: fc.constantFrom('never', 'maybe'),
    cause: fc.constantFrom(
      'connection',
      'dns',
      'header_timeout',
      'tls',
      'platform_limit',
      'protocol',
      'caller',
      'other',
    ),
  }),
);

/** The outcome and the conditions of one attempt. */
const meetings = fc.record({
  outcome: outcomes,
  durationMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: MAX })),
  retryAfterMs: fc.option(
    fc.oneof(fc.double({ min: 0, max: 120_000, noNaN: true }), fc.integer({ min: 0, max: MAX })),
    {
      nil: undefined,
    },
  ),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  budget: fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: undefined }),
});
type Meeting = typeof meetings extends fc.Arbitrary<infer T> ? T : never;

interface Step {
  readonly meeting: Meeting;
  readonly spentMs: number;
  readonly leftMs: number;
  readonly decision: RetryDecision;
}

/** Simulates a call: an attempt ends at the deadline at the latest, and every decision is followed. */
function play(policy: RetryPolicy, deadlineMs: number, story: readonly Meeting[], replayable = true): readonly Step[] {
  const steps: Step[] = [];
  let elapsedMs = 0;
  let dnsFailedBefore = false;
  for (const meeting of story) {
    const spentMs = Math.min(meeting.durationMs, deadlineMs - elapsedMs);
    elapsedMs += spentMs;
    const { outcome, retryAfterMs, random, budget } = meeting;
    const leftMs = deadlineMs - elapsedMs;
    const state = { attempt: steps.length + 1, leftMs, retryAfterMs, replayable, dnsFailedBefore, budget, random };
    const decision = decide(policy, state, outcome);
    steps.push({ meeting, spentMs, leftMs, decision });
    if (decision.decision !== 'retried') {
      return steps;
    }
    elapsedMs += decision.delayMs;
    dnsFailedBefore ||= outcome.kind === 'failure' && outcome.cause === 'dns';
  }
  throw new Error('The call retried more often than the longest story.');
}

const stories = fc.array(meetings, { minLength: 6, maxLength: 6 });
const deadlines = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: MAX }));
/** The time limit also ends the search for a smaller counterexample. */
const RUNS = { numRuns: 1_000, interruptAfterTimeLimit: 10_000 };

function property(containsSecret: (steps: readonly Step[], policy: RetryPolicy, deadlineMs: number) => boolean): void {
  fc.assert(
    fc.property(policies, deadlines, stories, (policy, deadlineMs, story) =>
      containsSecret(play(policy, deadlineMs, story), policy, deadlineMs),
    ),
    RUNS,
  );
}

const retried = (steps: readonly Step[]): { delayMs: number; step: Step }[] =>
  steps.flatMap((step) => (step.decision.decision === 'retried' ? [{ delayMs: step.decision.delayMs, step }] : []));

describe('for any outcomes of the attempts', () => {
  test('a call sends at most maxAttempts requests', () => {
    property((steps, policy) => steps.length <= policy.maxAttempts);
  });

  test('attempts and waits together end before the deadline', () => {
    property((steps, _policy, deadlineMs) => {
      const waitedMs = retried(steps).reduce((sum, { delayMs }) => sum + delayMs, 0);
      const [last] = steps.slice(-1);
      const spentMs = steps.reduce((sum, step) => sum + step.spentMs, 0);
      // The wait is always shorter than the time left, so the next attempt has time.
      return (
        retried(steps).every(({ delayMs, step }) => delayMs < step.leftMs) &&
        (last === undefined || last.leftMs >= 0) &&
        waitedMs + spentMs <= deadlineMs + 1e-6
      );
    });
  });

  test('every wait is finite, and between the floor and the longest timer', () => {
    property((steps) =>
      retried(steps).every(({ delayMs }) => Number.isFinite(delayMs) && delayMs >= FLOOR_MS && delayMs <= MAX),
    );
  });

  test('no wait is shorter than a valid Retry-After, or more than 10 % longer', () => {
    property((steps) =>
      retried(steps).every(({ delayMs, step: { meeting } }) => {
        const { retryAfterMs } = meeting;
        return (
          retryAfterMs === undefined ||
          (delayMs >= retryAfterMs && delayMs <= Math.max(FLOOR_MS, retryAfterMs * 1.1 + 1e-6))
        );
      }),
    );
  });

  test('no call waits for a Retry-After above maxRetryAfterMs', () => {
    property((steps, policy) =>
      retried(steps).every(({ step: { meeting } }) => (meeting.retryAfterMs ?? 0) <= policy.maxRetryAfterMs),
    );
  });

  test('no retry follows a success or a final failure', () => {
    property((steps) =>
      steps.every(
        ({ meeting, decision }) =>
          classify(meeting.outcome).verdict === 'retryable' || decision.decision === 'not_retried',
      ),
    );
  });

  test('in safe mode, no request is retried that may have arrived', () => {
    property((steps, policy) =>
      retried(steps).every(
        ({ step: { meeting } }) =>
          policy.retry === 'standard' || (meeting.outcome.kind === 'failure' && meeting.outcome.sent === 'never'),
      ),
    );
  });

  test('a DNS lookup fails at most twice in a call', () => {
    property(
      (steps) =>
        steps.filter(({ meeting: { outcome } }) => outcome.kind === 'failure' && outcome.cause === 'dns').length <= 2,
    );
  });

  test('a retry never costs more than the budget contains', () => {
    property((steps) =>
      steps.every(
        ({ meeting, decision }) =>
          decision.decision !== 'retried' || meeting.budget === undefined || decision.budgetCost <= meeting.budget,
      ),
    );
  });

  test('a body that is not replayable is sent once', () => {
    fc.assert(
      fc.property(policies, deadlines, stories, (policy, deadlineMs, story) => {
        return play(policy, deadlineMs, story, false).length === 1;
      }),
    );
  });
});

describe('the retry budget', () => {
  const options: fc.Arbitrary<RetryBudgetOptions> = fc.record({
    capacity: fc.double({ min: 0, max: 20, noNaN: true }),
    depositPerCall: fc.double({ min: 0, max: 1, noNaN: true }),
    refillPerSecond: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const events = fc.oneof(
    fc.constant({ kind: 'call' as const }),
    fc.record({ kind: fc.constant('retry' as const), cost: fc.constantFrom(0.5, 1) }),
    fc.record({ kind: fc.constant('time' as const), milliseconds: fc.integer({ min: -50_000, max: 100_000 }) }),
  );

  test('spends at most capacity + deposits + refill, for any schedule and any clock jumps', () => {
    fc.assert(
      fc.property(options, fc.array(events, { maxLength: 200 }), (given, schedule) => {
        let nowMs = 5_000;
        const budget = createRetryBudget(
          given,
          stopped(() => nowMs),
        );
        let latestMs = nowMs;
        let calls = 0;
        let spent = 0;
        for (const event of schedule) {
          if (event.kind === 'call') {
            calls++;
            budget.deposit();
          } else if (event.kind === 'time') {
            nowMs += event.milliseconds;
            latestMs = Math.max(latestMs, nowMs);
          } else if (budget.available() >= event.cost) {
            spent += event.cost;
            budget.withdraw(event.cost);
          }
          const bound =
            given.capacity + given.depositPerCall * calls + given.refillPerSecond * ((latestMs - 5_000) / 1_000);
          const { tokens } = budget.snapshot();
          if (spent > bound + 1e-6 || tokens < 0 || tokens > given.capacity) {
            return false;
          }
        }
        return true;
      }),
      RUNS,
    );
  });

  test('allows ten retries plus 10 % of the calls by default, if every request fails', () => {
    const budget = createRetryBudget({ capacity: 10, depositPerCall: 0.1, refillPerSecond: 0 }, stopped());
    let retries = 0;
    for (let call = 0; call < 300; call++) {
      budget.deposit();
      for (let attempt = 1; attempt < 3; attempt++) {
        if (budget.available() >= 1) {
          budget.withdraw(1);
          retries++;
        }
      }
    }
    // 300 calls to a server that always fails send 1.13 requests per call instead of 3.
    expect(retries).toBe(39);
  });

  test('refills with time, up to its capacity', () => {
    let nowMs = 0;
    const budget = createRetryBudget(
      { capacity: 2, depositPerCall: 0, refillPerSecond: 0.1 },
      stopped(() => nowMs),
    );
    budget.withdraw(2);
    const seen = [0, 5_000, 10_000, 60_000].map((at) => {
      nowMs = at;
      return budget.available();
    });
    expect(seen).toEqual([0, 0.5, 1, 2]);
  });

  test('does not refill twice if the clock jumps back', () => {
    let nowMs = 100_000;
    const budget = createRetryBudget(
      { capacity: 10, depositPerCall: 0, refillPerSecond: 1 },
      stopped(() => nowMs),
    );
    budget.withdraw(10);
    for (let jump = 0; jump < 50; jump++) {
      nowMs = 0;
      budget.available();
      nowMs = 100_000;
      budget.available();
    }
    expect(budget.available()).toBe(0);
    nowMs = 101_000;
    expect(budget.available()).toBe(1);
  });

  test('counts the retries it denied', () => {
    const budget = createRetryBudget({ capacity: 0.5, depositPerCall: 0, refillPerSecond: 0 }, stopped());
    budget.deny();
    budget.deny();
    expect(budget.snapshot()).toEqual({ tokens: 0.5, capacity: 0.5, denied: 2 });
  });
});

function setTimer(): never {
  throw new Error('The retry budget must not start a timer.');
}

function stopped(nowMs = () => 0) {
  return { nowMs, wallMs: () => 0, setTimer };
}
