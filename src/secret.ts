const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');

/** Holds a secret so that printing, serialising or inspecting it shows `[secret]`. `reveal` is for the sending only. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspectSymbol](): string {
    return '[secret]';
  }
}
