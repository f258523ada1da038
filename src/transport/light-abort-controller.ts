import type { AbortSignalLike } from '../wire/abort-signal-like';

/**
 * A lightweight `AbortController` and its signal in one object, for internal use. A call has several of them and does
 * not need the features of `EventTarget`. Only internal code adds listeners, and these do not throw.
 */
export class LightAbortController implements AbortSignalLike {
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

  /** A listener runs once. If it is added after the abort, it never runs, as with `AbortSignal`. */
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

  /** Only the first call has an effect. */
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

  /** Returns an `AbortSignal` for code that requires one. */
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

/** Returns an `AbortSignal` for any signal of this client. */
export function toAbortSignal(signal: AbortSignalLike): AbortSignal {
  // The cast is safe: only `LightAbortController` and `AbortSignal` implement `AbortSignalLike`.
  return signal instanceof LightAbortController ? signal.toAbortSignal() : (signal as AbortSignal);
}
