export { type StartTelemetryOptions, startTelemetry, type TelemetryHandle } from './telemetry';
