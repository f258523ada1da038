import type { SecretGuard } from '../../facts/secret-guard';

/** Enough for every closed word, model, host and name of a file; ids and times differ from line to line. */
const MAX_KNOWN = 2_000;

/** Looks for secrets through many records of one kind, whose leaves are mostly the same few words. */
export class SecretSearch {
  readonly #guard: SecretGuard;
  readonly #clean = new Set<string>();

  constructor(guard: SecretGuard) {
    this.#guard = guard;
  }

  /** Whether a leaf of `value` is refused by the guard. */
  finds(value: unknown): boolean {
    if (typeof value === 'string') {
      return this.#isRefused(value);
    }
    if (typeof value !== 'object' || value === null) {
      return false;
    }
    // Any object may be read by name; only its texts are looked at.
    const named = value as Readonly<Record<string, unknown>>;
    for (const name in named) {
      if (this.finds(named[name])) {
        return true;
      }
    }
    return false;
  }

  #isRefused(text: string): boolean {
    if (this.#clean.has(text)) {
      return false;
    }
    const isRefused = this.#guard.refuses(text);
    if (!isRefused && this.#clean.size < MAX_KNOWN) {
      this.#clean.add(text);
    }
    return isRefused;
  }
}
