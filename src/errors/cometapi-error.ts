/** Survives two copies of the package in one process. */
const MARK = Symbol.for('cometapi-otel.error');

/**
 * Root of every error this package throws. Thrown itself for a configuration that cannot work, then with `problems`.
 */
export class CometAPIError extends Error {
  /** What is wrong with the configuration: names of options and variables, never their values. Empty otherwise. */
  readonly problems: readonly string[];

  constructor(message?: string, details: { readonly problems?: readonly string[] } = {}) {
    super(message);
    this.problems = Object.freeze([...(details.problems ?? [])]);
    Object.defineProperty(this, MARK, { value: true });
    if (this.problems.length === 0) {
      Object.defineProperty(this, 'problems', { enumerable: false });
    }
  }

  /** Whether `value` is an error of this package, also one of another copy of it. */
  static isInstance(value: unknown): value is CometAPIError {
    return typeof value === 'object' && value !== null && MARK in value;
  }
}

/** Spells out the names of error classes, since bundlers shorten those of the code. */
export function nameErrors(classes: Readonly<Record<string, { readonly prototype: CometAPIError }>>): void {
  for (const [name, { prototype }] of Object.entries(classes)) {
    Object.defineProperty(prototype, 'name', { value: name, writable: true, configurable: true });
  }
}

nameErrors({ CometAPIError });
