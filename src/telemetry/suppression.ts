import { type Context, createContextKey } from '@opentelemetry/api';

/**
 * The SDK's own key. `createContextKey` uses `Symbol.for`, so this equals the key in @opentelemetry/core (2 and 3)
 * without a dependency on that package.
 */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** True if the caller suppressed tracing. */
export function isSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS_TRACING) === true;
}

/** Returns a context in which other instrumentations add no span and send no `traceparent` or baggage to CometAPI. */
export function suppressed(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}
