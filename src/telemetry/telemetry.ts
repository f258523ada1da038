import type { CallObserver, TracePort } from '../facts/observer';
import { createAttributeSets } from './attribute-sets';
import { createLogEvents } from './log-events';
import { createMetricObserver, type MetricSettings } from './metric-observer';
import { createModelLimit } from './model-limit';
import { createSpanObserver, type SpanSettings } from './span-observer';

/** The resolved `telemetry` options of a client. */
export interface TelemetrySettings extends SpanSettings, MetricSettings {}

/** Spans, metrics and log events of one client. */
export interface Telemetry {
  /** Each behind a guard of its own, in this order: spans come last, since the others ask where a call belongs. */
  readonly observers: readonly CallObserver[];
  readonly trace: TracePort;
}

/** Builds the telemetry of one client. It emits through whatever is registered with the OpenTelemetry API, and starts nothing. */
export function createTelemetry(settings: TelemetrySettings): Telemetry {
  const attributes = createAttributeSets(settings.urlTemplate, createModelLimit());
  const spans = createSpanObserver(settings, attributes);
  const metrics = createMetricObserver(settings, attributes, spans);
  return { observers: [metrics, createLogEvents(attributes, spans), spans], trace: spans };
}
