import type { ResponseHeaders } from '../wire/response-headers';

/** Alternating names and values from undici 6, as bytes or text. */
export type RawHeaders = readonly RawText[];

interface RawText {
  readonly length: number;
  /** Set for bytes: the buffer that contains them. */
  readonly buffer?: { readonly byteLength: number };
  toString(encoding: 'latin1'): string;
}

/** Headers from undici 7, with lowercase names. */
export type ParsedHeaders = Readonly<Record<string, string | readonly string[]>>;

/** The values that `Headers` accepts. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Response headers without a `Headers` object. A call reads only eight fields. */
export class LazyHeaders implements ResponseHeaders {
  readonly #fields: ParsedHeaders;

  constructor(fields: ParsedHeaders) {
    this.#fields = fields;
  }

  /** @param name in lowercase */
  get(name: string): string | null {
    const value = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    return value === undefined ? null : textOf(value);
  }

  /** Iterates over names and values. Skips values that `Headers` refuses: fetch would fail the whole response. */
  *[Symbol.iterator](): Generator<[string, string]> {
    for (const [name, values] of Object.entries(this.#fields)) {
      for (const value of [values].flat()) {
        if (SENDABLE.test(value)) {
          yield [name, value.trim()];
        }
      }
    }
  }
}

/** Response headers as bytes. Only the requested fields are decoded. */
class RawLazyHeaders implements ResponseHeaders {
  readonly #raw: RawHeaders;

  constructor(raw: RawHeaders) {
    this.#raw = raw;
  }

  get(name: string): string | null {
    let found: string | null = null;
    for (let at = 0; at + 1 < this.#raw.length; at += 2) {
      const field = this.#raw[at];
      if (field?.length === name.length && field.toString('latin1').toLowerCase() === name) {
        const value = this.#raw[at + 1]?.toString('latin1').trim() ?? '';
        found = found === null ? value : `${found}, ${value}`;
      }
    }
    return found;
  }

  [Symbol.iterator](): Generator<[string, string]> {
    return parsed(this.#raw)[Symbol.iterator]();
  }
}

/** Header bytes are a view of a socket's read buffer. A larger buffer is not kept: all fields are decoded at once. */
const MAX_HELD_BYTES = 8_192;

export function headersOf(raw: RawHeaders): ResponseHeaders {
  const heldBytes = raw[0]?.buffer?.byteLength ?? 0;
  return heldBytes <= MAX_HELD_BYTES ? new RawLazyHeaders(raw) : parsed(raw);
}

function parsed(raw: RawHeaders): LazyHeaders {
  const fields: Record<string, string | string[]> = Object.create(null);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toString('latin1').toLowerCase() ?? '';
    const value = raw[at + 1]?.toString('latin1') ?? '';
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return new LazyHeaders(fields);
}

function textOf(value: string | readonly string[]): string {
  return typeof value === 'string' ? value.trim() : value.map((single) => single.trim()).join(', ');
}
