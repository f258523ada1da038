/** A shared symbol, so that {@link CometAPIError.isInstance} recognizes errors of another copy of this package. */
const MARK = Symbol.for('cometapi-otel.error');

/**
 * Base class of all errors of this package. Thrown directly for invalid options, with all `problems` at once.
 */
export class CometAPIError extends Error {
  /** The invalid options and variables, one sentence each, without their values. Empty for other errors. */
  readonly problems: readonly string[];

  constructor(message?: string, details: { readonly problems?: readonly string[] } = {}) {
    super(message);
    this.problems = Object.freeze([...(details.problems ?? [])]);
    Object.defineProperty(this, MARK, { value: true });
    if (this.problems.length === 0) {
      Object.defineProperty(this, 'problems', { enumerable: false });
    }
  }

  /** Returns true if `value` is an error of this package. Works across duplicate installs, unlike `instanceof`. */
  static isInstance(value: unknown): value is CometAPIError {
    return typeof value === 'object' && value !== null && MARK in value;
  }
}

/** Sets `error.name` explicitly, because minifiers shorten class names. */
export function nameErrors(classes: Readonly<Record<string, { readonly prototype: CometAPIError }>>): void {
  for (const [name, { prototype }] of Object.entries(classes)) {
    Object.defineProperty(prototype, 'name', { value: name, writable: true, configurable: true });
  }
}

nameErrors({ CometAPIError });
