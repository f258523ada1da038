import type { Decision, DecisionReason, DelayOrigin } from '../facts/enums';
import { type AttemptOutcome, classify } from './classify';
import { afterRetryAfter, backoffMs } from './delay';

/** The retry limits of a call. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly retry: 'standard' | 'safe';
  readonly maxRetryAfterMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
}

/** The state of the call after an attempt. */
export interface RetryState {
  /** Attempts sent so far, including this one. */
  readonly attempt: number;
  /** Milliseconds left until the deadline. */
  readonly leftMs: number;
  /** The wait that the server asked for; `undefined` without a valid `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
  /** True if the body can be sent again. */
  readonly replayable: boolean;
  /** True if the local gateway's client retries by itself. Retries in two layers would multiply (3 × 3 = 9). */
  readonly clientRetries?: boolean;
  /** True if a DNS lookup already failed earlier in this call. */
  readonly dnsFailedBefore: boolean;
  /** Tokens in the retry budget; `undefined` if the budget is turned off. */
  readonly budget: number | undefined;
  /** In [0, 1). */
  readonly random: number;
}

/** The decision after an attempt, with its reason. Record it before acting on it. */
export type RetryDecision =
  | {
      readonly decision: Extract<Decision, 'retried'>;
      readonly because: DecisionReason;
      readonly delayMs: number;
      readonly delayOrigin: DelayOrigin;
      readonly budgetCost: number;
    }
  | { readonly decision: Exclude<Decision, 'retried'>; readonly because: DecisionReason };

/** A retry costs one token. After a 429 it costs half a token, because the server did no work. */
const RETRY_COST = 1;
const THROTTLED_RETRY_COST = 0.5;
/** Statuses that report overload. Their backoff is twice as long. */
const THROTTLED: ReadonlySet<number> = new Set([429, 529]);

/**
 * Decides what follows an attempt.
 *
 * A pure function: the caller passes the time left, the budget and a random number. So tests cover every combination.
 */
export function decide(policy: RetryPolicy, state: RetryState, outcome: AttemptOutcome): RetryDecision {
  const sorted = classify(outcome);
  if (sorted.verdict === 'success') {
    return { decision: 'not_retried', because: 'success' };
  }
  if (sorted.verdict === 'final') {
    return { decision: 'not_retried', because: sorted.because };
  }
  if (state.attempt >= policy.maxAttempts) {
    return { decision: 'final_attempt', because: 'attempts_exhausted' };
  }
  if (state.clientRetries === true) {
    return { decision: 'not_retried', because: 'client_retries' };
  }
  if (!state.replayable) {
    return { decision: 'not_retried', because: 'body_not_replayable' };
  }
  if (policy.retry === 'safe' && !(outcome.kind === 'failure' && outcome.sent === 'never')) {
    return { decision: 'not_retried', because: 'safe_mode' };
  }
  if (outcome.kind === 'failure' && outcome.cause === 'dns' && state.dnsFailedBefore) {
    return { decision: 'not_retried', because: 'dns_retried_once' };
  }
  return scheduled(policy, state, outcome, sorted.because);
}

function scheduled(
  policy: RetryPolicy,
  state: RetryState,
  outcome: AttemptOutcome,
  because: DecisionReason,
): RetryDecision {
  const { retryAfterMs, leftMs, budget } = state;
  if (retryAfterMs !== undefined && (retryAfterMs > policy.maxRetryAfterMs || retryAfterMs >= leftMs)) {
    return { decision: 'not_retried', because: 'retry_after_exceeds_budget' };
  }
  const isThrottled = outcome.kind === 'response' && THROTTLED.has(outcome.status);
  const delayMs =
    retryAfterMs === undefined
      ? backoffMs({
          baseMs: isThrottled ? policy.backoffBaseMs * 2 : policy.backoffBaseMs,
          capMs: policy.backoffCapMs,
          retriesSoFar: state.attempt - 1,
          random: state.random,
        })
      : afterRetryAfter(retryAfterMs, state.random, leftMs - 1);
  if (delayMs >= leftMs) {
    return { decision: 'not_retried', because: 'deadline_would_pass' };
  }
  const budgetCost = outcome.kind === 'response' && outcome.status === 429 ? THROTTLED_RETRY_COST : RETRY_COST;
  if (budget !== undefined && budget < budgetCost) {
    return { decision: 'not_retried', because: 'retry_budget_empty' };
  }
  return {
    decision: 'retried',
    because,
    delayMs,
    delayOrigin: retryAfterMs === undefined ? 'backoff' : 'retry_after',
    budgetCost,
  };
}
