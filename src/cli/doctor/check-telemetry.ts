import { channel } from 'node:diagnostics_channel';
import { hasTracerProvider } from '../../node/has-tracer-provider';
import { loadSdk } from '../../node/load-sdk';
import { hasContextManager } from '../../telemetry/context-manager';
import type { CliHost } from '../cli-host';
import { type Finding, ok, warn } from './finding';

/** The state of this process that telemetry depends on. */
export interface TelemetryState {
  readonly hasTracerProvider: boolean;
  readonly hasContextManager: boolean;
  /** True if undici's diagnostics channel has a subscriber, most likely undici's OpenTelemetry instrumentation. */
  readonly isUndiciObserved: boolean;
  readonly hasLogsApi: boolean;
  /** Why the optional SDK cannot be loaded. `undefined` if it can be, or if an SDK is already registered. */
  readonly sdkProblem: string | undefined;
}

/** @param logsApi `logs` of the installed `@opentelemetry/api`; version 1.9 does not export it */
export function telemetryState(logsApi: unknown): TelemetryState {
  const isRegistered = hasTracerProvider();
  return {
    hasTracerProvider: isRegistered,
    hasContextManager: hasContextManager(),
    isUndiciObserved: channel('undici:request:create').hasSubscribers,
    hasLogsApi: logsApi !== undefined,
    // Loading the SDK takes half a second. Skip it if an SDK is already registered.
    sdkProblem: isRegistered ? undefined : sdkProblem(),
  };
}

function sdkProblem(): string | undefined {
  try {
    loadSdk();
    return undefined;
  } catch (error) {
    // loadSdk throws our own messages. They name the missing package and the command that installs it.
    return error instanceof Error ? error.message.replace(/^cometapi-otel: /, '') : 'The SDK could not be loaded.';
  }
}

export function checkTelemetry(state: TelemetryState, { environment }: CliHost): readonly Finding[] {
  if (environment['COMETAPI_TELEMETRY']?.trim() === 'off') {
    return [ok('telemetry', 'off (COMETAPI_TELEMETRY=off)')];
  }
  return [
    sdkFinding(state, environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true'),
    contextFinding(state),
    state.isUndiciObserved
      ? warn(
          'other instrumentation',
          'another instrumentation observes undici in this process. It adds no spans to ours, but both record http.client.request.duration',
          'Turn one off: set the option telemetry.httpDurationMetric to false, or set OTEL_NODE_DISABLED_INSTRUMENTATIONS=undici.',
        )
      : ok('other instrumentation', 'none observes undici in this process'),
    state.hasLogsApi
      ? ok('log events', 'supported by the installed @opentelemetry/api')
      : warn(
          'log events',
          'not supported by the installed @opentelemetry/api',
          'Install @opentelemetry/api 1.10 or later.',
        ),
  ];
}

function sdkFinding(state: TelemetryState, isDisabled: boolean): Finding {
  if (state.hasTracerProvider) {
    return ok('OpenTelemetry SDK', 'registered in this process');
  }
  if (isDisabled) {
    return warn(
      'OpenTelemetry SDK',
      'not started: OTEL_SDK_DISABLED is true',
      'Unset OTEL_SDK_DISABLED to export spans.',
    );
  }
  if (state.sdkProblem !== undefined) {
    return warn('OpenTelemetry SDK', 'not registered in this process', state.sdkProblem);
  }
  return warn(
    'OpenTelemetry SDK',
    'not registered in this process, so no spans are exported',
    'Start the application with node --import cometapi-otel/register. To check that setup, run the doctor with NODE_OPTIONS="--import cometapi-otel/register".',
  );
}

function contextFinding(state: TelemetryState): Finding {
  if (state.hasContextManager) {
    return ok('context manager', 'registered');
  }
  return state.hasTracerProvider
    ? warn(
        'context manager',
        'missing, although a tracer provider is registered. Spans have no parents, and requests are traced twice',
        'Start an OpenTelemetry SDK, or call context.setGlobalContextManager().',
      )
    : ok('context manager', 'not needed (no tracer provider)');
}
