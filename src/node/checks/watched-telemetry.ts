import { INVALID_SPAN_CONTEXT, type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';

/**
 * The registered provider, with everything that is handed to its spans told to `tell` first. Without a provider the spans
 * lead nowhere and are told all the same.
 */
export function watchedTracerProvider(tell: (text: string) => void): TracerProvider {
  return { getTracer: (...of) => watched(trace.getTracerProvider().getTracer(...of), tell) };
}

/** The same for the measurements of a meter provider. */
export function watchedMeterProvider(tell: (text: string) => void): MeterProvider {
  return { getMeter: (...of) => watched(metrics.getMeterProvider().getMeter(...of), tell) };
}

/** `target`, and what its methods make, with each argument told. */
function watched<Target extends object>(target: Target, tell: (text: string) => void): Target {
  return new Proxy(target, {
    get(of, name) {
      if (name === 'isRecording') {
        // Else no attribute would be computed, and nothing seen.
        return () => true;
      }
      if (name === 'spanContext') {
        return () => contextOf(of);
      }
      const member: unknown = Reflect.get(of, name, of);
      if (typeof member !== 'function') {
        return member;
      }
      return (...given: readonly unknown[]) => {
        tell(textOf(given));
        const made: unknown = Reflect.apply(member, of, given);
        return typeof made === 'object' && made !== null ? watched(made, tell) : made;
      };
    },
  });
}

/** The ids of a span that nobody will find are not recorded. */
function contextOf(span: object): unknown {
  const isRecording: unknown = Reflect.get(span, 'isRecording');
  const spanContext: unknown = Reflect.get(span, 'spanContext');
  const isFound = typeof isRecording === 'function' && Reflect.apply(isRecording, span, []) === true;
  return isFound && typeof spanContext === 'function' ? Reflect.apply(spanContext, span, []) : INVALID_SPAN_CONTEXT;
}

function textOf(given: readonly unknown[]): string {
  try {
    return JSON.stringify(given) ?? '';
  } catch {
    // A context may hold what cannot be written; names and attributes come as plain values.
    return given.filter((value) => typeof value === 'string').join(' ');
  }
}
