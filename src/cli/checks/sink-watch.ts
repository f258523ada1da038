import type { Redactor } from '../../facts/redaction/redactor';

/** A place that could receive content of a call. */
export type SinkName =
  | 'stdout'
  | 'stderr'
  | 'log_lines'
  | 'log_events'
  | 'record_lines'
  | 'spans'
  | 'metrics'
  | 'files';

/** A sink received a canary or the key. The error names the sink, never the text. */
export class LeakFoundError extends Error {
  readonly sink: SinkName;

  constructor(sink: SinkName) {
    super(`A canary was found in ${sink}.`);
    this.name = 'LeakFoundError';
    this.sink = sink;
  }
}

/** Two writes may split a canary. A canary and each of its encodings are shorter than this, in characters. */
const TAIL = 1_024;

/**
 * Searches the text of every sink for the canaries and the key of a run, in all encodings. Keeps only the end of each
 * text.
 */
export class SinkWatch {
  readonly #guard: Redactor;
  readonly #tails = new Map<SinkName, string>();
  #leaking: SinkName | undefined;

  constructor(redactor: Redactor) {
    this.#guard = redactor;
  }

  /** @returns true if `text`, together with the text before it, contains no secret */
  sees(sink: SinkName, text: string): boolean {
    const together = `${this.#tails.get(sink) ?? ''}${text}`;
    this.#tails.set(sink, together.slice(-TAIL));
    const isClean = !this.#guard.containsSecret(together);
    this.#leaking ??= isClean ? undefined : sink;
    return isClean;
  }

  /** @throws LeakFoundError for the first sink that received a secret */
  check(): void {
    if (this.#leaking !== undefined) {
      throw new LeakFoundError(this.#leaking);
    }
  }
}
