import { LightAbortController } from '../transport/light-abort-controller';
import type { AbortSignalLike } from '../wire/abort-signal-like';
import type { Clock, Timer } from './clock';

/** The reasons that stop a call in any phase. */
export type AbortCause = 'caller_abort' | 'deadline';

/**
 * Combines the caller's signal and the deadline into one signal for the whole call. Only the first of them counts.
 * Adds one listener to the caller's signal. {@link close} removes it, because callers reuse a signal for many calls.
 */
export class CallAbort {
  readonly #source = new LightAbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #timer: Timer;
  readonly deadlineAtMs: number;
  #cause: AbortCause | undefined;

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

  get signal(): AbortSignalLike {
    return this.#source;
  }

  /** The reason that stopped the call; `undefined` if nothing has. */
  get cause(): AbortCause | undefined {
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

  #stop(cause: AbortCause, reason: unknown): void {
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
