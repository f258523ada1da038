import { ProxyTracerProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { SCOPE } from './scope';

/**
 * Returns a function that gets the tracer of the current provider, or `undefined` if there is none: then no attributes
 * are computed. Does not use `trace.getTracer`, which drops the schema URL.
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

/** True if no SDK is registered: the API then returns a proxy without a delegate. */
function isIdle(provider: TracerProvider): boolean {
  return provider instanceof ProxyTracerProvider && provider.getDelegateTracer(SCOPE.name) === undefined;
}
