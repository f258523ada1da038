import { context } from '@opentelemetry/api';
import type { GatewayPlan } from '../call/request/from-gateway';
import { CometAPI, compositionOf } from '../client';
import type { CallFacts } from '../facts/call-facts';
import { errorResponse, type GatewayErrorCode, gatewayError } from './gateway-error';
import { clientOptionsOf, type GatewayOptions, maxBodyBytesOf, maxRetriesOf } from './gateway-options';
import { isForeignOrigin, isOwnHost } from './local-access';
import { checkedToken, createTokenCheck, type TokenPlace } from './local-token';
import { HEALTH_PATH, type Route, routeOf } from './routes';
import { conversationIn } from './runs/conversation-headers';
import { readAgent } from './runs/read-agent';
import { createRunLedger } from './runs/run-ledger';
import { fitsLine, type RunAnnotationOptions, type RunRecords, recordsOfRun } from './runs/run-records';
import { createRunScope } from './runs/run-scope';
import { decodeBody } from './upstream/decode-body';
import { headersBack, headersUpstream } from './upstream/forwarded-headers';
import { remoteParent } from './upstream/remote-parent';
import { createRepeatedFailures, failureKey } from './upstream/repeated-failures';
import { upstreamError } from './upstream/upstream-error';
import { createUpstreamFetch } from './upstream/upstream-fetch';

/** A request in the form that any server can provide. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
  readonly host: string | null;
  /** The port of our server; `undefined` if another server mounts the gateway. */
  readonly port: number | undefined;
  /** Reads the body, up to a number of bytes. Returns `too_large` for a larger one. */
  readonly readBody: (maxBytes: number) => Promise<Uint8Array<ArrayBuffer> | 'too_large'>;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/** A gateway without an HTTP server. */
export interface OpenGateway {
  /** Never rejects. The response body errors if the upstream body ends too early. */
  answer(request: ReceivedRequest): Promise<Response>;
  /** Ids of the runs so far, in the order of their first call. */
  readonly runIds: readonly string[];
  /**
   * Returns the run card and the usage trace of a run, or `undefined` if the run has no call. Also appends each of them
   * to the record file if it fits in one record line; a trace of about 80 calls still fits.
   *
   * @throws CometAPIError that names the fields if they contain an active secret; nothing is written
   */
  recordRun(runId: string, annotations?: RunAnnotationOptions): RunRecords | undefined;
}

/** @throws CometAPIError or TypeError that names each invalid option */
export function openGateway(options: GatewayOptions): OpenGateway {
  const token = checkedToken(options.token);
  const placeOfToken = createTokenCheck(token);
  const maxBodyBytes = maxBodyBytesOf(options);
  const maxRetries = maxRetriesOf(options);
  const runOf = createRunScope(options.runId, Date.now);
  const ledger = createRunLedger();
  const failures = createRepeatedFailures(() => performance.now());
  const open = new Map<string, { readonly key: () => string; readonly runId: string }>();

  const observer = {
    callClosed(facts: CallFacts): void {
      const call = open.get(facts.callId);
      if (call === undefined) {
        return;
      }
      open.delete(facts.callId);
      ledger.add(call.runId, facts);
      if (facts.ending === 'failed') {
        failures.failed(call.key());
      }
    },
  };
  const clientOptions = clientOptionsOf(options, process.env);
  const client = new CometAPI({ ...clientOptions, observers: [observer, ...(options.observers ?? [])] });
  const upstreamFetch = options.fetch === undefined ? createUpstreamFetch() : undefined;
  const inside = compositionOf(client);
  const send = inside.openGatewaySend(upstreamFetch, token);
  const base = client.baseURL.replace(/\/+$/, '');

  /** Returns the reason to refuse a request before its body is read. */
  const refuse = (
    request: ReceivedRequest,
    path: string,
    place: TokenPlace | undefined,
  ): GatewayErrorCode | undefined => {
    if (!request.target.startsWith('/')) {
      return 'bad_request';
    }
    if (request.host === null) {
      return 'missing_host';
    }
    if (!isOwnHost(request.host, request.port)) {
      return 'foreign_host';
    }
    if (isForeignOrigin(request.headers, request.port)) {
      return 'foreign_origin';
    }
    const route = routeOf(path);
    if (route === undefined) {
      return path === HEALTH_PATH ? undefined : 'not_found';
    }
    if (request.method !== route.method) {
      return 'method_not_allowed';
    }
    if (place === undefined) {
      return 'invalid_gateway_token';
    }
    return route.method === 'POST' && !isJson(request.headers) ? 'unsupported_media_type' : undefined;
  };

  const sendOn = async (
    request: ReceivedRequest,
    path: string,
    route: Route,
    place: TokenPlace | undefined,
  ): Promise<Response> => {
    const { headers, method, target, signal } = request;
    const body = route.method === 'POST' ? await request.readBody(maxBodyBytes) : undefined;
    if (body === 'too_large') {
      return refusal('payload_too_large', route);
    }
    const decoded = body && (await decodeBody(body, headers.get('content-encoding'), maxBodyBytes));
    if (decoded?.kind === 'too_large') {
      return refusal('payload_too_large', route);
    }
    if (decoded?.kind === 'unknown_coding') {
      return refusal('unsupported_content_encoding', route);
    }
    const plan = (conversationId: string | undefined): GatewayPlan => {
      const key = (): string => failureKey(path, conversationId, body);
      const runId = runOf(conversationId);
      return {
        maxRetries,
        clientRetries: retriesAlready(headers) || failures.hasFailed(key),
        runId,
        prepared: (callId) => open.set(callId, { key, runId }),
      };
    };
    const answer = await context.with(remoteParent(headers), () =>
      send({
        url: `${base}${target.slice('/v1'.length)}`,
        method,
        headers: headersUpstream(headers),
        body,
        text: decoded?.kind === 'text' ? decoded.text : undefined,
        credential: credentialOf(route, place),
        signal,
        agent: readAgent(headers, options.agent),
        conversationId: conversationIn(headers),
        plan,
      }),
    );
    if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
      // Following a redirect would send the body and `x-api-key` to another host. Its location may contain secrets.
      await answer.body?.cancel();
      return refusal('upstream_redirect', route);
    }
    if (upstreamFetch !== undefined) {
      return answer;
    }
    const { body: stream, status, statusText } = answer;
    return new Response(stream, {
      status,
      statusText,
      headers: headersBack(answer.headers, answer.headers.get('connection')),
    });
  };

  return {
    get runIds() {
      return ledger.runIds;
    },
    recordRun(runId, annotations = {}) {
      const made = recordsOfRun(runId, ledger, client.records, annotations);
      for (const { record } of made === undefined ? [] : [made.runCard, made.usageTrace]) {
        if (fitsLine(record)) {
          inside.appendRecord(record);
        }
      }
      return made;
    },
    async answer(request) {
      const path = request.target.split('?', 1)[0] ?? '';
      const route = routeOf(path);
      const place = placeOfToken(request.headers);
      const refused = refuse(request, path, place);
      if (refused !== undefined) {
        return refusal(refused, route);
      }
      if (route === undefined) {
        return health(request.method);
      }
      try {
        return await sendOn(request, path, route, place);
      } catch (error) {
        return errorResponse(upstreamError(error, route.dialect));
      }
    },
  };
}

const MESSAGES: Readonly<Partial<Record<GatewayErrorCode, string>>> = {
  bad_request: 'The request target must be a path, such as /v1/chat/completions.',
  missing_host: 'The request must have exactly one Host header.',
  foreign_host: 'The Host header is not allowed. Call this gateway as 127.0.0.1, localhost or [::1], with its port.',
  foreign_origin: 'The local gateway refuses requests from web pages. Send the request from a program.',
  not_found:
    'The local gateway does not serve this path. Use a base URL that ends with /v1, for Anthropic clients without it.',
  method_not_allowed: 'The local gateway does not support this method on this path.',
  invalid_gateway_token: "The local gateway's token is missing or wrong. Set it as the API key of your agent.",
  unsupported_media_type: 'The local gateway accepts only JSON. Set content-type to application/json.',
  unsupported_content_encoding:
    'The content-encoding of the request is not supported. Send the body plain, or with zstd, gzip, deflate or br.',
  payload_too_large: 'The request body exceeds the size limit of the local gateway. Send a smaller body.',
  upstream_redirect: 'CometAPI answered with a redirect, which is not followed. Check COMETAPI_BASE_URL.',
};

function refusal(code: GatewayErrorCode, route: Route | undefined): Response {
  const headers: Record<string, string> =
    code === 'method_not_allowed' && route !== undefined
      ? { allow: route.method }
      : code === 'invalid_gateway_token'
        ? { 'www-authenticate': 'Bearer' }
        : {};
  return errorResponse(gatewayError(code, { message: MESSAGES[code] ?? code, dialect: route?.dialect, headers }));
}

function health(method: string): Response {
  return method === 'GET' || method === 'HEAD'
    ? new Response(method === 'HEAD' ? null : '{"status":"ok"}', {
        headers: { 'content-type': 'application/json', 'content-length': '15' },
      })
    : errorResponse(
        gatewayError('method_not_allowed', {
          message: 'The local gateway does not support this method on this path.',
          headers: { allow: 'GET' },
        }),
      );
}

function isJson(headers: Headers): boolean {
  return /^application\/(?:[\w.+-]+\+)?json *(?:;|$)/i.test(headers.get('content-type') ?? '');
}

/** True if the agent reports that this request is a retry of its own. */
function retriesAlready(headers: Headers): boolean {
  return Number(headers.get('x-stainless-retry-count') ?? 0) > 0;
}

/** Messages requests send the key in the header that contained the token. All others send it as a bearer token. */
function credentialOf(route: Route, place: TokenPlace | undefined): 'bearer' | 'x-api-key' {
  return route.dialect === 'anthropic' && place === 'x-api-key' ? 'x-api-key' : 'bearer';
}
