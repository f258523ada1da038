import { createRequire } from 'node:module';

/** A started SDK. */
export interface RunningSdk {
  shutdown(): Promise<void>;
}

/** The parts of `@opentelemetry/sdk-node` that this file uses. Only SDK 3 has `startNodeSdk`. */
interface SdkModule {
  readonly startNodeSdk?: (options: { readonly logLevel: string }) => RunningSdk;
  readonly NodeSDK: new () => RunningSdk & { start(): void };
}

const PACKAGE = '@opentelemetry/sdk-node';
const DETECTORS = 'OTEL_NODE_RESOURCE_DETECTORS';

/**
 * Loads the optional SDK synchronously: the first call must have spans, and a preloaded CommonJS file cannot wait.
 * `@opentelemetry/api` keeps its state on `globalThis`, so both module formats use the registered provider.
 *
 * @returns a function that starts the SDK
 * @throws Error that names the packages to install
 */
export function loadSdk(load: (name: string) => SdkModule = requireFromHere()): () => RunningSdk {
  let sdk: SdkModule;
  try {
    sdk = load(PACKAGE);
  } catch (error) {
    throw new Error(isMissing(error) ? NOT_INSTALLED : NOT_FITTING);
  }
  return () => {
    try {
      return startSdk(sdk);
    } catch {
      throw new Error('cometapi-otel: the OpenTelemetry SDK did not start. Check the OTEL_* environment variables.');
    }
  };
}

const NOT_INSTALLED = `cometapi-otel: telemetry needs ${PACKAGE}, which is not installed. Run: npm install @opentelemetry/api ${PACKAGE}`;
const NOT_FITTING = `cometapi-otel: ${PACKAGE} could not be loaded. Install compatible versions: @opentelemetry/api 1.10 with ${PACKAGE} 0.300 or later, or 1.9 with 0.2xx.`;

function requireFromHere(): (name: string) => SdkModule {
  return createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
}

function startSdk({ startNodeSdk, NodeSDK }: SdkModule): RunningSdk {
  if (startNodeSdk !== undefined) {
    // The SDK's default level is `info`, which would print to stdout and mix with the output of commands.
    const logLevel = process.env['OTEL_LOG_LEVEL'] ?? 'warn';
    return withDetectors('service', () => startNodeSdk({ logLevel }));
  }
  return withDetectors('env,serviceinstance', () => {
    const sdk = new NodeSDK();
    sdk.start();
    return sdk;
  });
}

/**
 * By default the SDKs record the command line, user and host of the process. A command line may contain a key. Unless
 * the user chose detectors, the resource has only the service name, the instance id and OTEL_RESOURCE_ATTRIBUTES.
 */
function withDetectors<T>(detectors: string, start: () => T): T {
  if (process.env[DETECTORS] !== undefined) {
    return start();
  }
  process.env[DETECTORS] = detectors;
  try {
    return start();
  } finally {
    delete process.env[DETECTORS];
  }
}

function isMissing(error: unknown): boolean {
  const isNotFound = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
  return isNotFound && error.message.includes(PACKAGE);
}
