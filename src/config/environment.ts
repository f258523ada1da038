/** Every environment variable that this package reads. `OTEL_*` variables belong to the OpenTelemetry SDK. */
export const ENVIRONMENT_NAMES = [
  'COMETAPI_API_KEY',
  'COMETAPI_KEY',
  'COMETAPI_BASE_URL',
  'COMETAPI_MAX_ATTEMPTS',
  'COMETAPI_TIMEOUT_MS',
  'COMETAPI_DEADLINE_MS',
  'COMETAPI_STREAM_IDLE_TIMEOUT_MS',
  'COMETAPI_MAX_STREAM_MS',
  'COMETAPI_MAX_RETRY_AFTER_MS',
  'COMETAPI_RETRY_BUDGET',
  'COMETAPI_MAX_CONNECTIONS',
  'COMETAPI_TRANSPORT',
  'COMETAPI_LOG',
  'COMETAPI_TELEMETRY',
  'COMETAPI_URL_TEMPLATE',
  'COMETAPI_PROPAGATE',
  'COMETAPI_RECORD_FILE',
  'COMETAPI_WORKFLOW',
  'COMETAPI_RUN_ID',
  'COMETAPI_ENVIRONMENT',
  'COMETAPI_DOCS_CHECKED',
] as const;

export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

/** Trimmed values. A blank variable is missing. */
export type Environment = Readonly<Partial<Record<EnvironmentName, string>>>;

/** Reads the variables. Returns an empty object on platforms without `process.env`. */
export function readEnvironment(): Environment {
  const values: Partial<Record<EnvironmentName, string>> = {};
  for (const name of ENVIRONMENT_NAMES) {
    const value = readVariable(name)?.trim();
    if (value) {
      values[name] = value;
    }
  }
  return values;
}

function readVariable(name: string): string | undefined {
  try {
    return globalThis.process?.env?.[name];
  } catch {
    // Runtimes with permissions throw for a variable that may not be read. Treat it as missing.
    return undefined;
  }
}
