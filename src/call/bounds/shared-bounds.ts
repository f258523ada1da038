import type { RetryBudgetOptions } from '../../config/options';
import type { Clock } from '../clock';
import { type ConnectionSlots, createConnectionSlots } from './connection-slots';
import { createRetryBudget, type RetryBudget } from './retry-budget';

/** Limits that a client shares with its `withOptions()` copies: one retry budget and one request queue per origin. */
export class SharedBounds {
  readonly #clock: Clock;
  readonly #slots = new Map<string, ConnectionSlots>();
  readonly #budgets = new Map<string, RetryBudget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  slots(origin: string, maxConnections: number): ConnectionSlots {
    const slots = this.#slots.get(origin) ?? createConnectionSlots(maxConnections, this.#clock);
    this.#slots.set(origin, slots);
    return slots;
  }

  budget(origin: string, options: RetryBudgetOptions): RetryBudget {
    const budget = this.#budgets.get(origin) ?? createRetryBudget(options, this.#clock);
    this.#budgets.set(origin, budget);
    return budget;
  }
}
