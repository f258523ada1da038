import { checkCallOptions } from '../../config/call-options';
import { createError } from '../../errors/create-error';
import type { CallFacts } from '../../facts/call-facts';
import { uuidV4 } from '../../facts/uuid';
import type { StartCall, TypedAnswer, TypedCall } from '../../resources/typed-call';
import type { BodyFailure } from '../../wire/body/body-failure';
import { readRequest } from '../../wire/read-request';
import { utf8ByteLength } from '../../wire/utf8';
import type { CallResult } from '../accept-response';
import { cancelWhenCollected } from '../finalization';
import { runCall } from '../run-call';
import { toResponse } from '../to-response';
import { echoCandidatesOf } from './echo-candidates';
import { encodeRequest, type TypedDefaults } from './encode-request';
import { type CallInput, type ClientContext, prepareCall } from './prepare-call';

/** Creates the entry point of the typed methods. It returns a response with a success status, or throws an error. */
export function createStartCall(clientContext: ClientContext, defaults: TypedDefaults): StartCall {
  return async (typedCall) => {
    const call = prepareCall(prepareRequest(typedCall, clientContext, defaults), clientContext);
    return toAnswer(await runCall(call, clientContext.parts), clientContext);
  };
}

function prepareRequest(typedCall: TypedCall, { config, parts }: ClientContext, defaults: TypedDefaults): CallInput {
  const { options } = typedCall;
  checkCallOptions(options);
  const { url, method, headers, touched, body } = encodeRequest(typedCall, config.baseURL, defaults, () =>
    uuidV4(parts.randomSource.randomBytes(16)),
  );
  const reading = readRequest(
    typedCall.body,
    typeof body === 'string' ? utf8ByteLength(body) : undefined,
    parts.secrets.redactor,
  );
  return {
    entryPoint: 'client',
    url,
    method,
    headers,
    body,
    replayable: !(body instanceof ReadableStream),
    reading: { ...reading, stream: typedCall.stream },
    echoCandidates: echoCandidatesOf(body, headers, url),
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
    deliver: typedCall.deliver,
    wantsValue: !typedCall.stream,
  };
}

function toAnswer(result: CallResult, { parts, config }: ClientContext): TypedAnswer {
  const { redactor } = parts.secrets;
  if (result.kind === 'failure') {
    throw createError({ facts: result.facts, reason: result.reason, redactor });
  }
  const { answer, error, facts } = result;
  const { response, body } = answer;
  if (error !== undefined) {
    body.cancel();
    throw createError({ facts: ended(facts()), server: error, headers: response.headers, redactor });
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
      createError({ facts: ended(facts()), server, headers: response.headers, reason: failure?.reason, redactor }),
    cancelWhenCollected: (holder) => cancelWhenCollected(holder, body),
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
