import { startTelemetry, type TelemetryHandle } from '../../node/telemetry';
import type { CliHost } from '../cli-host';

/** Variables that request an export. Without one, the SDK would connect to a collector that may not exist. */
const ASKS_FOR_EXPORT = /^OTEL_(?:EXPORTER_|TRACES_EXPORTER$|METRICS_EXPORTER$|LOGS_EXPORTER$)/;

const SERVICE_NAME = 'OTEL_SERVICE_NAME';

/**
 * Starts the SDK if the environment requests an export. If the SDK is not installed, the gateway runs without it. The
 * default service name is `cometapi-otel-gateway`, because the SDK's default contains the path of the Node executable.
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
    // startTelemetry throws our own messages, which contain no values.
    stderr.write(`${error instanceof Error ? error.message : 'cometapi-otel: telemetry was not started.'}\n`);
    return undefined;
  }
}
