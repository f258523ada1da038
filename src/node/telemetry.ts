import { flushAtExit } from './flush-at-exit';
import { hasTracerProvider } from './has-tracer-provider';
import { loadSdk, type RunningSdk } from './load-sdk';

/** Options of {@link startTelemetry}. The OTEL_* variables configure exporters and sampling. */
export interface StartTelemetryOptions {
  /** Maximum time that SIGTERM or SIGINT waits for the last export, in milliseconds. @default 3_000 */
  readonly flushTimeoutMs?: number;
}

/** The result of {@link startTelemetry}. */
export interface TelemetryHandle {
  /** False if `OTEL_SDK_DISABLED` is `true`, or if the application already has a tracer provider. */
  readonly started: boolean;
  /** Exports the remaining telemetry and stops the SDK. Never rejects. Later calls return the same promise. */
  shutdown(): Promise<void>;
}

const DEFAULT_FLUSH_TIMEOUT_MS = 3_000;
const NOT_STARTED: TelemetryHandle = Object.freeze({ started: false, shutdown: async () => {} });

/** Stored on `globalThis`, because one process may load the package twice: with --import and with require. */
const STATE = Symbol.for('cometapi-otel.telemetry');
interface State {
  handle?: TelemetryHandle;
  hasWarned?: boolean;
}

/**
 * Starts the OpenTelemetry SDK with the OTEL_* variables, once per process.
 *
 * The SDK is the optional peer dependency `@opentelemetry/sdk-node`. A second call returns the first handle. Does
 * nothing if `OTEL_SDK_DISABLED` is `true`. If a tracer provider is already registered, it only prints one warning.
 *
 * The SDK exports the remaining telemetry when the event loop is empty, and before SIGTERM or SIGINT ends the process.
 * `process.exit()` does not wait: call `await handle.shutdown()` before it.
 *
 * @throws Error if `@opentelemetry/sdk-node` is not installed, is not compatible with the installed
 * `@opentelemetry/api`, or does not start with these variables
 */
export function startTelemetry(options: StartTelemetryOptions = {}): TelemetryHandle {
  const state = processState();
  if (state.handle !== undefined) {
    return state.handle;
  }
  if (isDisabled()) {
    return NOT_STARTED;
  }
  if (hasTracerProvider()) {
    if (!state.hasWarned) {
      state.hasWarned = true;
      process.emitWarning(
        'cometapi-otel: telemetry was not started, because this process already has a tracer provider. It receives the spans.',
      );
    }
    return NOT_STARTED;
  }
  state.handle = createHandle(loadSdk()(), options.flushTimeoutMs ?? DEFAULT_FLUSH_TIMEOUT_MS);
  return state.handle;
}

function createHandle(sdk: RunningSdk, flushTimeoutMs: number): TelemetryHandle {
  let stopped: Promise<void> | undefined;
  const shutdown = (): Promise<void> => {
    stopped ??= stop(sdk, removeListeners);
    return stopped;
  };
  const removeListeners = flushAtExit(shutdown, flushTimeoutMs);
  return { started: true, shutdown };
}

async function stop(sdk: RunningSdk, removeListeners: () => void): Promise<void> {
  removeListeners();
  try {
    await sdk.shutdown();
  } catch {
    // The collector is unreachable. The exporter has logged this through `diag`; the application must not fail.
  }
}

function isDisabled(): boolean {
  return process.env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true';
}

function processState(): State {
  const holder: typeof globalThis & { [STATE]?: State } = globalThis;
  holder[STATE] ??= {};
  return holder[STATE];
}
