import { diag } from '@opentelemetry/api';
import { ActiveSecrets } from './call/active-secrets';
import type { RetryBudget } from './call/bounds/retry-budget';
import type { SharedBounds } from './call/bounds/shared-bounds';
import { CallAnnotations } from './call/call-annotations';
import { createClientConstants } from './call/client-constants';
import { type Clock, type RandomSource, systemClock, systemRandom } from './call/clock';
import { createCompositeObserver } from './call/composite-observer';
import type { TypedDefaults } from './call/request/encode-request';
import { createInstrumentedFetch } from './call/request/from-fetch';
import { createGatewaySend, type GatewaySend } from './call/request/from-gateway';
import { createStartCall } from './call/request/from-typed';
import type { ClientContext } from './call/request/prepare-call';
import { upstreamOf } from './call/upstream';
import { withoutContext } from './call/without-context';
import { type ClientRecords, createClientRecords } from './client-records';
import type { ClientOptions, Fetch } from './config/options';
import type { Config } from './config/resolve-config';
import { warnOnce } from './config/warn-once';
import type { CallObserver, TracePort } from './facts/observer';
import { createJsonlFile } from './record-file/jsonl-file';
import { processSource } from './record-file/process-source';
import { createRecordObserver } from './record-file/record-observer';
import { LIBRARY } from './records/shared/library';
import { serialize } from './records/shared/serialize';
import type { StartCall } from './resources/typed-call';
import { createLogLines } from './telemetry/log-line';
import { mergeAttributes } from './telemetry/merge-attributes';
import { type SanitizedAttributes, sanitizeAttributes, withoutSecrets } from './telemetry/sanitize-attributes';
import { createTelemetry } from './telemetry/telemetry';
import { chosenFetch } from './transport/platform-fetch';
import { createFetchSend, createPlatformSend, platformTransport } from './transport/platform-send';

/** The clock and the random source. Tests replace both. */
export interface Internals {
  readonly clock: Clock;
  readonly randomSource: RandomSource;
}

export const SYSTEM: Internals = { clock: systemClock, randomSource: systemRandom };

/** The internals of one client: its entry points, which share one call path, and its records. */
export interface Composition {
  readonly startCall: StartCall;
  readonly fetch: Fetch;
  readonly budget: RetryBudget | undefined;
  readonly records: ClientRecords;
  /**
   * Creates the entry point of the local gateway, which is a separate bundle.
   *
   * @param fetch sends requests unchanged; `undefined` selects the client's own transport
   * @param token the token of the local gateway, which becomes an active secret
   */
  openGatewaySend(fetch: Fetch | undefined, token: string): GatewaySend;
  /** Appends a sealed record to the record file. Does nothing without a record file. */
  appendRecord(record: object): void;
}

const SILENT_TRACE: TracePort = { spanIds: () => undefined, aroundAttempt: (_call, _index, send) => send(undefined) };

/** The headers, query and fetch options of every typed request. */
export function typedDefaults({ defaultHeaders, defaultQuery, fetchOptions }: ClientOptions): TypedDefaults {
  const userAgent = `${LIBRARY.name}/${LIBRARY.version}`;
  return { headers: defaultHeaders, query: defaultQuery, fetchOptions, userAgent };
}

/** Connects the modules of one client. */
export function compose(
  options: ClientOptions,
  config: Config,
  bounds: SharedBounds,
  { clock, randomSource }: Internals,
): Composition {
  const { baseURL, logger, logLevel } = config;
  const warn = (message: string): void => warnOnce(message, logger, logLevel);
  config.warnings.forEach(warn);

  const secrets = new ActiveSecrets(config.apiKey.kind === 'fixed' ? config.apiKey.secret : undefined);
  const { workflow, runId, environmentName, docsChecked } = config;
  const annotations = new CallAnnotations({ workflow, runId, environmentName, docsChecked }, () => secrets.redactor);
  const telemetry = config.telemetry.enabled
    ? createTelemetry({
        ...config.telemetry,
        tracerProvider: options.telemetry?.tracerProvider,
        meterProvider: options.telemetry?.meterProvider,
      })
    : { observers: [], trace: SILENT_TRACE };

  const source = processSource();
  const recordFile =
    config.recordFile === undefined ? undefined : createJsonlFile({ path: config.recordFile, clock, warn });
  const lines =
    recordFile === undefined
      ? undefined
      : createRecordObserver({
          sink: recordFile,
          source,
          annotationsOf: (facts) => annotations.of(facts),
          redactorFor: () => secrets.redactor,
          clock,
          randomBytes: randomSource.randomBytes,
          warn,
        });
  const logLines = createLogLines({
    logger,
    logLevel,
    annotationsOf: (call) => annotations.of(call),
    spanIds: (call) => telemetry.trace.spanIds(call),
  });
  const outerLoop: CallObserver = {
    callOpened({ entryPoint, outerRetryCount }) {
      // Clients of the local gateway may retry; an SDK on top of this client should not.
      if (outerRetryCount > 0 && entryPoint !== 'gateway') {
        warn(
          'An outer client retries too, so retries multiply. Set maxRetries to 0 in the outer client (docs/hosts.md).',
        );
      }
    },
  };
  const forget: CallObserver = { callClosed: (facts) => annotations.forget(facts.callId) };
  const hub = createCompositeObserver(
    [
      ...(lines === undefined ? [] : [lines]),
      logLines,
      ...telemetry.observers,
      ...(options.observers ?? []),
      outerLoop,
      forget,
    ],
    (message) => diag.warn(message),
  );

  const budget = config.retryBudget === false ? undefined : bounds.budget(baseURL.origin, config.retryBudget);
  const given = sanitizeAttributes(options.telemetry?.attributes, secrets.redactor);
  const ownAttributes = (): SanitizedAttributes => withoutSecrets(given, secrets.redactor);
  const clientContext: ClientContext = {
    config,
    constants: createClientConstants(config),
    parts: {
      apiKey: config.apiKey,
      secrets,
      send: options.fetch === undefined ? createPlatformSend(config.transport) : createFetchSend(options.fetch),
      clock,
      randomSource,
      slots: bounds.slots(baseURL.origin, config.maxConnections),
      budget,
      observers: hub,
      // A custom fetch runs in the caller's context, so the caller's own instrumentation applies to it.
      trace: options.fetch === undefined ? telemetry.trace : withoutContext(telemetry.trace),
    },
    transportOf: (request) =>
      options.fetch === undefined ? platformTransport(config.transport, request) : 'custom_fetch',
    upstream: () => upstreamOf(baseURL, options.fetch),
    attributesOf(perCall) {
      return perCall === undefined
        ? ownAttributes()
        : mergeAttributes(ownAttributes(), sanitizeAttributes(perCall, secrets.redactor));
    },
    declareRun: (callId, run) => annotations.set(callId, run),
  };

  return {
    startCall: createStartCall(clientContext, typedDefaults(options)),
    fetch: createInstrumentedFetch(clientContext, chosenFetch(options.fetch)),
    budget,
    openGatewaySend(fetch, token) {
      secrets.pin(token);
      return createGatewaySend(
        fetch === undefined
          ? clientContext
          : {
              ...clientContext,
              transportOf: () => 'node_http',
              parts: { ...clientContext.parts, send: createFetchSend(fetch), trace: telemetry.trace },
            },
      );
    },
    appendRecord: (record) => recordFile?.write(serialize(record), { sync: true }),
    records: createClientRecords(config, secrets, source, lines),
  };
}
