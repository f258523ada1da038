import type { SecretGuard } from './secret-guard';

declare const kindOf: unique symbol;

/** Kinds of identifiers that may leave the process, each with a grammar of its own. */
export type LabelKind =
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

/** A checked identifier. The only way to make one is {@link label}, which refuses prose and anything like a key. */
export type Label<Kind extends LabelKind> = string & { readonly [kindOf]: Kind };

/** Without spaces, so that no prose fits; at most 128 characters. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/;

/** What each kind looks like; schemas say the same. */
export const GRAMMAR: Readonly<Record<LabelKind, RegExp>> = {
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
  // Where a field stands: `choices[].message.content`; `$` is the whole.
  json_path: /^(?:\$|[A-Za-z_][A-Za-z0-9_-]{0,47})(?:\[\]){0,8}(?:\.[A-Za-z_][A-Za-z0-9_-]{0,47}(?:\[\]){0,8}){0,16}$/,
  name: NAME,
};

/** `ft:gpt-4.1:acme:…`, `openai/ft:…`, and the older `curie:ft-acme-2022-…`. */
const FINE_TUNE = /(?:^|[/:])ft[:-]/i;

/**
 * Checks `value` against the grammar of `kind` and against the live secrets.
 *
 * @returns the label, or `undefined` when it does not fit or could be (part of) a secret
 */
export function label<Kind extends LabelKind>(kind: Kind, value: unknown, guard: SecretGuard): Label<Kind> | undefined {
  if (typeof value !== 'string' || !GRAMMAR[kind].test(value) || guard.refuses(value)) {
    return undefined;
  }
  // The grammar and the guard have just proved what the type claims.
  return value as Label<Kind>;
}

/**
 * A model name. Fine-tune names hold the names of organisations, so they and anything with two or more colons become
 * `_OTHER`, as does everything that is not a model name at all.
 */
export function modelLabel(value: unknown, guard: SecretGuard): Label<'model'> | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const checked = label('model', value, guard);
  if (checked === undefined || FINE_TUNE.test(checked) || checked.indexOf(':') !== checked.lastIndexOf(':')) {
    // `_OTHER` is a constant of ours.
    return '_OTHER' as Label<'model'>;
  }
  return checked;
}

/** Calls ask several times within a second, and a date takes five times as long to spell as its milliseconds. */
let spelledSecond = Number.NaN;
let spelling = '';

/** A moment as a label, UTC with milliseconds. */
export function timestampLabel(epochMs: number): Label<'timestamp'> {
  const second = Math.floor(epochMs / 1_000);
  if (second !== spelledSecond) {
    // Throws for what is no time at all.
    spelling = new Date(second * 1_000).toISOString().slice(0, -'000Z'.length);
    spelledSecond = second;
  }
  // `toISOString` yields exactly the grammar.
  return `${spelling}${String(Math.floor(epochMs) - second * 1_000).padStart(3, '0')}Z` as Label<'timestamp'>;
}
