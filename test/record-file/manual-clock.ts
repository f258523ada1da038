interface ManualTimer {
  readonly dueMs: number;
  readonly callback: () => void;
  readonly keepAlive: boolean;
}

/** A clock that a test advances. */
export class ManualClock {
  #nowMs = 1_000;
  readonly timers = new Set<ManualTimer>();

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return Date.UTC(2026, 10, 21, 10) + this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void, { keepAlive }: { readonly keepAlive: boolean }): { cancel(): void } {
    const timer = { dueMs: this.#nowMs + delayMs, callback, keepAlive };
    this.timers.add(timer);
    return { cancel: () => void this.timers.delete(timer) };
  }

  advance(milliseconds: number): void {
    this.#nowMs += milliseconds;
    for (const timer of [...this.timers]) {
      if (timer.dueMs <= this.#nowMs && this.timers.delete(timer)) {
        timer.callback();
      }
    }
  }
}
