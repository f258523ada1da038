import { type Context, createContextKey } from '@opentelemetry/api';

/**
 * The SDK's own key: `createContextKey` is a global `Symbol.for`, so this equals the one in @opentelemetry/core (2 and 3)
 * without depending on it.
 */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Whether the caller asked that nothing be traced here. */
export function isSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS_TRACING) === true;
}

/** A context in which other instrumentations add no span and send no `traceparent` or baggage to the gateway. */
export function suppressed(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}
