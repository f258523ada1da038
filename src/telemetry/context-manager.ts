import { context, createContextKey, diag, ROOT_CONTEXT } from '@opentelemetry/api';

const PROBE = createContextKey('cometapi-otel context probe');

/**
 * Whether a context manager is registered. Without one, spans have no parent from the caller, and other
 * instrumentations cannot be told to stay silent: a request would be traced twice. Any SDK start registers one.
 */
export function hasContextManager(): boolean {
  try {
    return context.with(ROOT_CONTEXT.setValue(PROBE, true), () => context.active().getValue(PROBE) === true);
  } catch {
    // One that fails is as good as none.
    return false;
  }
}

let checked = false;

/** Says once per process, through `diag`, that spans are recorded without a context manager. */
export function warnWithoutContextManager(): void {
  if (checked) {
    return;
  }
  checked = true;
  if (!hasContextManager()) {
    diag.warn(
      'cometapi-otel: a tracer provider is registered without a context manager. Spans have no parents, and other HTTP instrumentation traces each request again. Register one with context.setGlobalContextManager().',
    );
  }
}
