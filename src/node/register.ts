// Entry point of `node --import cometapi-otel/register app.js`.
import { startTelemetry } from './telemetry';

try {
  startTelemetry();
} catch (error) {
  // The application must run even if telemetry fails. startTelemetry throws our own messages, which contain no values.
  process.emitWarning(error instanceof Error ? error.message : 'cometapi-otel: telemetry was not started.');
}
