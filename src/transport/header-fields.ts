/**
 * Header fields of a request: lowercase names, in the order they were set. The standard's `Headers` sorts and copies
 * itself each time it is looked through, and a call looks several times; here only what leaves through fetch becomes one.
 */
export class HeaderFields implements Iterable<[name: string, value: string]> {
  readonly #fields: Map<string, string>;

  /** @param fields names in lowercase, none twice, as `Headers` lists them */
  constructor(fields: Iterable<readonly [string, string]> = []) {
    this.#fields = new Map(fields);
  }

  get(name: string): string | null {
    return this.#fields.get(name) ?? null;
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  set(name: string, value: string): void {
    this.#fields.set(name, value);
  }

  append(name: string, value: string): void {
    const before = this.#fields.get(name);
    // Cookies alone are joined in another way (RFC 9113, 8.2.3).
    this.#fields.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }

  delete(name: string): void {
    this.#fields.delete(name);
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.#fields[Symbol.iterator]();
  }

  /** For what leaves through fetch. */
  toHeaders(): Headers {
    return new Headers([...this.#fields]);
  }
}
