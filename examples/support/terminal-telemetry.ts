import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, InMemorySpanExporter, type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';

/**
 * Registers a tracer that exports spans to memory, and to OTEL_EXPORTER_OTLP_ENDPOINT if it is set.
 * A service uses `node --import cometapi-otel/register` instead.
 */
export function startTerminalTelemetry(): {
  exportedSpans(): Promise<readonly ReadableSpan[]>;
  shutdown(): Promise<void>;
} {
  const memory = new InMemorySpanExporter();
  const exporters =
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] === undefined ? [memory] : [memory, new OTLPTraceExporter()];
  const provider = new TracerProvider({
    spanProcessors: exporters.map((exporter) => new BatchSpanProcessor({ exporter })),
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    async exportedSpans() {
      await provider.forceFlush();
      return memory.getFinishedSpans();
    },
    shutdown: () => provider.shutdown(),
  };
}
