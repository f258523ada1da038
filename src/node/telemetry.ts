import { flushAtExit } from './flush-at-exit';
import { hasTracerProvider } from './has-tracer-provider';
import { loadSdk, type RunningSdk } from './load-sdk';

/** What {@link startTelemetry} takes. Everything about exporters and sampling is set by the OTEL_* variables. */
export interface StartTelemetryOptions {
  /** Milliseconds that a terminating signal may be held up for the last export. @default 3,000 */
  readonly flushTimeoutMs?: number;
}

/** A started SDK, or the fact that none was started. */
export interface TelemetryHandle {
  /** False when `OTEL_SDK_DISABLED` is set, or the application has an SDK of its own. */
  readonly started: boolean;
  /** Exports what is left and stops the SDK. Never rejects; a second call waits for the first. */
  shutdown(): Promise<void>;
}

const DEFAULT_FLUSH_TIMEOUT_MS = 3_000;
const NOT_STARTED: TelemetryHandle = Object.freeze({ started: false, shutdown: async () => {} });

/** On `globalThis`, since the package may be loaded twice: once as a module by --import, once by require. */
const STATE = Symbol.for('cometapi-otel.telemetry');
interface State {
  handle?: TelemetryHandle;
  hasWarned?: boolean;
}

/**
 * Starts the OpenTelemetry SDK (`@opentelemetry/sdk-node`, an optional peer) from the OTEL_* variables, once per process:
 * a second call returns the first handle. Does nothing when `OTEL_SDK_DISABLED` is `true`, or when a tracer provider is
 * already registered (with one warning).
 *
 * What is left is exported when the event loop runs empty, and at SIGTERM and SIGINT before the process dies of them as
 * it would have. `process.exit()` cannot wait: call `await handle.shutdown()` before it.
 *
 * @throws Error when `@opentelemetry/sdk-node` is not installed, does not fit the installed `@opentelemetry/api`, or does
 * not start with these variables
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
        'cometapi-otel: telemetry was not started, because this process has a tracer provider already. Spans go to that one.',
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
    // The collector is unreachable. The exporter has said so through `diag`; the application must not fail for it.
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
