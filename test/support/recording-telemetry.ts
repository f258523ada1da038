import { context, logs, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { MeterProvider, type MetricData, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { type ReadableSpan, type Sampler, TracerProvider } from '@opentelemetry/sdk-trace';

/** An OpenTelemetry SDK that keeps everything in memory. */
export interface RecordingTelemetry {
  readonly tracerProvider: TracerProvider;
  /** The current provider. {@link reset} creates a new one. */
  meterProvider(): MeterProvider;
  /** Ended spans, in the order they ended. */
  spans(): readonly ReadableSpan[];
  /** Names of spans that have not ended yet. */
  openSpans(): readonly string[];
  /** All metrics since the last reset. */
  metrics(): Promise<readonly MetricData[]>;
  resourceMetrics(): Promise<ResourceMetrics>;
  logRecords(): readonly ReadableLogRecord[];
  /** Clears everything that was recorded. */
  reset(): void;
  /** Unregisters all providers. */
  shutdown(): Promise<void>;
}

/** Parts of the SDK to omit or replace. */
export interface RecordingOptions {
  /** @default true */
  readonly contextManager?: boolean;
  readonly sampler?: Sampler;
}

/** Registers an in-memory tracer, meter and logger provider and a context manager with the global API. */
export function startRecordingTelemetry(options: RecordingOptions = {}): RecordingTelemetry {
  const ended: ReadableSpan[] = [];
  const open = new Set<{ readonly name: string }>();
  const records: ReadableLogRecord[] = [];
  const nothing = async (): Promise<void> => {};

  const tracerProvider = new TracerProvider({
    ...(options.sampler !== undefined && { sampler: options.sampler }),
    spanProcessors: [
      {
        onStart: (span) => void open.add(span),
        onEnd(span) {
          open.delete(span);
          ended.push(span);
        },
        forceFlush: nothing,
        shutdown: nothing,
      },
    ],
  });
  const loggerProvider = new LoggerProvider({
    processors: [{ onEmit: (record) => void records.push(record), forceFlush: nothing, shutdown: nothing }],
  });
  let meter = registerMeter();

  trace.setGlobalTracerProvider(tracerProvider);
  logs.setGlobalLoggerProvider(loggerProvider);
  if (options.contextManager !== false) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  }

  const resourceMetrics = async (): Promise<ResourceMetrics> => (await meter.reader.collect()).resourceMetrics;

  return {
    tracerProvider,
    meterProvider: () => meter.provider,
    spans: () => ended,
    openSpans: () => [...open].map((span) => span.name),
    resourceMetrics,
    metrics: async () => (await resourceMetrics()).scopeMetrics.flatMap((scope) => scope.metrics),
    logRecords: () => records,
    reset() {
      ended.length = 0;
      open.clear();
      records.length = 0;
      metrics.disable();
      meter = registerMeter();
    },
    async shutdown() {
      trace.disable();
      metrics.disable();
      logs.disable();
      context.disable();
      await Promise.all([tracerProvider.shutdown(), meter.provider.shutdown(), loggerProvider.shutdown()]);
    },
  };
}

class OnDemandReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Registers a new meter provider, which starts from zero. The client then creates its instruments again. */
function registerMeter(): { readonly provider: MeterProvider; readonly reader: MetricReader } {
  const reader = new OnDemandReader();
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  return { provider, reader };
}
