import type { RequestOptions } from './options';
import { Problems } from './problems';

/** What may stand in a header (L-22). */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{1,512}$/;

/**
 * Looks at the options of one call that would otherwise fail deep inside, or silently do nothing. Limits of time and
 * number are checked where they are put together; labels that do not fit (`runId`, `requestId`) are left out, since they
 * may come from outside and no call is worth less than its label.
 *
 * @throws CometAPIError naming every option that does not fit, never its value
 */
export function checkCallOptions(options: RequestOptions): void {
  const { signal, headers, query, idempotencyKey, telemetry, fetchOptions } = options;
  const isSendable =
    !isGiven(idempotencyKey) || (typeof idempotencyKey === 'string' && HEADER_VALUE.test(idempotencyKey));
  const areObjects =
    isObject(headers) &&
    isObject(query) &&
    isObject(telemetry) &&
    isObject(fetchOptions) &&
    isObject(telemetry?.attributes);
  if (isSendable && areObjects && (!isGiven(signal) || isSignal(signal))) {
    return;
  }
  const problems = new Problems();
  if (isGiven(signal) && !isSignal(signal)) {
    problems.add('signal must be an AbortSignal.');
  }
  if (!isSendable) {
    problems.add('idempotencyKey must be up to 512 characters that can stand in a header.');
  }
  const objects = { headers, query, telemetry, fetchOptions, 'telemetry.attributes': telemetry?.attributes };
  for (const [name, value] of Object.entries(objects)) {
    if (!isObject(value)) {
      problems.add(`${name} must be an object.`);
    }
  }
  problems.throwIfAny();
}

/** An object, or nothing. */
function isObject(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'object';
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
