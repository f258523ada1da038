import type { HeadersLike, HeaderTuple } from '../../config/options';
import { CometAPIError } from '../../errors/cometapi-error';
import { HeaderList } from '../../transport/header-list';

/** Headers merged from several sources, and the names that the sources set or removed. */
export interface MergedHeaders {
  readonly headers: HeaderList;
  /** Lowercase names that any source set or removed. */
  readonly touched: ReadonlySet<string>;
  /** Lowercase names that the last source set or removed. */
  readonly touchedLast: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Merges headers. Later sources win; `null` removes a header, `undefined` keeps it.
 *
 * @param own our own fields, which any source may replace; names in lowercase
 * @throws CometAPIError that names an invalid header, never its value. The platform's own error would quote the value,
 * which may be a key
 */
export function mergeHeaders(
  own: Iterable<readonly [string, string]>,
  sources: readonly (HeadersLike | null | undefined)[],
): MergedHeaders {
  const headers = new HeaderList(own);
  const touched = new Set<string>();
  let touchedLast = NONE;
  for (const source of sources) {
    if (source === null || source === undefined) {
      touchedLast = NONE;
      continue;
    }
    const seen = new Set<string>();
    touchedLast = seen;
    for (const [key, values] of entriesOf(source)) {
      for (const value of Array.isArray(values) ? values : [values]) {
        if (value !== undefined) {
          touched.add(key);
          apply(headers, key, value, seen);
          seen.add(key);
        }
      }
    }
  }
  return { headers, touched, touchedLast };
}

function apply(headers: HeaderList, name: string, value: unknown, seen: ReadonlySet<string>): void {
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) {
    throw new CometAPIError('A header name contains an invalid character. Use letters, digits and hyphens.');
  }
  if (value === null) {
    headers.delete(name);
    return;
  }
  // Like `Headers`: spaces and tabs around a value are removed.
  const text = textOf(value)?.replace(/^[\t ]+|[\t ]+$/g, '');
  if (text === undefined || !/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw new CometAPIError(`${nameOf(name)} has an invalid value. Use Latin-1 text without line breaks.`);
  }
  if (seen.has(name)) {
    headers.append(name, text);
  } else {
    headers.set(name, text);
  }
}

/** Hides a name that may be a key, passed as the name by accident. Almost every key contains digits. */
function nameOf(name: string): string {
  return /^[a-z-]{1,40}$/.test(name) ? `The header ${name}` : 'A header';
}

/** JavaScript callers also pass numbers and booleans, and `fetch` accepts them. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Lowercase names with their values. */
function entriesOf(source: HeadersLike): Iterable<readonly [string, HeaderTuple[1]]> {
  if (isIterable(source)) {
    return [...source].map(([name, value]) => [name.toLowerCase(), value]);
  }
  // Names that differ only in case are one header. The last one counts.
  const last = new Map<string, HeaderTuple[1]>();
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined) {
      last.set(name.toLowerCase(), value);
    }
  }
  return last;
}

function isIterable(source: HeadersLike): source is Headers | readonly HeaderTuple[] {
  return Symbol.iterator in source;
}
