import type { RequestOptions } from './options';
import { Problems } from './problems';

/** Text that is allowed as a header value. A line break would inject another header. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{1,512}$/;

/**
 * Checks the options of one call that would otherwise fail later, or silently have no effect.
 *
 * Does not check limits: `resolveLimits` does. Does not check `runId` and `requestId`: an invalid one is ignored,
 * because it may come from outside and must not fail the call.
 *
 * @throws CometAPIError that lists every invalid option by name, never by value
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
    problems.add('idempotencyKey must have 1 to 512 characters that are allowed in an HTTP header.');
  }
  const objects = { headers, query, telemetry, fetchOptions, 'telemetry.attributes': telemetry?.attributes };
  for (const [name, value] of Object.entries(objects)) {
    if (!isObject(value)) {
      problems.add(`${name} must be an object.`);
    }
  }
  problems.throwIfAny();
}

/** True for objects, `null` and `undefined`. */
function isObject(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'object';
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Checks methods, not the class: signals from polyfills and other realms are not instances of this realm's class. */
function isSignal(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'aborted') === 'boolean' &&
    typeof Reflect.get(value, 'addEventListener') === 'function'
  );
}
