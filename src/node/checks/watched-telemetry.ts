// Only the namespace: `logs` came with 1.10 of the API, and naming it in an import is a link error under 1.9.
import * as api from '@opentelemetry/api';
import type { SinkName } from './sink-watch';
import { textWithin } from './text-within';

/** @returns whether `text` is clean; what is not does not get through */
type Sees = (sink: SinkName, text: string) => boolean;

/**
 * The registered provider, with everything that is handed to its spans looked at first. Without a provider the spans lead
 * nowhere and are looked at all the same.
 */
export function watchedTracerProvider(sees: Sees): api.TracerProvider {
  return { getTracer: (...of) => watched(api.trace.getTracerProvider().getTracer(...of), 'spans', sees) };
}

/** The same for the measurements of a meter provider. */
export function watchedMeterProvider(sees: Sees): api.MeterProvider {
  return { getMeter: (...of) => watched(api.metrics.getMeterProvider().getMeter(...of), 'metrics', sees) };
}

/**
 * Looks at what anybody in this process hands to the registered providers from now on: log events, which have no provider
 * of their own in a client, and the spans and measurements of other instrumentation.
 *
 * @returns leaves the providers as they were
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

/** `target`, and what its methods make, with each argument looked at. */
function watched<Target extends object>(target: Target, sink: SinkName, sees: Sees): Target {
  const proxy: Target = new Proxy(target, {
    get(of, name) {
      if (name === 'isRecording' || name === 'enabled') {
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

/** What a caller gets whose words do not get through: a span that records nothing, or what it called. */
function withheld(name: string | symbol, given: readonly unknown[], called: object): unknown {
  const span = api.trace.wrapSpanContext(api.INVALID_SPAN_CONTEXT);
  if (name === 'startActiveSpan') {
    const run = given.at(-1);
    return typeof run === 'function' ? run(span) : undefined;
  }
  return name === 'startSpan' ? span : called;
}

/** The ids of a span that nobody will find are not recorded. */
function contextOf(span: object): unknown {
  const isRecording: unknown = Reflect.get(span, 'isRecording');
  const spanContext: unknown = Reflect.get(span, 'spanContext');
  const isFound = typeof isRecording === 'function' && Reflect.apply(isRecording, span, []) === true;
  return isFound && typeof spanContext === 'function' ? Reflect.apply(spanContext, span, []) : api.INVALID_SPAN_CONTEXT;
}
