import { StopSource } from '../transport/light-abort-controller';
import type { StopSignal } from '../wire/abort-signal-like';
import type { Clock, Timer } from './clock';

/** The reasons that stop a call in any phase. */
export type StopCause = 'caller_abort' | 'deadline';

/**
 * Combines the caller's signal and the deadline into one signal for the whole call. Only the first of them counts.
 * Adds one listener to the caller's signal. {@link close} removes it, because callers reuse a signal for many calls.
 */
export class CallStop {
  readonly #source = new StopSource();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #timer: Timer;
  readonly deadlineAtMs: number;
  #cause: StopCause | undefined;

  constructor(callerSignal: AbortSignal | null | undefined, deadlineMs: number, clock: Clock) {
    this.deadlineAtMs = clock.nowMs() + deadlineMs;
    this.#timer = clock.setTimer(deadlineMs, () => this.#stop('deadline', timeoutReason()), { keepAlive: false });
    this.#callerSignal = callerSignal ?? undefined;
    if (this.#callerSignal?.aborted) {
      this.#onCallerAbort();
    } else {
      this.#callerSignal?.addEventListener('abort', this.#onCallerAbort, { once: true });
    }
  }

  get signal(): StopSignal {
    return this.#source;
  }

  /** The reason that stopped the call; `undefined` if nothing has. */
  get cause(): StopCause | undefined {
    return this.#cause;
  }

  /** Turns the deadline off. From here on, other limits bound the body. */
  liftDeadline(): void {
    this.#timer.cancel();
  }

  /** Removes the timer and the listener. */
  close(): void {
    this.#timer.cancel();
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
  }

  readonly #onCallerAbort = (): void => this.#stop('caller_abort', this.#callerSignal?.reason);

  #stop(cause: StopCause, reason: unknown): void {
    if (this.#cause === undefined) {
      this.#cause = cause;
      this.close();
      this.#source.abort(reason);
    }
  }
}

/** The error that `fetch` throws on a timeout. */
export function timeoutReason(): DOMException {
  return new DOMException('The request timed out.', 'TimeoutError');
}
