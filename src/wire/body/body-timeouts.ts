import type { CallEnd } from '../../facts/call-recorder';

/** The part of a clock that the watchdog uses. */
export interface BodyClock {
  nowMs(): number;
  setTimer(delayMs: number, callback: () => void, options: { readonly keepAlive: boolean }): { cancel(): void };
}

export interface BodyLimits {
  /** Maximum waiting time without progress. Counts only while a read is outstanding, because consumers may be slow. */
  readonly idleTimeoutMs: number;
  /** Maximum time for the whole body. 0 disables the limit. */
  readonly maxDurationMs: number;
  /** Maximum time until the first read. */
  readonly unreadTimeoutMs: number;
}

/** The limit that was exceeded. */
export type PassedLimit = 'idle' | 'duration' | 'unread';

/** How a body ends that exceeds a limit. An unread body is abandoned instead, which is not a failure. */
export const LIMIT_ENDS: Readonly<Record<'idle' | 'duration', Omit<CallEnd, 'phase'>>> = {
  idle: {
    ending: 'failed',
    endingReason: 'stream_idle_timeout',
    category: 'stream_idle',
    errorType: 'stream_idle_timeout',
  },
  duration: { ending: 'failed', endingReason: 'max_stream_duration', category: 'timeout', errorType: 'timeout' },
};

/** How a body ends that exceeds the maximum number of bytes. */
export const TOO_LARGE: Omit<CallEnd, 'phase'> = {
  ending: 'failed',
  endingReason: 'response_too_large',
  category: 'unexpected_response',
  errorType: 'response_too_large',
};

/** Enforces the time limits of one body with one timer, not one per chunk. The timer never keeps the process alive. */
export class BodyTimeouts {
  readonly #clock: BodyClock;
  readonly #limits: BodyLimits;
  readonly #onLimit: (limit: PassedLimit) => void;
  readonly #startedAtMs: number;
  #wasRead = false;
  /** Waiting time since the last progress, without the outstanding read. */
  #idleMs = 0;
  #waitingSinceMs: number | undefined;
  #dueAtMs = 0;
  #timer: { cancel(): void } | undefined;

  constructor(clock: BodyClock, limits: BodyLimits, onLimit: (limit: PassedLimit) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onLimit = onLimit;
    this.#startedAtMs = clock.nowMs();
    this.#arm(this.#startedAtMs);
  }

  /** Call at the start of each read, even if the read does not wait. */
  touched(): void {
    // The timer stays: it checks all limits when it fires, and `waitStarted` replaces it if it would fire too late.
    this.#wasRead = true;
  }

  waitStarted(): void {
    this.#waitingSinceMs = this.#clock.nowMs();
    // With steady reads the timer fires before this read can be idle, so most reads do not replace it.
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
