import type { SecretGuard } from '../facts/secret-guard';
import { renderRecord } from './render-record';
import type { RedactionCheck } from './values';

/** A record that waits to be told how it was found clean; its claims and its verdict follow from that. */
export type Draft<R extends object> = (redactionCheck: RedactionCheck) => R;

/** A record whose very bytes were scanned, or the names of the fields for which it was refused. */
export type SealedRecord<R extends object> =
  | { readonly sealed: true; readonly record: R; readonly json: string; readonly yaml: string }
  | { readonly sealed: false; readonly leakingFields: readonly string[] };

/** A secret may hold a date, and every record holds many. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]{8,12}Z)?(?:\/\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z)?$/;

/**
 * Finishes a record: writes its claims, serialises it, and scans those bytes for every live secret in all encodings. Each
 * text in it is looked at too: what came from a file may hold a piece of a secret, or somebody else's.
 * A hit is never handed out; only the names of the fields are, not what they held.
 *
 * @param guard knows the live secrets; when it knows none, the record claims no check
 * @param options.canaryRun a run with unique secrets has proved the path that writes these records
 */
export function sealRecord<R extends object>(
  draft: Draft<R>,
  guard: SecretGuard,
  options: { readonly canaryRun?: boolean } = {},
): SealedRecord<R> {
  const unscanned = options.canaryRun === true ? 'canary_run' : 'not_checked';
  const record = draft(guard.secretCount > 0 ? 'value_scan' : unscanned);
  const json = renderRecord(record, 'json');
  const yaml = renderRecord(record, 'yaml');
  const fields = leakingFields(record, guard);
  // The plain spelling too: a secret with a character that we escape would pass in the escaped one.
  if (fields.length > 0 || [json, yaml, JSON.stringify(record)].some((text) => guard.holds(text))) {
    return { sealed: false, leakingFields: fields };
  }
  return { sealed: true, record, json, yaml };
}

/** Paths of the leaves that hold a secret. Names of fields are ours, so they may be shown. */
function leakingFields(value: unknown, guard: SecretGuard, path = ''): readonly string[] {
  if (typeof value === 'string') {
    return guard.holds(value) || (!MOMENT.test(value) && guard.refuses(value)) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return guard.holds(String(value)) ? [path] : [];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    leakingFields(inner, guard, Array.isArray(value) ? `${path}[${name}]` : `${path}${path === '' ? '' : '.'}${name}`),
  );
}
