import { LightAbortController } from '../../transport/light-abort-controller';
import type { AbortSignalLike } from '../../wire/abort-signal-like';
import { timeoutReason } from '../call-abort';
import type { Clock, Timer } from '../clock';

/** The timeout of one attempt, and the signal that destroys its request. */
export class AttemptTimeout {
  readonly #source = new LightAbortController();
  readonly #timer: Timer;
  #onPassed: (() => void) | undefined;
  #hasPassed = false;
  #isLifted = false;

  constructor(clock: Clock, limitMs: number) {
    this.#timer = clock.setTimer(limitMs, () => this.#pass(), { keepAlive: true });
  }

  /** Aborts when the request must be destroyed. */
  get signal(): AbortSignalLike {
    return this.#source;
  }

  /** True if the limit passed before the response headers arrived. */
  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  /** Destroys the request in any phase. */
  abort(reason: unknown = timeoutReason()): void {
    this.#source.abort(reason);
  }

  /** Turns the limit off. */
  lift(): void {
    this.#isLifted = true;
    this.#timer.cancel();
  }

  /**
   * Extends the limit to the end of the body. From here on it does not keep the process alive, because the caller may
   * never read the body.
   */
  extendToBody(onPassed: () => void): void {
    if (this.#isLifted) {
      // The response has no body.
      return;
    }
    this.#onPassed = onPassed;
    this.#timer.unref();
  }

  #pass(): void {
    if (this.#onPassed !== undefined) {
      this.#onPassed();
      return;
    }
    this.#hasPassed = true;
    this.abort();
  }
}
