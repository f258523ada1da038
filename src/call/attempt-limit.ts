import { StopSource } from '../transport/stop-source';
import type { StopSignal } from '../wire/stop-signal';
import { timeoutReason } from './call-stop';
import type { Clock, Timer } from './clock';

/** The time limit of one attempt, and its end of the wire. */
export class AttemptLimit {
  readonly #source = new StopSource();
  readonly #timer: Timer;
  #onPassed: (() => void) | undefined;
  #hasPassed = false;
  #isLifted = false;

  constructor(clock: Clock, limitMs: number) {
    this.#timer = clock.setTimer(limitMs, () => this.#pass(), { keepAlive: true });
  }

  /** Aborts when the request is to be destroyed. */
  get signal(): StopSignal {
    return this.#source;
  }

  /** Whether the limit passed before the headers came. */
  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  /** Destroys the request, wherever it is. */
  abort(reason: unknown = timeoutReason()): void {
    this.#source.abort(reason);
  }

  lift(): void {
    this.#isLifted = true;
    this.#timer.cancel();
  }

  /** The limit runs on to the end of a body. An answer that nobody reads must not keep the process alive. */
  followBody(onPassed: () => void): void {
    if (this.#isLifted) {
      // There is no body.
      return;
    }
    this.#onPassed = onPassed;
    this.#timer.letGo();
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
