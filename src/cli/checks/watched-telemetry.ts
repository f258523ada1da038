// A namespace import: `logs` exists since version 1.10 of the API, and importing it by name fails to link with 1.9.
import * as api from '@opentelemetry/api';
import type { SinkName } from './sink-watch';
import { textWithin } from './text-within';

/** @returns true if `text` contains no secret; otherwise the value is withheld */
type Sees = (sink: SinkName, text: string) => boolean;

/**
 * Wraps the registered tracer provider and searches every value passed to its spans. Without a provider, spans are not
 * exported but still searched.
 */
export function watchedTracerProvider(sees: Sees): api.TracerProvider {
  return { getTracer: (...of) => watched(api.trace.getTracerProvider().getTracer(...of), 'spans', sees) };
}

/** Wraps the registered meter provider and searches every value passed to its instruments. */
export function watchedMeterProvider(sees: Sees): api.MeterProvider {
  return { getMeter: (...of) => watched(api.metrics.getMeterProvider().getMeter(...of), 'metrics', sees) };
}

/**
 * Searches every value that this process passes to the registered providers from now on. This covers log events, whose
 * provider is not a client option, and the spans and measurements of other instrumentation.
 *
 * @returns a function that restores the providers
 */
export function watchProviders(sees: Sees): () => void {
  const restored = [
    watchProvider(api.trace.getTracerProvider(), 'getTracer', 'spans', sees),
    watchProvider(api.metrics.getMeterProvider(), 'getMeter', 'metrics', sees),
    ...('logs' in api ? [watchProvider(api.logs.getLoggerProvider(), 'getLogger', 'log_events', sees)] : []),
  ];
  return () => {
    for (const restore of restored) {
      restore();
    }
  };
}

function watchProvider(provider: object, method: string, sink: SinkName, sees: Sees): () => void {
  const own: unknown = Reflect.get(provider, method);
  if (typeof own !== 'function') {
    return () => {};
  }
  const isOwnProperty = Object.hasOwn(provider, method);
  const watching = (...of: readonly unknown[]): unknown => {
    const made: unknown = Reflect.apply(own, provider, of);
    return typeof made === 'object' && made !== null ? watched(made, sink, sees) : made;
  };
  const isSet = Reflect.defineProperty(provider, method, { value: watching, configurable: true, writable: true });
  return () => {
    if (isSet && isOwnProperty) {
      Reflect.set(provider, method, own);
    } else if (isSet) {
      Reflect.deleteProperty(provider, method);
    }
  };
}

/** Wraps `target` and the objects that its methods return. Searches each argument. */
function watched<Target extends object>(target: Target, sink: SinkName, sees: Sees): Target {
  const proxy: Target = new Proxy(target, {
    get(of, name) {
      if (name === 'isRecording' || name === 'enabled') {
        // If these return false, callers skip computing attributes, and there is nothing to search.
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
        if (!sees(sink, textWithin(given))) {
          return withheld(name, given, proxy);
        }
        const made: unknown = Reflect.apply(member, of, given);
        return typeof made === 'object' && made !== null ? watched(made, sink, sees) : made;
      };
    },
  });
  return proxy;
}

/** The return value of a withheld call: a span that records nothing, or the called object. */
function withheld(name: string | symbol, given: readonly unknown[], called: object): unknown {
  const span = api.trace.wrapSpanContext(api.INVALID_SPAN_CONTEXT);
  if (name === 'startActiveSpan') {
    const run = given.at(-1);
    return typeof run === 'function' ? run(span) : undefined;
  }
  return name === 'startSpan' ? span : called;
}

/** Returns an invalid context for a span that does not record, because its ids lead to no exported span. */
function contextOf(span: object): unknown {
  const isRecording: unknown = Reflect.get(span, 'isRecording');
  const spanContext: unknown = Reflect.get(span, 'spanContext');
  const isFound = typeof isRecording === 'function' && Reflect.apply(isRecording, span, []) === true;
  return isFound && typeof spanContext === 'function' ? Reflect.apply(spanContext, span, []) : api.INVALID_SPAN_CONTEXT;
}
