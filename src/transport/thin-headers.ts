import type { ResponseHeaders } from '../wire/response-headers';

/** Names and values in turn, as undici 6 tells them: bytes, or text. */
export type RawHeaders = readonly RawText[];

interface RawText {
  readonly length: number;
  /** Of bytes: what holds them. */
  readonly buffer?: { readonly byteLength: number };
  toString(encoding: 'latin1'): string;
}

/** Names in lowercase, as undici 7 tells them. */
export type ParsedHeaders = Readonly<Record<string, string | readonly string[]>>;

/** What `Headers` takes as a value. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The headers of an answer, read without making the standard's object of them: a call looks at eight. */
export class ThinHeaders implements ResponseHeaders {
  readonly #fields: ParsedHeaders;

  constructor(fields: ParsedHeaders) {
    this.#fields = fields;
  }

  /** @param name in lowercase */
  get(name: string): string | null {
    const value = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    return value === undefined ? null : textOf(value);
  }

  /** Each name and value, without what could not stand in `Headers`: fetch would fail the whole answer for it. */
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

/** The headers of an answer as bytes: a text is made only of what is asked for. */
class RawThinHeaders implements ResponseHeaders {
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

/** Bytes of headers stand in the read that brought them, and would hold a large one as long as the answer is held. */
const MAX_HELD_BYTES = 8_192;

export function headersOf(raw: RawHeaders): ResponseHeaders {
  const heldBytes = raw[0]?.buffer?.byteLength ?? 0;
  return heldBytes <= MAX_HELD_BYTES ? new RawThinHeaders(raw) : parsed(raw);
}

function parsed(raw: RawHeaders): ThinHeaders {
  const fields: Record<string, string | string[]> = Object.create(null);
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toString('latin1').toLowerCase() ?? '';
    const value = raw[at + 1]?.toString('latin1') ?? '';
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return new ThinHeaders(fields);
}

function textOf(value: string | readonly string[]): string {
  return typeof value === 'string' ? value.trim() : value.map((single) => single.trim()).join(', ');
}
