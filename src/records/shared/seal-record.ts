import type { Redactor } from '../../facts/redaction/redactor';
import type { RedactionCheck } from './enums';
import { renderRecord } from './render-record';

/** Builds a record from the result of its redaction check. The claims and the verdict depend on that result. */
export type Draft<R extends object> = (redactionCheck: RedactionCheck) => R;

/** A record whose serialised bytes were scanned, or the names of the fields that contain a secret. */
export type SealedRecord<R extends object> =
  | { readonly sealed: true; readonly record: R; readonly json: string; readonly yaml: string }
  | { readonly sealed: false; readonly leakingFields: readonly string[] };

/** Dates and times. They skip the check for parts of a secret: a secret may contain a date, and records contain many. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]{8,12}Z)?(?:\/\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z)?$/;

/**
 * Finishes a record: sets its claims, serialises it and scans the result for every active secret in all encodings.
 * Also checks each text for parts and shapes of secrets, because a value from a file may contain an unknown secret.
 * If a secret is found, returns the names of the fields only, never their values.
 *
 * @param guard knows the active secrets. If it knows none, the record claims no check.
 * @param options.canaryRun true if a run with unique secrets has tested the code that writes these records
 */
export function sealRecord<R extends object>(
  draft: Draft<R>,
  redactor: Redactor,
  options: { readonly canaryRun?: boolean } = {},
): SealedRecord<R> {
  const unscanned = options.canaryRun === true ? 'canary_run' : 'not_checked';
  const record = draft(redactor.secretCount > 0 ? 'value_scan' : unscanned);
  const json = renderRecord(record, 'json');
  const yaml = renderRecord(record, 'yaml');
  const fields = leakingFields(record, redactor);
  // Also scans the JSON without extra escapes, where a secret with an escaped character appears unchanged.
  if (fields.length > 0 || [json, yaml, JSON.stringify(record)].some((text) => redactor.containsSecret(text))) {
    return { sealed: false, leakingFields: fields };
  }
  return { sealed: true, record, json, yaml };
}

/** Paths of the leaves that contain a secret. Field names are constants of this library, so they are safe to show. */
function leakingFields(value: unknown, redactor: Redactor, path = ''): readonly string[] {
  if (typeof value === 'string') {
    return redactor.containsSecret(value) || (!MOMENT.test(value) && redactor.looksSensitive(value)) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return redactor.containsSecret(String(value)) ? [path] : [];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    leakingFields(
      inner,
      redactor,
      Array.isArray(value) ? `${path}[${name}]` : `${path}${path === '' ? '' : '.'}${name}`,
    ),
  );
}
