import type { StopSignal } from '../wire/stop-signal';

/**
 * An AbortController and its signal in one, for use inside: a call has several, and needs nothing of the event targets
 * that the platform's are. Listeners are ours, so they do not throw.
 */
export class StopSource implements StopSignal {
  readonly #listeners: (() => void)[] = [];
  #stopped: { readonly reason: unknown } | undefined;
  #platform: AbortController | undefined;

  get aborted(): boolean {
    return this.#stopped !== undefined;
  }

  get reason(): unknown {
    return this.#stopped?.reason;
  }

  throwIfAborted(): void {
    if (this.#stopped !== undefined) {
      throw this.#stopped.reason;
    }
  }

  /** Each is told once; who comes after the stop is told nothing, as with the platform's. */
  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.#stopped === undefined) {
      this.#listeners.push(listener);
    }
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) {
      this.#listeners.splice(at, 1);
    }
  }

  /** Only the first one counts. */
  abort(reason: unknown): void {
    if (this.#stopped !== undefined) {
      return;
    }
    this.#stopped = { reason };
    for (let next = this.#listeners.shift(); next !== undefined; next = this.#listeners.shift()) {
      next();
    }
    this.#platform?.abort(reason);
  }

  /** For what knows the platform's own only. */
  toAbortSignal(): AbortSignal {
    if (this.#platform === undefined) {
      this.#platform = new AbortController();
      if (this.#stopped !== undefined) {
        this.#platform.abort(this.#stopped.reason);
      }
    }
    return this.#platform.signal;
  }
}

/** The platform's signal for `signal`. */
export function toAbortSignal(signal: StopSignal): AbortSignal {
  // What is none of ours is the platform's: there is nothing else that fits.
  return signal instanceof StopSource ? signal.toAbortSignal() : (signal as AbortSignal);
}
