// The entry of `node --import cometapi-otel/register app.js`.
import { startTelemetry } from './telemetry';

try {
  startTelemetry();
} catch (error) {
  // An application must run without its telemetry too. The messages are our own.
  process.emitWarning(error instanceof Error ? error.message : 'cometapi-otel: telemetry was not started.');
}
