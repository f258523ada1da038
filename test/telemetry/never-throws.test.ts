import {
  type ContextManager,
  context,
  diag,
  type MeterProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type TracerProvider,
} from '@opentelemetry/api';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CallObserver } from '../../src/facts/observer';
import { createTelemetry, type Telemetry } from '../../src/telemetry/telemetry';
import { aCall, anAttempt, closedCall } from '../support/facts';
import { startRecordingTelemetry } from '../support/recording-telemetry';

const SETTINGS = { urlTemplate: true, propagate: true, httpDurationMetric: true };

/** Returns an object with the given methods. Every other method throws. */
function broken<Working extends object>(working: Working): Working {
  return new Proxy(working, {
    get(target, key) {
      if (Reflect.has(target, key)) {
        return Reflect.get(target, key);
      }
      return () => {
        throw new Error(`broken ${String(key)}`);
      };
    },
  });
}

/** Plays a call and catches the errors of each observer separately, as the client does. */
function playGuarded({ observers, trace }: Telemetry): { failures: number; sent: unknown[]; idsAfter: unknown } {
  const call = aCall();
  let failures = 0;
  const sent: unknown[] = [];
  const tell = (action: (observer: CallObserver) => void): void => {
    for (const observer of observers) {
      try {
        action(observer);
      } catch {
        failures += 1;
      }
    }
  };
  tell((observer) => observer.callOpened?.(call));
  tell((observer) => observer.attemptOpened?.(call, { index: 1, startOffsetMs: 0 }));
  trace.spanIds(call);
  trace.aroundAttempt(call, 1, (traceparent) => sent.push(traceparent ?? 'no traceparent'));
  tell((observer) => observer.attemptClosed?.(call, anAttempt()));
  tell((observer) => observer.callClosed?.(closedCall(call)));
  return { failures, sent, idsAfter: trace.spanIds(call) };
}

const workingSpan: Pick<Span, 'end' | 'spanContext' | 'isRecording'> = {
  end: () => {},
  spanContext: (): SpanContext => ({ traceId: 'not hex', spanId: 'not hex', traceFlags: 1 }),
  isRecording: () => true,
};

/** Creates a provider whose tracer returns `span`. */
function giving(span: object): TracerProvider {
  // The tests pass objects that are not real spans.
  return { getTracer: () => broken({ startSpan: () => span as Span, startActiveSpan: () => undefined as never }) };
}

describe('a call succeeds although telemetry fails', () => {
  test.each<[string, TracerProvider]>([
    ['a provider without a tracer', broken({}) as TracerProvider],
    ['a tracer that cannot start spans', { getTracer: () => broken({}) as never }],
    ['a span whose methods all throw', giving(broken({}))],
    ['a span that refuses attributes and has no valid ids', giving(broken(workingSpan))],
  ])('%s', async (_name, tracerProvider) => {
    const sdk = startRecordingTelemetry();
    const { sent, idsAfter } = playGuarded(createTelemetry({ ...SETTINGS, tracerProvider }));
    const measured = (await sdk.metrics()).map((metric) => metric.descriptor.name);
    await sdk.shutdown();
    expect({ sent, idsAfter, measured }).toEqual({
      sent: ['no traceparent'],
      idsAfter: undefined,
      measured: [
        'http.client.request.duration',
        'gen_ai.client.operation.duration',
        'gen_ai.client.token.usage',
        'cometapi.client.attempts',
      ],
    });
  });

  test('a span that refuses its attributes is ended anyway', () => {
    const end = vi.fn();
    playGuarded(createTelemetry({ ...SETTINGS, tracerProvider: giving(broken({ ...workingSpan, end })) }));
    expect(end).toHaveBeenCalledTimes(2);
  });

  test.each<[string, MeterProvider]>([
    ['a provider without a meter', broken({}) as MeterProvider],
    ['a meter without histograms', { getMeter: () => broken({}) as never }],
    ['histograms that throw', { getMeter: () => broken({ createHistogram: () => broken({}) }) as never }],
  ])('%s does not affect the spans', async (_name, meterProvider) => {
    const sdk = startRecordingTelemetry();
    const { sent } = playGuarded(createTelemetry({ ...SETTINGS, meterProvider }));
    const names = sdk.spans().map((span) => span.name);
    await sdk.shutdown();
    expect([sent.length, names]).toEqual([1, ['POST /v1/chat/completions', 'chat gpt-5.1']]);
  });

  type Run = (context: unknown, action: () => unknown) => unknown;
  const throwsAfter: Run = (_context, action) => {
    action();
    throw new Error('broken after');
  };
  const runsTwice: Run = (_context, action) => [action(), action()];
  test.each<[string, { readonly with?: Run }]>([
    ['that throws before it runs the request', {}],
    ['that throws after it ran the request', { with: throwsAfter }],
    ['that does not run the request', { with: () => undefined }],
    ['that runs the request twice', { with: runsTwice }],
  ])('a context manager %s neither loses nor repeats the request', async (_name, manager) => {
    const sdk = startRecordingTelemetry({ contextManager: false });
    const disable = (): ContextManager => failing;
    // The test needs an object that is not a working context manager.
    const failing = broken({ active: () => ROOT_CONTEXT, disable, ...manager }) as unknown as ContextManager;
    context.setGlobalContextManager(failing);
    const { sent } = playGuarded(createTelemetry(SETTINGS));
    await sdk.shutdown();
    expect(sent).toHaveLength(1);
  });
});

describe('a tracer provider without a context manager', () => {
  afterEach(() => diag.disable());

  test('causes one warning per process, through diag', async () => {
    vi.resetModules();
    const { createTelemetry: createFresh } = await import('../../src/telemetry/telemetry');
    const warn = vi.fn();
    diag.setLogger({ ...console, verbose: () => {}, warn });
    const sdk = startRecordingTelemetry({ contextManager: false });
    playGuarded(createFresh(SETTINGS));
    playGuarded(createFresh(SETTINGS));
    await sdk.shutdown();
    expect(warn.mock.calls).toEqual([[expect.stringContaining('without a context manager')]]);
  });

  test('is the only reason for the warning', async () => {
    vi.resetModules();
    const { createTelemetry: createFresh } = await import('../../src/telemetry/telemetry');
    const warn = vi.fn();
    diag.setLogger({ ...console, verbose: () => {}, warn });
    playGuarded(createFresh(SETTINGS));
    const sdk = startRecordingTelemetry();
    playGuarded(createFresh(SETTINGS));
    await sdk.shutdown();
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('without an SDK', () => {
  test('reads no facts for attributes at the end of a call, and keeps no state', () => {
    const { observers, trace } = createTelemetry(SETTINGS);
    const call = aCall();
    const read: (string | symbol)[] = [];
    const watched = <Facts extends object>(facts: Facts): Facts =>
      new Proxy(facts, {
        get(target, key) {
          read.push(key);
          return Reflect.get(target, key);
        },
      });
    for (const observer of observers) {
      observer.callOpened?.(call);
      observer.attemptOpened?.(call, { index: 1, startOffsetMs: 0 });
    }
    for (const observer of observers) {
      observer.attemptClosed?.(call, watched(anAttempt()));
      observer.callClosed?.(watched(closedCall(call)));
    }
    expect([...new Set(read)].toSorted()).toEqual(['callId', 'ending', 'index']);
    expect(trace.spanIds(call)).toBeUndefined();
  });

  test('with a sampler that drops every span, reads no facts of the answer for spans', async () => {
    const sdk = startRecordingTelemetry({ sampler: { shouldSample: () => ({ decision: 0 }), toString: () => 'off' } });
    const { observers } = createTelemetry(SETTINGS);
    const spans = observers.at(-1);
    const call = aCall();
    spans?.callOpened?.(call);
    const facts = closedCall(call);
    let reads = 0;
    spans?.callClosed?.({
      ...facts,
      get response() {
        reads += 1;
        return facts.response ?? {};
      },
    });
    await sdk.shutdown();
    expect([reads, sdk.spans()]).toEqual([0, []]);
  });
});
