import type { Decision, DecisionReason, DelayOrigin } from '../facts/words';
import { afterRetryAfter, backoffMs } from './delay';
import { type AttemptOutcome, triage } from './triage';

/** The bounds of a call. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly retry: 'standard' | 'safe';
  readonly maxRetryAfterMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
}

/** Where the call stands after an attempt. */
export interface RetryState {
  /** Attempts sent so far, this one included. */
  readonly attempt: number;
  /** Milliseconds left to the deadline. */
  readonly leftMs: number;
  /** What the server asked to wait, when it did so validly. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the body can be sent again. */
  readonly replayable: boolean;
  /** The client of a gateway sends this again by itself; two loops would multiply. */
  readonly clientRetries?: boolean;
  /** Whether a name look-up already failed once before in this call. */
  readonly dnsFailedBefore: boolean;
  /** Tokens in the retry budget; `undefined` when it is off. */
  readonly budget: number | undefined;
  /** In [0, 1). */
  readonly random: number;
}

/** What to do, and why. Written into the observation before it is obeyed. */
export type RetryDecision =
  | {
      readonly decision: Extract<Decision, 'retried'>;
      readonly because: DecisionReason;
      readonly delayMs: number;
      readonly delayOrigin: DelayOrigin;
      readonly budgetCost: number;
    }
  | { readonly decision: Exclude<Decision, 'retried'>; readonly because: DecisionReason };

/** A retry costs one token; after a 429 half a token, since the gateway did no work. */
const RETRY_COST = 1;
const THROTTLED_RETRY_COST = 0.5;
/** Statuses that say "too many": back off twice as far. */
const THROTTLED: ReadonlySet<number> = new Set([429, 529]);

/** Decides after one attempt. Pure: time, chance and the budget come in as numbers. */
export function decide(policy: RetryPolicy, state: RetryState, outcome: AttemptOutcome): RetryDecision {
  const sorted = triage(outcome);
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
