import type { CallEnd } from '../facts/observation';

/** What the watchdog needs of a clock. */
export interface WatchClock {
  nowMs(): number;
  setTimer(delayMs: number, callback: () => void, options: { readonly keepAlive: boolean }): { cancel(): void };
}

export interface BodyLimits {
  /** Between two steps of progress, while a read is outstanding: a slow consumer is not a fault. */
  readonly idleTimeoutMs: number;
  /** 0 is off. */
  readonly maxDurationMs: number;
  /** Until the first read. */
  readonly unreadTimeoutMs: number;
}

/** Which limit was passed. */
export type PassedLimit = 'idle' | 'duration' | 'unread';

/** The endings of the limits that are faults. */
export const LIMIT_ENDS: Readonly<Record<'idle' | 'duration', Omit<CallEnd, 'phase'>>> = {
  idle: {
    ending: 'failed',
    endingReason: 'stream_idle_timeout',
    category: 'stream_idle',
    errorType: 'stream_idle_timeout',
  },
  duration: { ending: 'failed', endingReason: 'max_stream_duration', category: 'timeout', errorType: 'timeout' },
};

/** The ending of a body beyond the most bytes that may be read. */
export const TOO_LARGE: Omit<CallEnd, 'phase'> = {
  ending: 'failed',
  endingReason: 'response_too_large',
  category: 'unexpected_response',
  errorType: 'response_too_large',
};

/** Watches the limits of one body with one coarse timer; none per chunk. The timer never keeps the process alive. */
export class BodyWatchdog {
  readonly #clock: WatchClock;
  readonly #limits: BodyLimits;
  readonly #onLimit: (limit: PassedLimit) => void;
  readonly #startedAtMs: number;
  #wasRead = false;
  /** Time spent waiting since the last progress, in reads that are over. */
  #idleMs = 0;
  #waitingSinceMs: number | undefined;
  #dueAtMs = 0;
  #timer: { cancel(): void } | undefined;

  constructor(clock: WatchClock, limits: BodyLimits, onLimit: (limit: PassedLimit) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onLimit = onLimit;
    this.#startedAtMs = clock.nowMs();
    this.#arm(this.#startedAtMs);
  }

  /** Somebody reads, though nothing may have to be waited for. */
  touched(): void {
    // The timer looks for itself when it comes, and a wait that may be over before has it set anew.
    this.#wasRead = true;
  }

  waitStarted(): void {
    this.#waitingSinceMs = this.#clock.nowMs();
    // Steady reading finds the timer due before this read could be idle, and leaves it alone.
    if (this.#timer !== undefined && this.#waitingSinceMs + this.#limits.idleTimeoutMs - this.#idleMs < this.#dueAtMs) {
      this.#timer.cancel();
      this.#arm(this.#waitingSinceMs);
    }
  }

  waitEnded(): void {
    if (this.#waitingSinceMs !== undefined) {
      this.#idleMs += this.#clock.nowMs() - this.#waitingSinceMs;
      this.#waitingSinceMs = undefined;
    }
  }

  progressed(): void {
    this.#idleMs = 0;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(nowMs: number): void {
    const { idleTimeoutMs, maxDurationMs, unreadTimeoutMs } = this.#limits;
    const idleAtMs =
      this.#waitingSinceMs === undefined ? nowMs + idleTimeoutMs : this.#waitingSinceMs + idleTimeoutMs - this.#idleMs;
    this.#dueAtMs = Math.min(
      this.#wasRead ? idleAtMs : this.#startedAtMs + unreadTimeoutMs,
      maxDurationMs === 0 ? Number.POSITIVE_INFINITY : this.#startedAtMs + maxDurationMs,
    );
    this.#timer = this.#clock.setTimer(Math.max(1, this.#dueAtMs - nowMs), () => this.#check(), { keepAlive: false });
  }

  #check(): void {
    const passed = this.#passedLimit();
    if (passed === undefined) {
      this.#arm(this.#clock.nowMs());
    } else {
      this.#timer = undefined;
      this.#onLimit(passed);
    }
  }

  #passedLimit(): PassedLimit | undefined {
    const { idleTimeoutMs, maxDurationMs, unreadTimeoutMs } = this.#limits;
    const nowMs = this.#clock.nowMs();
    const ageMs = nowMs - this.#startedAtMs;
    if (maxDurationMs !== 0 && ageMs >= maxDurationMs) {
      return 'duration';
    }
    if (!this.#wasRead) {
      return ageMs >= unreadTimeoutMs ? 'unread' : undefined;
    }
    const isIdle = this.#waitingSinceMs !== undefined && this.#idleMs + nowMs - this.#waitingSinceMs >= idleTimeoutMs;
    return isIdle ? 'idle' : undefined;
  }
}
