import { startTelemetry, type TelemetryHandle } from '../../telemetry';
import type { CliHost } from '../cli-host';

/** Says that somebody wants telemetry exported; without any of them the SDK would look for a collector that is not there. */
const ASKS_FOR_EXPORT = /^OTEL_(?:EXPORTER_|TRACES_EXPORTER$|METRICS_EXPORTER$|LOGS_EXPORTER$)/;

const SERVICE_NAME = 'OTEL_SERVICE_NAME';

/**
 * Starts the SDK when the environment asks for it; without the SDK installed, the gateway runs all the same. A service
 * that nobody named is `cometapi-otel-gateway`: the SDK's own word for it would hold the path of the Node that runs it.
 */
export function startExporting({ environment, stderr }: CliHost): TelemetryHandle | undefined {
  if (!Object.keys(environment).some((name) => ASKS_FOR_EXPORT.test(name))) {
    return undefined;
  }
  if (
    !environment[SERVICE_NAME]?.trim() &&
    !/(?:^|,)\s*service\.name\s*=/.test(environment['OTEL_RESOURCE_ATTRIBUTES'] ?? '')
  ) {
    process.env[SERVICE_NAME] = 'cometapi-otel-gateway';
  }
  try {
    return startTelemetry();
  } catch (error) {
    // These messages are our own.
    stderr.write(`${error instanceof Error ? error.message : 'cometapi-otel: telemetry was not started.'}\n`);
    return undefined;
  }
}
