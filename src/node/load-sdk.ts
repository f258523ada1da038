import { createRequire } from 'node:module';

/** An SDK that has started. */
export interface RunningSdk {
  shutdown(): Promise<void>;
}

/** What of `@opentelemetry/sdk-node` is used: `startNodeSdk` is in SDK 3 only. */
interface SdkModule {
  readonly startNodeSdk?: (options: { readonly logLevel: string }) => RunningSdk;
  readonly NodeSDK: new () => RunningSdk & { start(): void };
}

const PACKAGE = '@opentelemetry/sdk-node';
const DETECTORS = 'OTEL_NODE_RESOURCE_DETECTORS';

/**
 * Loads the optional SDK, synchronously: spans of the very first call count, and a preloaded file cannot wait in both
 * module formats. The API shares its state through `globalThis`, so a module that imports it sees what this registers.
 *
 * @returns what starts it
 * @throws Error with what to install
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
const NOT_FITTING = `cometapi-otel: ${PACKAGE} could not be loaded. Install versions that fit together: @opentelemetry/api 1.10 with ${PACKAGE} 0.300 or later, or 1.9 with 0.2xx.`;

function requireFromHere(): (name: string) => SdkModule {
  return createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
}

function startSdk({ startNodeSdk, NodeSDK }: SdkModule): RunningSdk {
  if (startNodeSdk !== undefined) {
    // Its default level is `info`, which prints on stdout, among the output of commands.
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
 * By default the SDKs describe the process with its command line, user and host. A command line may hold a key, so unless
 * the user chose detectors, only the service is described: by its name, its instance id, and OTEL_RESOURCE_ATTRIBUTES.
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
