import type { RetryBudgetOptions } from '../../config/options';
import type { Clock } from '../clock';

/** The state of a retry budget. */
export interface RetryBudgetSnapshot {
  /** Tokens left. A retry costs one token, or half a token after a 429. */
  readonly tokens: number;
  /** Maximum number of tokens. */
  readonly capacity: number;
  /** Number of retries that the budget has refused. */
  readonly denied: number;
}

/**
 * Limits retries across calls: without a budget, an outage would triple the load at the default of three attempts.
 * For any schedule, cost spent ≤ capacity + depositPerCall · calls + refillPerSecond · seconds.
 * See docs/decisions/0013-retry-budget-and-deadline.md.
 */
export interface RetryBudget {
  /** Adds the deposit of a new call. */
  deposit(): void;
  /** Tokens left. */
  available(): number;
  /** Removes `cost` tokens. Check {@link available} in the same turn of the event loop. */
  withdraw(cost: number): void;
  /** Counts a retry that was refused because too few tokens were left. */
  deny(): void;
  snapshot(): RetryBudgetSnapshot;
}

export function createRetryBudget(options: RetryBudgetOptions, clock: Clock): RetryBudget {
  let tokens = options.capacity;
  let denied = 0;
  let refilledAtMs = clock.nowMs();

  const refill = (): void => {
    const nowMs = clock.nowMs();
    const grown = (Math.max(0, nowMs - refilledAtMs) / 1_000) * options.refillPerSecond;
    tokens = Math.min(options.capacity, tokens + grown);
    // A clock that jumps back must not refill the same seconds twice.
    refilledAtMs = Math.max(refilledAtMs, nowMs);
  };

  return {
    deposit() {
      refill();
      tokens = Math.min(options.capacity, tokens + options.depositPerCall);
    },
    available() {
      refill();
      return tokens;
    },
    withdraw(cost) {
      refill();
      tokens = Math.max(0, tokens - cost);
    },
    deny() {
      denied++;
    },
    snapshot() {
      refill();
      return { tokens, capacity: options.capacity, denied };
    },
  };
}
