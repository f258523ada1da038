import { context, createContextKey, diag, ROOT_CONTEXT } from '@opentelemetry/api';

const PROBE = createContextKey('cometapi-otel context probe');

/**
 * True if a context manager is registered. Every SDK start registers one.
 *
 * Without one, spans have no parent, and other instrumentations cannot be suppressed: they trace each request again.
 */
export function hasContextManager(): boolean {
  try {
    return context.with(ROOT_CONTEXT.setValue(PROBE, true), () => context.active().getValue(PROBE) === true);
  } catch {
    // A context manager that throws does not work.
    return false;
  }
}

let checked = false;

/** Warns through `diag`, once per process, if spans are recorded without a context manager. */
export function warnWithoutContextManager(): void {
  if (checked) {
    return;
  }
  checked = true;
  if (!hasContextManager()) {
    diag.warn(
      'cometapi-otel: a tracer provider is registered without a context manager. Spans have no parents, and other HTTP instrumentation traces each request again. Register a context manager with context.setGlobalContextManager().',
    );
  }
}
