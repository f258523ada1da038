import { CometAPIError } from '../errors/cometapi-error';
import type { RequestIdSource } from '../facts/enums';
import type { Identifier } from '../facts/identifier';
import type { FailureOutcome, ResponseOutcome } from '../retry/classify';
import { parseRetryAfter } from '../retry/delay';
import { TransportFailure } from '../transport/failure';
import { HeaderList } from '../transport/header-list';
import type { TransportResponse } from '../transport/transport-response';
import { untilAborted } from '../transport/until-aborted';
import type { AbortSignalLike } from '../wire/abort-signal-like';
import { type PeekedBody, peekBody } from '../wire/body/peek-body';
import { createReadContext, type ReadContext } from '../wire/read-context';
import { type ErrorReading, readError } from '../wire/read-error';
import { type HeadersReading, readHeaders } from '../wire/read-headers';
import { AttemptTimeout } from './bounds/attempt-timeout';
import type { Call, CallParts } from './call';
import type { CallAbort } from './call-abort';
import type { Clock } from './clock';

/** An attempt with a response. The body is unread, except for the start of an error body. */
export interface AnsweredAttempt {
  readonly outcome: ResponseOutcome;
  readonly response: TransportResponse;
  readonly headers: HeadersReading;
  readonly context: ReadContext;
  readonly requestId: Identifier<'id'> | undefined;
  readonly requestIdSource: RequestIdSource | undefined;
  readonly retryAfterMs: number | undefined;
  /** Present if the status is not 2xx. */
  readonly peeked: PeekedBody | undefined;
  readonly error: ErrorReading | undefined;
  readonly sentAtMs: number;
  /** For a JSON response, this limit continues to the end of the body. */
  readonly limit: AttemptTimeout;
}

/** An attempt without a response. */
export interface FailedAttempt {
  readonly outcome: FailureOutcome;
}

export type Attempt = AnsweredAttempt | FailedAttempt;

/**
 * Sends one request and reads the response headers. For an error response, also reads the start of the body.
 *
 * @throws CometAPIError if the `apiKey` function returns no usable key; every other failure is a result
 */
export async function runAttempt(call: Call, parts: CallParts, stop: CallAbort, index: number): Promise<Attempt> {
  const limit = new AttemptTimeout(parts.clock, call.limits.headerTimeoutMs);
  const abort = (): void => limit.abort(stop.signal.reason);
  let sentAtMs: number | undefined;
  stop.signal.addEventListener('abort', abort, { once: true });
  try {
    stop.signal.throwIfAborted();
    const { apiKey, secrets } = parts;
    let key: string | undefined;
    if (call.credential !== 'none') {
      // The caller's `apiKey` function may never settle.
      key = secrets.reveal(apiKey.kind === 'fixed' ? apiKey.secret : await untilAborted(apiKey.ask(), limit.signal));
    }
    const headers = headersOf(call, index, key);
    sentAtMs = parts.clock.nowMs();
    const response = await parts.trace.aroundAttempt(call.opening, index, (traceparent) => {
      if (traceparent !== undefined) {
        headers.set('traceparent', traceparent);
      }
      const { url, method, body, fetchOptions } = call;
      return parts.send({ url, method, headers, body, signal: limit.signal, fetchOptions });
    });
    const context = createReadContext(secrets.redactor, call.echoCandidates);
    const reading = readHeaders(response.headers, context);
    const failed = response.ok ? undefined : await readFailure(response, reading, context, parts.clock, stop.signal);
    if (failed !== undefined) {
      limit.lift();
    }
    const base = { response, headers: reading, context, sentAtMs, limit };
    return answered(call, parts.clock, { ...base, peeked: failed?.peeked, error: failed?.error });
  } catch (error) {
    limit.lift();
    if (error instanceof CometAPIError) {
      throw error;
    }
    limit.abort();
    return { outcome: failureOf(error, limit.hasPassed, stop, sentAtMs === undefined ? 'never' : 'maybe') };
  } finally {
    stop.signal.removeEventListener('abort', abort);
  }
}

/** Reads the start of an error body. */
async function readFailure(
  { status, body }: TransportResponse,
  headers: HeadersReading,
  context: ReadContext,
  clock: Clock,
  signal: AbortSignalLike,
): Promise<Pick<AnsweredAttempt, 'peeked' | 'error'>> {
  // `new Response()` rejects statuses outside 200 to 599, so the caller receives the platform's own response, with its body unread.
  const isOutOfRange = status < 200 || status > 599;
  const peeked = await peekBody(isOutOfRange ? null : body, clock, signal);
  return { peeked, error: readError(peeked.text, headers.contentKind, context) };
}

function answered(
  call: Call,
  clock: Clock,
  known: Omit<AnsweredAttempt, 'outcome' | 'requestId' | 'requestIdSource' | 'retryAfterMs'>,
): AnsweredAttempt {
  const { response, headers, error } = known;
  // Browsers hide the status of a redirect and report 0.
  const status = response.type === 'opaqueredirect' ? 302 : response.status;
  const { shouldRetry } = headers;
  const { requestId, requestIdSource } = requestIdOf(call, headers, error);
  return {
    ...known,
    outcome: { kind: 'response', status, shouldRetry, code: error?.serverCode, type: error?.serverType },
    requestId,
    requestIdSource,
    retryAfterMs: parseRetryAfter(headers.retryAfter, clock.wallMs()),
  };
}

/**
 * The best request id for support. CometAPI's id in the error message comes first, because a header may be a proxy's.
 * The caller's own id is the last choice.
 */
function requestIdOf(
  call: Call,
  headers: HeadersReading,
  error: ErrorReading | undefined,
): Pick<AnsweredAttempt, 'requestId' | 'requestIdSource'> {
  if (error?.requestId !== undefined) {
    return { requestId: error.requestId, requestIdSource: 'message' };
  }
  if (headers.requestId !== undefined && headers.requestIdSource !== undefined) {
    const isClients = headers.requestId === call.clientRequestId;
    return { requestId: headers.requestId, requestIdSource: isClients ? 'client' : headers.requestIdSource };
  }
  const requestId = call.clientRequestId;
  return { requestId, requestIdSource: requestId === undefined ? undefined : 'client' };
}

function headersOf(call: Call, index: number, key: string | undefined): HeaderList {
  const headers = new HeaderList(call.headers);
  if (call.sendsRetryCount) {
    headers.set('x-stainless-retry-count', String(call.opening.outerRetryCount + index - 1));
  }
  if (key !== undefined && call.credential === 'bearer') {
    headers.set('authorization', `Bearer ${key}`);
  } else if (key !== undefined) {
    headers.set('x-api-key', key);
  }
  return headers;
}

function failureOf(error: unknown, hasPassed: boolean, stop: CallAbort, sent: FailureOutcome['sent']): FailureOutcome {
  if (stop.cause === 'caller_abort') {
    return { kind: 'failure', errorType: '_OTHER', sent, cause: 'caller' };
  }
  if (hasPassed || stop.cause === 'deadline') {
    return { kind: 'failure', errorType: 'timeout', sent, cause: 'header_timeout' };
  }
  return error instanceof TransportFailure
    ? error.outcome
    : { kind: 'failure', errorType: '_OTHER', sent, cause: 'other' };
}

/** True if the attempt has a response. */
export function isAnswered(attempt: Attempt): attempt is AnsweredAttempt {
  return attempt.outcome.kind === 'response';
}
