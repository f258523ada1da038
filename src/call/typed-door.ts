import type { ClientOptions } from '../config/options';
import { CometAPIError } from '../errors/cometapi-error';
import { createError } from '../errors/create-error';
import type { CallFacts } from '../facts/call-facts';
import { uuidV4 } from '../facts/uuid';
import type { StartCall, TypedAnswer, TypedCall } from '../resources/typed-call';
import type { RequestBody } from '../transport/send';
import type { BodyFailure } from '../wire/body-failure';
import { readRequest } from '../wire/read-request';
import { abandonWith } from './abandonment';
import { mergeHeaders } from './merge-headers';
import { type Preparation, type PreparedRequest, prepareCall } from './prepare-call';
import { type CallResult, runCall } from './run-call';
import { sentTextsOf } from './sent-texts';
import { toResponse } from './to-response';

/** What every typed request of a client carries. */
export interface TypedDefaults {
  readonly headers: ClientOptions['defaultHeaders'];
  readonly query: ClientOptions['defaultQuery'];
  readonly fetchOptions: ClientOptions['fetchOptions'];
  readonly userAgent: string;
}

/** The door of the typed methods: parameters in, an answer with a success status out, or the error for it. */
export function createTypedDoor(preparation: Preparation, defaults: TypedDefaults): StartCall {
  return async (wish) => {
    const call = prepareCall(prepareRequest(wish, preparation, defaults), preparation);
    return toAnswer(await runCall(call, preparation.parts), preparation);
  };
}

function prepareRequest(wish: TypedCall, { config, parts }: Preparation, defaults: TypedDefaults): PreparedRequest {
  const { options } = wish;
  const method = wish.method.toUpperCase();
  const { body, isJson } = encodeBody(wish.body);
  const { headers, touched } = mergeHeaders([
    {
      accept: wish.stream ? 'text/event-stream, application/json' : 'application/json',
      'user-agent': defaults.userAgent,
      ...(isJson && { 'content-type': 'application/json' }),
      // One key for all sends of a call. CometAPI documents no deduplication, so it promises nothing.
      ...(method === 'POST' && { 'idempotency-key': options.idempotencyKey ?? uuidV4(parts.chance.randomBytes(16)) }),
    },
    defaults.headers,
    options.headers,
  ]);
  const reading = readRequest(wish.body, typeof body === 'string' ? byteLength(body) : undefined, parts.secrets.guard);
  return {
    door: 'typed',
    url: urlOf(wish, config.baseURL.href, config.baseURL.origin, defaults.query),
    method,
    headers,
    body,
    replayable: !(body instanceof ReadableStream),
    reading: { ...reading, stream: wish.stream },
    sentTexts: sentTextsOf(body, headers),
    fetchOptions:
      options.fetchOptions === undefined
        ? defaults.fetchOptions
        : { ...defaults.fetchOptions, ...options.fetchOptions },
    signal: options.signal,
    credential: touched.has('authorization') ? 'none' : 'bearer',
    sendsRetryCount: !touched.has('x-stainless-retry-count'),
    requestId: options.requestId,
    runId: options.runId,
    attributes: options.telemetry?.attributes,
    limits: options,
    deliver: wish.deliver,
    wantsValue: !wish.stream,
  };
}

function encodeBody(body: unknown): { readonly body: RequestBody | undefined; readonly isJson: boolean } {
  if (body === undefined || body === null) {
    return { body: undefined, isJson: false };
  }
  if (body instanceof Uint8Array) {
    return { body: new Uint8Array(body), isJson: false };
  }
  if (
    typeof body === 'string' ||
    body instanceof ReadableStream ||
    body instanceof FormData ||
    body instanceof Blob ||
    body instanceof URLSearchParams
  ) {
    return { body, isJson: false };
  }
  try {
    return { body: JSON.stringify(body), isJson: true };
  } catch {
    // The platform's own error names properties of the caller's content.
    throw new CometAPIError(
      'The request body cannot be written as JSON: look for a BigInt or an object that contains itself.',
    );
  }
}

/** @throws CometAPIError for a URL of another origin: the key must not travel there */
function urlOf({ path, options }: TypedCall, base: string, origin: string, defaultQuery: TypedDefaults['query']): URL {
  const url = new URL(/^https?:\/\//i.test(path) ? path : `${base}${path.startsWith('/') ? '' : '/'}${path}`);
  if (url.origin !== origin) {
    throw new CometAPIError(
      'The path belongs to another origin than baseURL: use fetch for it, since the API key must not travel there.',
    );
  }
  for (const [name, value] of Object.entries({ ...defaultQuery, ...options.query })) {
    if (value !== undefined && value !== null) {
      url.searchParams.set(name, String(value));
    }
  }
  return url;
}

function toAnswer(result: CallResult, { parts, config }: Preparation): TypedAnswer {
  const { guard } = parts.secrets;
  if (result.kind === 'failure') {
    throw createError({ facts: result.facts, reason: result.reason, guard });
  }
  const { answer, error, facts } = result;
  const { response, body } = answer;
  if (error !== undefined) {
    body.cancel();
    throw createError({ facts: ended(facts()), server: error, headers: response.headers, guard });
  }
  return {
    body,
    ...(answer.json !== undefined && { json: answer.json }),
    isEventStream: answer.events !== undefined,
    response: () => toResponse(answer),
    facts,
    error: (failure?: BodyFailure, server = answer.events?.error ?? answer.json?.error) =>
      createError({ facts: ended(facts()), server, headers: response.headers, reason: failure?.reason, guard }),
    abandonWith: (holder) => abandonWith(holder, body),
    openaiCompatible: config.openaiCompatible,
  };
}

/** An answer that is an error, or whose body has ended, has ended its call. */
function ended(facts: CallFacts | undefined): CallFacts {
  if (facts === undefined) {
    throw new TypeError('A call that is told as ended has no facts.');
  }
  return facts;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
