import type { FetchOptions, TelemetryAttributes } from '../../config/options';
import type { Config } from '../../config/resolve-config';
import type { AttributeFact, CallOpening, SettingsFacts } from '../../facts/call-facts';
import type { Upstream } from '../../facts/enums';
import { type Identifier, identifier, timestampIdentifier } from '../../facts/identifier';
import { uuidV7 } from '../../facts/uuid';
import type { DispatchQuestion } from '../../transport/find-dispatcher';
import type { HeaderList } from '../../transport/header-list';
import type { RequestBody } from '../../transport/send';
import type { RequestReading } from '../../wire/read-request';
import type { DeliveredEvent } from '../../wire/stream/inspect-event-stream';
import type { LimitOptions } from '../bounds/limits';
import type { Call, CallParts } from '../call';
import type { ClientConstants } from '../client-constants';
import { httpMethodOf, routeOf } from './route';

/** The parts of a client that {@link prepareCall} needs. */
export interface ClientContext {
  readonly config: Config;
  readonly constants: ClientConstants;
  readonly parts: CallParts;
  /** The transport that will send a request. */
  readonly transportOf: (request: DispatchQuestion) => SettingsFacts['transport'];
  readonly upstream: () => Upstream;
  /** Validates the telemetry attributes of the client and of one call, and merges them. */
  readonly attributesOf: (perCall: TelemetryAttributes | undefined) => {
    readonly attributes: readonly AttributeFact[];
    readonly dropped: number;
  };
  /** Keeps the operator annotations of a call until it has ended. */
  readonly declareRun: (callId: Identifier<'id'>, runId: Identifier<'name'>) => void;
}

/** A request in the common form that every entry point produces. */
export interface CallInput {
  readonly entryPoint: CallOpening['entryPoint'];
  /** The agent and conversation that sent the request, if the local gateway knows them. */
  readonly from?: Pick<CallOpening, 'agent' | 'conversationId'>;
  readonly url: URL;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: RequestBody | undefined;
  readonly replayable: boolean;
  /** @default false */
  readonly clientRetries?: boolean;
  readonly reading: RequestReading;
  /** Texts of the request that the server may echo; `undefined` if they could not be read. */
  readonly echoCandidates: readonly string[] | undefined;
  readonly fetchOptions: FetchOptions | undefined;
  readonly signal: AbortSignal | null | undefined;
  readonly credential: Call['credential'];
  readonly sendsRetryCount: boolean;
  readonly requestId: string | undefined;
  readonly runId: string | undefined;
  readonly attributes: TelemetryAttributes | undefined;
  readonly limits: LimitOptions;
  readonly deliver?: ((event: DeliveredEvent) => void) | undefined;
  readonly wantsValue: boolean;
}

/**
 * Builds a {@link Call} from a request: route, limits, ids and the facts that are known before sending.
 * Registers secrets in the request's headers first, so that no label below can contain one.
 *
 * @throws CometAPIError that names an invalid limit option
 */
export function prepareCall(request: CallInput, clientContext: ClientContext): Call {
  const { config, constants, parts } = clientContext;
  const { clock, randomSource, secrets } = parts;
  const { stream } = request.reading;
  secrets.learnHeaders(request.headers);
  const route = routeOf(request.url, request.method, config.baseURL, secrets.redactor);
  const limits = constants.limits(request.limits, stream);
  const wallMs = clock.wallMs();
  const callId = uuidV7(wallMs, randomSource.randomBytes(10));
  const requestId = identifier('id', request.requestId ?? config.requestId, secrets.redactor);
  if (requestId !== undefined && !request.headers.has('x-request-id')) {
    request.headers.set('x-request-id', requestId);
  }
  const { attributes, dropped } = clientContext.attributesOf(request.attributes);
  const runId = identifier('name', request.runId, secrets.redactor);
  if (runId !== undefined) {
    clientContext.declareRun(callId, runId);
  }

  const opening: CallOpening = Object.freeze({
    callId,
    startedAt: timestampIdentifier(wallMs),
    family: route.family,
    method: httpMethodOf(request.method),
    routeTemplate: route.template,
    upstream: clientContext.upstream(),
    serverAddress: constants.serverAddress,
    serverPort: config.baseURL.port,
    urlFull: route.urlFull,
    stream,
    request: request.reading.facts,
    settings: constants.settings(limits, clientContext.transportOf(request)),
    outerRetryCount: outerRetryCount(request.headers),
    entryPoint: request.entryPoint,
    ...request.from,
    attributes,
    droppedAttributes: dropped,
  });
  return {
    opening,
    limits,
    url: request.url.href,
    method: request.method,
    headers: request.headers,
    body: request.body,
    replayable: request.replayable,
    clientRetries: request.clientRetries === true,
    fetchOptions: request.fetchOptions,
    signal: request.signal,
    credential: route.template === '/api/models' ? 'none' : request.credential,
    sendsRetryCount: request.sendsRetryCount,
    clientRequestId: identifier('id', request.headers.get('x-request-id'), secrets.redactor),
    echoCandidates: request.echoCandidates,
    deliver: request.deliver,
    wantsValue: request.wantsValue,
    openaiCompatible: config.openaiCompatible,
  };
}

function outerRetryCount(headers: HeaderList): number {
  const text = headers.get('x-stainless-retry-count');
  return text !== null && /^\d{1,3}$/.test(text) ? Number(text) : 0;
}
