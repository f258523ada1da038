import { ProxyTracerProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { SCOPE } from './scope';

/**
 * The tracer of whichever provider is registered now (`trace.getTracer` would drop the schema URL); `undefined` while
 * there is none, so that no attribute is computed for nobody.
 */
export function createTracerSource(own: TracerProvider | undefined): () => Tracer | undefined {
  let provider: TracerProvider | undefined;
  let tracer: Tracer | undefined;
  return () => {
    const current = own ?? trace.getTracerProvider();
    if (tracer === undefined || current !== provider) {
      tracer = isIdle(current) ? undefined : current.getTracer(SCOPE.name, SCOPE.version, SCOPE.options);
      provider = current;
    }
    return tracer;
  };
}

/** Until an SDK registers, the API hands out its own proxy with nothing behind it. */
function isIdle(provider: TracerProvider): boolean {
  return provider instanceof ProxyTracerProvider && provider.getDelegateTracer(SCOPE.name) === undefined;
}
