import type { Exchange } from '../exchange';
import type { RequestIdHeader } from '../simulator-options';
import type { HeaderPairs, Step, Steps } from '../step';
import { htmlPage, jsonBody, wholeBody } from './body-steps';

/** Place of the request id in an error. `header` means the header `x-request-id`; `none` omits the id. */
export type RequestIdPlace = 'message' | 'none' | 'header' | RequestIdHeader;

/** The contents of an error answer. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  /** Overrides the simulator's options for this error. */
  readonly requestId?: RequestIdPlace | undefined;
}

/** Builds the error envelope in the form that the simulator's `errorEnvelope` selects. */
export function errorEnvelope(exchange: Exchange, failure: Failure): Readonly<Record<string, unknown>> {
  const { settings, request, family } = exchange;
  const place = failure.requestId ?? (settings.requestIdInMessage ? 'message' : 'none');
  const message = place === 'message' ? `${failure.message} (request id: ${request.requestId})` : failure.message;
  const type = failure.type ?? 'comet_api_error';
  const error =
    settings.errorEnvelope === 'short'
      ? { message, type, code: failure.code ?? '' }
      : { message, type, param: null, code: failure.code ?? (failure.status === 400 ? 'invalid_request' : '') };
  return family === 'messages' ? { type: 'error', error } : { error };
}

/** Returns the request id as a header, if this error or the simulator's options require one. */
export function requestIdHeaders(exchange: Exchange, place?: RequestIdPlace): HeaderPairs {
  const { requestIdHeader } = exchange.settings;
  const name = place === 'header' ? 'x-request-id' : place === undefined ? requestIdHeader : place;
  return name === 'none' || name === 'message' ? [] : [[name, exchange.request.requestId]];
}

/** Builds an error answer as JSON. */
export function errorAnswer(exchange: Exchange, failure: Failure, headers: HeaderPairs = []): Steps {
  const all = [...headers, ...requestIdHeaders(exchange, failure.requestId)];
  return jsonBody(failure.status, errorEnvelope(exchange, failure), all);
}

/** Kind of body of an error answer. `hang` sends the first half of the JSON and then nothing. */
export type FailureBody = 'json' | 'html' | 'empty' | 'hang';

/** Builds an error answer with the given kind of body. */
export function failureAnswer(exchange: Exchange, failure: Failure, body: FailureBody, headers: HeaderPairs): Steps {
  const all = [...headers, ...requestIdHeaders(exchange, failure.requestId)];
  switch (body) {
    case 'json':
      return errorAnswer(exchange, failure, headers);
    case 'html':
      return htmlPage(failure.status, all);
    case 'empty':
      return wholeBody(failure.status, '', '', all);
    case 'hang':
      return hangHalfway(errorAnswer(exchange, failure, headers));
    default: {
      const never: never = body;
      return never;
    }
  }
}

function* hangHalfway(steps: Steps): Generator<Step> {
  for (const step of steps) {
    if (step.kind === 'bytes') {
      yield { kind: 'bytes', bytes: step.bytes.subarray(0, step.bytes.length >> 1) };
      break;
    }
    yield step;
  }
  yield { kind: 'hang' };
}
