import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, Timer } from '../../src/call/clock';

interface ManualTimer {
  dueMs: number;
  readonly delayMs: number;
  readonly callback: () => void;
  keepAlive: boolean;
}

/** A clock that a test moves forward. */
export class ManualClock implements Clock {
  #nowMs = 1_000;
  #wallOffsetMs = Date.UTC(2026, 10, 21, 10);
  readonly #timers = new Set<ManualTimer>();

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallOffsetMs + this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void, { keepAlive }: { readonly keepAlive: boolean }): Timer {
    const timer: ManualTimer = { dueMs: this.#nowMs + delayMs, delayMs, callback, keepAlive };
    this.#timers.add(timer);
    return {
      cancel: () => void this.#timers.delete(timer),
      unref() {
        timer.keepAlive = false;
      },
    };
  }

  /** The delays of the timers that have neither fired nor been cancelled. */
  get pendingMs(): readonly number[] {
    return [...this.#timers].map((timer) => timer.delayMs);
  }

  /** True if a pending timer keeps the process alive. */
  get keepsAlive(): boolean {
    return [...this.#timers].some((timer) => timer.keepAlive);
  }

  /** Changes the wall clock, but not the monotonic clock. */
  jumpWall(milliseconds: number): void {
    this.#wallOffsetMs += milliseconds;
  }

  /** Moves time forward, timer by timer. Runs pending promise callbacks before and after each timer. */
  async advance(milliseconds: number): Promise<void> {
    const untilMs = this.#nowMs + milliseconds;
    for (;;) {
      await settled();
      const [next] = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined || next.dueMs > untilMs) {
        break;
      }
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#timers.delete(next);
      next.callback();
    }
    this.#nowMs = untilMs;
    await settled();
  }
}

/** Resolves when all pending promise callbacks have run. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) {
    await turn();
  }
}
