import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const OK = { code: 0 } as const;

/** Starts an SDK with a batch processor and a metrics reader. The exporters drop everything. */
export function startSdk(): { readonly tracerProvider: TracerProvider; readonly meterProvider: MeterProvider } {
  const spans = {
    export: (_: unknown, done: (result: { code: 0 }) => void) => done(OK),
    shutdown: async () => {},
    forceFlush: async () => {},
  };
  const exporter = { ...spans, selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE };
  const processor = new BatchSpanProcessor({ exporter: spans });
  const tracerProvider = new TracerProvider({ spanProcessors: [processor] });
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: exporter as never, exportIntervalMillis: 5_000 })],
  });
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return { tracerProvider, meterProvider };
}
