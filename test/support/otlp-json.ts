import { JsonLogsSerializer, JsonMetricsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { RecordingTelemetry } from './recording-telemetry';

/** All recorded telemetry as OTLP/JSON export requests, one per line, as a collector would receive them. */
export async function otlpJsonLines(telemetry: RecordingTelemetry): Promise<string> {
  const requests = [
    JsonTraceSerializer.serializeRequest([...telemetry.spans()]),
    JsonMetricsSerializer.serializeRequest(await telemetry.resourceMetrics()),
    JsonLogsSerializer.serializeRequest([...telemetry.logRecords()]),
  ];
  const decoder = new TextDecoder();
  return requests.map((request) => `${decoder.decode(request)}\n`).join('');
}
