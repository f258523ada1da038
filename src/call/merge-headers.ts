import type { HeadersLike, HeaderTuple } from '../config/options';
import { CometAPIError } from '../errors/cometapi-error';
import { HeaderFields } from '../transport/header-fields';

/** Headers put together from several sources, and the names somebody removed or set himself. */
export interface MergedHeaders {
  readonly headers: HeaderFields;
  /** Lowercase names that a caller set or removed. */
  readonly touched: ReadonlySet<string>;
  /** Those of the last source alone. */
  readonly touchedLast: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Later sources win; `null` removes a header, `undefined` leaves it.
 *
 * @param own fields of ours that any source may replace, names in lowercase
 * @throws CometAPIError naming a header that cannot be sent, never its value: the platform's own error quotes it (L-12)
 */
export function mergeHeaders(
  own: Iterable<readonly [string, string]>,
  sources: readonly (HeadersLike | null | undefined)[],
): MergedHeaders {
  const headers = new HeaderFields(own);
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

function apply(headers: HeaderFields, name: string, value: unknown, seen: ReadonlySet<string>): void {
  if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) {
    throw new CometAPIError('A header name holds a character that cannot be sent.');
  }
  if (value === null) {
    headers.delete(name);
    return;
  }
  // As the platform has it: blanks around a value are none of it.
  const text = textOf(value)?.replace(/^[\t ]+|[\t ]+$/g, '');
  if (text === undefined || !/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
    throw new CometAPIError(
      `${nameOf(name)} has a value that cannot be sent: only Latin-1 text without line breaks can.`,
    );
  }
  if (seen.has(name)) {
    headers.append(name, text);
  } else {
    headers.set(name, text);
  }
}

/** A key that was put in the place of the name is not shown; almost every key holds digits. */
function nameOf(name: string): string {
  return /^[a-z-]{1,40}$/.test(name) ? `The header ${name}` : 'A header';
}

/** JavaScript callers pass numbers too, and fetch takes them. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Lowercase names and what stands at each. */
function entriesOf(source: HeadersLike): Iterable<readonly [string, HeaderTuple[1]]> {
  if (isIterable(source)) {
    return [...source].map(([name, value]) => [name.toLowerCase(), value]);
  }
  // A name that stands twice in another case is one header: the last one counts.
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
