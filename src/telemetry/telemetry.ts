import type { CallObserver, TracePort } from '../facts/observer';
import { createAttributeSets } from './attribute-sets';
import { createLogEvents } from './log-events';
import { createMetricObserver, type MetricSettings } from './metric-observer';
import { createModelLimit } from './model-limit';
import { createSpanObserver, type SpanSettings } from './span-observer';

/** The resolved `telemetry` options of a client. */
export interface TelemetrySettings extends SpanSettings, MetricSettings {}

/** The telemetry of one client. */
export interface Telemetry {
  /** Keep this order: the span observer is last, because the others need its context. The caller must catch errors. */
  readonly observers: readonly CallObserver[];
  readonly trace: TracePort;
}

/** Creates the telemetry of one client. Emits through the registered OpenTelemetry providers; never starts an SDK. */
export function createTelemetry(settings: TelemetrySettings): Telemetry {
  const attributes = createAttributeSets(settings.urlTemplate, createModelLimit());
  const spans = createSpanObserver(settings, attributes);
  const metrics = createMetricObserver(settings, attributes, spans);
  return { observers: [metrics, createLogEvents(attributes, spans), spans], trace: spans };
}
