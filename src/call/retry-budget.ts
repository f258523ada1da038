import type { RetryBudgetOptions } from '../config/options';
import type { Clock } from './clock';

/** What the budget holds now. */
export interface RetryBudgetSnapshot {
  readonly tokens: number;
  readonly capacity: number;
  /** Retries this budget has refused. */
  readonly denied: number;
}

/**
 * Bounds retries across calls, so that an outage does not multiply load.
 * Cost spent ≤ capacity + depositPerCall · calls + refillPerSecond · seconds, for any schedule.
 */
export interface RetryBudget {
  /** A call began. */
  deposit(): void;
  /** Tokens now. */
  available(): number;
  /** Takes `cost`; the caller has looked at {@link available} in the same turn. */
  withdraw(cost: number): void;
  /** A retry was refused for lack of tokens. */
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
    // A clock that jumps back and comes again brings nothing twice.
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
