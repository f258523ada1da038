const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');

/** Wraps a secret: printing, serializing or inspecting it shows `[secret]`. Only code that sends it calls `reveal`. */
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
