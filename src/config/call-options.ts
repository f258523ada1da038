import type { SecretGuard } from '../facts/secret-guard';
import type { RequestOptions } from './options';
import { Problems } from './problems';
import { ID_RULE, NAME_RULE, SettingReader } from './setting-reader';

/** What may stand in a header (L-22). */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{1,512}$/;

/**
 * Looks at the options of one call that would otherwise fail deep inside, or silently do nothing. Limits of time and
 * number are checked where they are put together.
 *
 * @throws CometAPIError naming every option that does not fit, never its value
 */
export function checkCallOptions(options: RequestOptions, guard: SecretGuard): void {
  const problems = new Problems();
  const { signal, headers, query, idempotencyKey, telemetry, runId, requestId, fetchOptions } = options;
  if (isGiven(signal) && !isSignal(signal)) {
    problems.add('signal must be an AbortSignal.');
  }
  if (isGiven(idempotencyKey) && !(typeof idempotencyKey === 'string' && HEADER_VALUE.test(idempotencyKey))) {
    problems.add('idempotencyKey must be up to 512 characters that can stand in a header.');
  }
  const objects = { headers, query, telemetry, fetchOptions, 'telemetry.attributes': telemetry?.attributes };
  for (const [name, value] of Object.entries(objects)) {
    if (isGiven(value) && typeof value !== 'object') {
      problems.add(`${name} must be an object.`);
    }
  }
  const read = new SettingReader({}, problems, guard);
  read.label('name', { option: runId, name: 'runId' }, NAME_RULE);
  read.label('id', { option: requestId, name: 'requestId' }, ID_RULE);
  problems.throwIfAny();
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Signals of another realm, and of polyfills, are no instances of ours. */
function isSignal(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'aborted') === 'boolean' &&
    typeof Reflect.get(value, 'addEventListener') === 'function'
  );
}
