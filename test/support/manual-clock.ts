import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, Timer } from '../../src/call/clock';

interface ManualTimer {
  dueMs: number;
  readonly delayMs: number;
  readonly callback: () => void;
  keepAlive: boolean;
}

/** Time that passes when a test says so. */
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
      letGo() {
        timer.keepAlive = false;
      },
    };
  }

  /** Timers that were started and have neither fired nor been cancelled: their delays. */
  get pendingMs(): readonly number[] {
    return [...this.#timers].map((timer) => timer.delayMs);
  }

  /** Whether one of them keeps the process alive. */
  get keepsAlive(): boolean {
    return [...this.#timers].some((timer) => timer.keepAlive);
  }

  /** The wall clock jumps; the monotonic one does not. */
  jumpWall(milliseconds: number): void {
    this.#wallOffsetMs += milliseconds;
  }

  /** Lets time pass, timer by timer, and between them everything that waits only for promises. */
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

/** Everything that waits only for promises has run. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) {
    await turn();
  }
}
