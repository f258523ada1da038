import type { SecretGuard } from '../../facts/secret-guard';

/** Where something of a call could end up. */
export type SinkName =
  | 'stdout'
  | 'stderr'
  | 'log_lines'
  | 'log_events'
  | 'record_lines'
  | 'spans'
  | 'metrics'
  | 'files';

/** A canary was seen where nothing of a prompt or a credential may be. Names the place, never what stood there. */
export class LeakFoundError extends Error {
  readonly sink: SinkName;

  constructor(sink: SinkName) {
    super(`A canary was found in ${sink}.`);
    this.name = 'LeakFoundError';
    this.sink = sink;
  }
}

/** A canary may be cut in two by two writes; it and its encodings are shorter than this. */
const TAIL = 1_024;

/**
 * Looks at everything that reaches a sink for the canaries and the key of a run, in all encodings. What it has seen is not
 * kept, but for the end of it.
 */
export class SinkWatch {
  readonly #guard: SecretGuard;
  readonly #tails = new Map<SinkName, string>();
  #leaking: SinkName | undefined;

  constructor(guard: SecretGuard) {
    this.#guard = guard;
  }

  /** @returns whether `text`, after what came before it, is clean */
  sees(sink: SinkName, text: string): boolean {
    const together = `${this.#tails.get(sink) ?? ''}${text}`;
    this.#tails.set(sink, together.slice(-TAIL));
    const isClean = !this.#guard.holds(together);
    this.#leaking ??= isClean ? undefined : sink;
    return isClean;
  }

  /** @throws LeakFoundError for the first sink in which something was seen */
  check(): void {
    if (this.#leaking !== undefined) {
      throw new LeakFoundError(this.#leaking);
    }
  }
}
