import { StopSource } from '../transport/stop-source';
import type { StopSignal } from '../wire/stop-signal';
import type { Clock, Timer } from './clock';

/** Who may stop a call from above. */
export type StopCause = 'caller_abort' | 'deadline';

/**
 * One place where a call is stopped: by the caller's signal or by its deadline. One listener on the caller's signal,
 * removed in every path.
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

  /** Why the call was stopped; `undefined` while it was not. */
  get cause(): StopCause | undefined {
    return this.#cause;
  }

  /** The answer has begun: from here on other limits bound it. */
  liftDeadline(): void {
    this.#timer.cancel();
  }

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

/** What fetch throws when it times out. */
export function timeoutReason(): DOMException {
  return new DOMException('The request timed out.', 'TimeoutError');
}
