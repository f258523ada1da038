import { channel } from 'node:diagnostics_channel';
import { hasContextManager } from '../../../telemetry/context-manager';
import { hasTracerProvider } from '../../has-tracer-provider';
import { loadSdk } from '../../load-sdk';
import type { CliHost } from '../cli-host';
import { type Finding, ok, warn } from './finding';

/** What of this process telemetry depends on. */
export interface TelemetryState {
  readonly hasTracerProvider: boolean;
  readonly hasContextManager: boolean;
  /** Somebody listens to what undici does: its instrumentation, most likely. */
  readonly isUndiciObserved: boolean;
  readonly hasLogsApi: boolean;
  /** Why the optional SDK could not be loaded; `undefined` when it can be. */
  readonly sdkProblem: string | undefined;
}

/** @param logsApi `logs` of the installed `@opentelemetry/api`, which 1.9 does not have */
export function telemetryState(logsApi: unknown): TelemetryState {
  const isRegistered = hasTracerProvider();
  return {
    hasTracerProvider: isRegistered,
    hasContextManager: hasContextManager(),
    isUndiciObserved: channel('undici:request:create').hasSubscribers,
    hasLogsApi: logsApi !== undefined,
    // Loading takes half a second; a registered SDK has been loaded by somebody.
    sdkProblem: isRegistered ? undefined : sdkProblem(),
  };
}

function sdkProblem(): string | undefined {
  try {
    loadSdk();
    return undefined;
  } catch (error) {
    // Messages of ours: what is missing, and what to install.
    return error instanceof Error ? error.message.replace(/^cometapi-otel: /, '') : 'it could not be loaded';
  }
}

export function checkTelemetry(state: TelemetryState, { environment }: CliHost): readonly Finding[] {
  if (environment['COMETAPI_TELEMETRY']?.trim() === 'off') {
    return [ok('telemetry', 'off: COMETAPI_TELEMETRY says so')];
  }
  return [
    sdkFinding(state, environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true'),
    contextFinding(state),
    state.isUndiciObserved
      ? warn(
          'other instrumentation',
          'something else observes undici in this process; it adds no spans to ours, but both record http.client.request.duration',
          'Turn one off: telemetry.httpDurationMetric: false for ours, OTEL_NODE_DISABLED_INSTRUMENTATIONS=undici for theirs.',
        )
      : ok('other instrumentation', 'none observes undici in this process'),
    state.hasLogsApi
      ? ok('log events', 'the installed API has them')
      : warn(
          'log events',
          'absent: they came with @opentelemetry/api 1.10',
          'Install @opentelemetry/api 1.10 or later.',
        ),
  ];
}

function sdkFinding(state: TelemetryState, isDisabled: boolean): Finding {
  if (state.hasTracerProvider) {
    return ok('OpenTelemetry SDK', 'registered in this process');
  }
  if (isDisabled) {
    return warn('OpenTelemetry SDK', 'not started: OTEL_SDK_DISABLED is true', 'Unset it where spans are wanted.');
  }
  if (state.sdkProblem !== undefined) {
    return warn('OpenTelemetry SDK', 'not registered in this process', state.sdkProblem);
  }
  return warn(
    'OpenTelemetry SDK',
    'not registered in this process, so spans go nowhere',
    'Start the application with node --import cometapi-otel/register, and the doctor with NODE_OPTIONS="--import cometapi-otel/register" to see what it sees.',
  );
}

function contextFinding(state: TelemetryState): Finding {
  if (state.hasContextManager) {
    return ok('context manager', 'registered');
  }
  return state.hasTracerProvider
    ? warn(
        'context manager',
        'missing although a tracer provider is registered: spans have no parents, and requests are traced twice',
        'Register one with context.setGlobalContextManager(); every SDK start does it.',
      )
    : ok('context manager', 'none, and none is needed without a tracer provider');
}
