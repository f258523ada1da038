/**
 * Request headers: lowercase names, in the order they were set. A `Headers` object sorts and copies itself on each
 * iteration, and a call iterates several times. So only requests through fetch get a `Headers` object.
 * A list is enough for about ten fields.
 */
export class HeaderList implements Iterable<[name: string, value: string]> {
  /** Names and values in turn. */
  readonly #fields: string[];

  /** @param fields unique lowercase names with their values, as `Headers` iterates them */
  constructor(fields: Iterable<readonly [string, string]> = []) {
    if (fields instanceof HeaderList) {
      this.#fields = fields.#fields.slice();
      return;
    }
    this.#fields = [];
    for (const [name, value] of fields) {
      this.#fields.push(name, value);
    }
  }

  get(name: string): string | null {
    const at = this.#indexOf(name);
    return at === -1 ? null : (this.#fields[at + 1] ?? null);
  }

  has(name: string): boolean {
    return this.#indexOf(name) !== -1;
  }

  set(name: string, value: string): void {
    const at = this.#indexOf(name);
    if (at === -1) {
      this.#fields.push(name, value);
    } else {
      this.#fields[at + 1] = value;
    }
  }

  append(name: string, value: string): void {
    const before = this.get(name);
    // Only cookies are joined with a semicolon (RFC 9113, 8.2.3).
    this.set(name, before === null ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }

  delete(name: string): void {
    const at = this.#indexOf(name);
    if (at !== -1) {
      this.#fields.splice(at, 2);
    }
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    for (let at = 0; at < this.#fields.length; at += 2) {
      yield [this.#fields[at] ?? '', this.#fields[at + 1] ?? ''];
    }
  }

  /** Iterates without creating an array for each field. */
  forEach(take: (name: string, value: string) => void): void {
    for (let at = 0; at < this.#fields.length; at += 2) {
      take(this.#fields[at] ?? '', this.#fields[at + 1] ?? '');
    }
  }

  /** Converts the fields for a request through fetch. */
  toHeaders(): Headers {
    return new Headers([...this]);
  }

  #indexOf(name: string): number {
    for (let at = 0; at < this.#fields.length; at += 2) {
      if (this.#fields[at] === name) {
        return at;
      }
    }
    return -1;
  }
}
