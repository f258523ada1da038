import { trace } from '@opentelemetry/api';

/** Whether an SDK has registered. Until one does, the API hands out a proxy with nothing behind it. */
export function hasTracerProvider(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !('getDelegateTracer' in provider) ||
    typeof provider.getDelegateTracer !== 'function' ||
    provider.getDelegateTracer('cometapi-otel') !== undefined
  );
}
