import type { Redactor } from './redaction/redactor';

declare const kindOf: unique symbol;

/** The kinds of identifiers that may leave the process. {@link GRAMMAR} defines the pattern of each. */
export type IdentifierKind =
  | 'model'
  | 'id'
  | 'host'
  | 'url'
  | 'timestamp'
  | 'date'
  | 'docs_url'
  | 'version'
  | 'fingerprint'
  | 'attribute_name'
  | 'json_path'
  | 'name';

/** An identifier that passed {@link identifier}, which refuses prose and anything that looks like a secret. */
export type Identifier<Kind extends IdentifierKind> = string & { readonly [kindOf]: Kind };

/** At most 128 characters. Prose does not match, because spaces are not allowed. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/;

/** The pattern of each kind. The record schemas use the same patterns. */
export const GRAMMAR: Readonly<Record<IdentifierKind, RegExp>> = {
  model: /^[A-Za-z0-9][A-Za-z0-9._/@:+-]{0,127}$/,
  id: /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
  host: /^(?:\[?[0-9A-Fa-f:.]{2,45}\]?|[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?)$/,
  url: /^https?:\/\/[A-Za-z0-9.:[\]_-]{1,260}(?:\/[A-Za-z0-9._~/…-]{0,200})?(?:\?[A-Za-z0-9_.=&-]{0,500})?$/,
  timestamp: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  docs_url: /^https:\/\/[A-Za-z0-9.-]{1,120}(?:\/[A-Za-z0-9._~/#-]{0,200})?$/,
  version: /^[0-9]{1,6}(?:\.[0-9A-Za-z+-]{1,32}){0,6}$/,
  fingerprint: /^fp_[A-Za-z0-9]{1,64}$/,
  attribute_name: /^[a-z][a-z0-9_]{0,31}(?:\.[a-z][a-z0-9_]{0,31}){0,5}$/,
  // The path of a JSON field, such as `choices[].message.content`; `$` is the whole document.
  json_path: /^(?:\$|[A-Za-z_][A-Za-z0-9_-]{0,47})(?:\[\]){0,8}(?:\.[A-Za-z_][A-Za-z0-9_-]{0,47}(?:\[\]){0,8}){0,16}$/,
  name: NAME,
};

/** Matches `ft:gpt-4.1:acme:…`, `openai/ft:…`, and the older `curie:ft-acme-2022-…`. */
const FINE_TUNE = /(?:^|[/:])ft[:-]/i;

/**
 * Checks `value` against the pattern of `kind` and against the active secrets.
 *
 * @returns the label, or `undefined` if `value` does not match or could be (part of) a secret
 */
export function identifier<Kind extends IdentifierKind>(
  kind: Kind,
  value: unknown,
  redactor: Redactor,
): Identifier<Kind> | undefined {
  if (typeof value !== 'string' || !GRAMMAR[kind].test(value) || redactor.looksSensitive(value)) {
    return undefined;
  }
  // The checks above prove the type.
  return value as Identifier<Kind>;
}

/**
 * Checks a model name. Returns `_OTHER` for anything else, for names with two or more colons, and for fine-tune names,
 * which contain the names of organizations.
 */
export function modelIdentifier(value: unknown, redactor: Redactor): Identifier<'model'> | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const checked = identifier('model', value, redactor);
  if (checked === undefined || FINE_TUNE.test(checked) || checked.indexOf(':') !== checked.lastIndexOf(':')) {
    // A constant of this library matches the pattern.
    return '_OTHER' as Identifier<'model'>;
  }
  return checked;
}

/** Caches the formatted second. Formatting a date costs five times as much as appending milliseconds. */
let cachedSecond = Number.NaN;
let secondText = '';

/**
 * Formats a time as a label, in UTC with milliseconds.
 *
 * @throws RangeError if `epochMs` is not a valid time
 */
export function timestampIdentifier(epochMs: number): Identifier<'timestamp'> {
  const second = Math.floor(epochMs / 1_000);
  if (second !== cachedSecond) {
    secondText = new Date(second * 1_000).toISOString().slice(0, -'000Z'.length);
    cachedSecond = second;
  }
  // `toISOString` matches the pattern.
  return `${secondText}${String(Math.floor(epochMs) - second * 1_000).padStart(3, '0')}Z` as Identifier<'timestamp'>;
}
