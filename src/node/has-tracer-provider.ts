import { trace } from '@opentelemetry/api';

/** True if an SDK has registered a tracer provider. Until then, the API returns a proxy without a delegate. */
export function hasTracerProvider(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !('getDelegateTracer' in provider) ||
    typeof provider.getDelegateTracer !== 'function' ||
    provider.getDelegateTracer('cometapi-otel') !== undefined
  );
}
