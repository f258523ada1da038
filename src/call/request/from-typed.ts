import { checkCallOptions } from '../../config/call-options';
import { createError } from '../../errors/create-error';
import type { CallFacts } from '../../facts/call-facts';
import { uuidV4 } from '../../facts/uuid';
import type { StartCall, TypedAnswer, TypedCall } from '../../resources/typed-call';
import type { BodyFailure } from '../../wire/body/body-failure';
import { readRequest } from '../../wire/read-request';
import { utf8ByteLength } from '../../wire/utf8';
import type { CallResult } from '../call-result';
import { abandonWith } from '../finalization';
import { runCall } from '../run-call';
import { toResponse } from '../to-response';
import { sentTextsOf } from './echo-candidates';
import { encodeRequest, type TypedDefaults } from './encode-request';
import { type Preparation, type PreparedRequest, prepareCall } from './prepare-call';

/** Creates the entry point of the typed methods. It returns a response with a success status, or throws an error. */
export function createTypedDoor(preparation: Preparation, defaults: TypedDefaults): StartCall {
  return async (wish) => {
    const call = prepareCall(prepareRequest(wish, preparation, defaults), preparation);
    return toAnswer(await runCall(call, preparation.parts), preparation);
  };
}

function prepareRequest(wish: TypedCall, { config, parts }: Preparation, defaults: TypedDefaults): PreparedRequest {
  const { options } = wish;
  checkCallOptions(options);
  const { url, method, headers, touched, body } = encodeRequest(wish, config.baseURL, defaults, () =>
    uuidV4(parts.chance.randomBytes(16)),
  );
  const reading = readRequest(
    wish.body,
    typeof body === 'string' ? utf8ByteLength(body) : undefined,
    parts.secrets.guard,
  );
  return {
    door: 'typed',
    url,
    method,
    headers,
    body,
    replayable: !(body instanceof ReadableStream),
    reading: { ...reading, stream: wish.stream },
    sentTexts: sentTextsOf(body, headers, url),
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
  let made: Response | undefined;
  return {
    body,
    json: answer.json,
    requestId: answer.requestId,
    isEventStream: answer.events !== undefined,
    response() {
      // Created once and kept as long as the answer. If it were garbage-collected earlier, that would end the call.
      made ??= toResponse(answer);
      return made;
    },
    facts,
    error: (failure?: BodyFailure, server = answer.events?.error ?? answer.json?.error) =>
      createError({ facts: ended(facts()), server, headers: response.headers, reason: failure?.reason, guard }),
    abandonWith: (holder) => abandonWith(holder, body),
    openaiCompatible: config.openaiCompatible,
  };
}

/** Returns the facts of a call that has ended: its response is an error, or its body has ended. */
function ended(facts: CallFacts | undefined): CallFacts {
  if (facts === undefined) {
    throw new TypeError('Invariant violated: an ended call has no facts.');
  }
  return facts;
}
