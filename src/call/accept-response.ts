import type { CallFacts } from '../facts/call-facts';
import type { CallEnd, ResponseNotes } from '../facts/call-recorder';
import type { EndingReason } from '../facts/enums';
import type { Identifier } from '../facts/identifier';
import type { TransportResponse } from '../transport/transport-response';
import { type BodyInspector, createPassingInspector } from '../wire/body/body-inspector';
import { createJsonInspector, type JsonInspector } from '../wire/body/inspect-json';
import { MonitoredBody } from '../wire/body/monitored-body';
import type { ErrorReading } from '../wire/read-error';
import { createEventStreamInspector, type EventStreamInspector } from '../wire/stream/inspect-event-stream';
import { type AnsweredAttempt, type Attempt, isAnswered } from './attempt';
import type { ReleaseSlot } from './bounds/connection-slots';
import type { Call, CallParts } from './call';
import { abortedEnd, BODY_TIMED_OUT, brokenBodyEnd, failedEnd } from './endings';
import type { CallLifecycle, FailedCall } from './lifecycle';

/**
 * Accepts the response of the last attempt. No retry follows, because CometAPI may already bill this response.
 * An error response ends the call here; any other call ends with its body. The slot is released when the body closes.
 */
export function acceptResponse(
  call: Call,
  parts: CallParts,
  life: CallLifecycle,
  attempt: AnsweredAttempt,
  release: ReleaseSlot,
): AnsweredCall {
  const { stop, recorder } = life;
  const answer = monitorBody(call, parts, attempt, {
    onEnd(end, notes) {
      recorder.addResponseFacts(notes);
      life.settle(end);
    },
    onClosed() {
      stop.close();
      release();
    },
  });
  const { body, events } = answer;
  life.body = body;
  if (attempt.error !== undefined) {
    life.settle(failedEnd(attempt.outcome));
  } else if (events !== undefined) {
    recorder.closePrepared(parts.clock.nowMs());
    if (!call.limits.deadlineBoundsStream) {
      stop.liftDeadline();
    }
  }
  stop.signal.addEventListener(
    'abort',
    () => body.fail(abortedEnd(stop.cause ?? 'deadline', 'body'), stop.signal.reason),
    { once: true },
  );
  return { kind: 'answer', answer, error: attempt.error, facts: () => recorder.facts };
}

/** The accepted response of a call. Its body is unread. */
export interface MonitoredResponse {
  readonly response: TransportResponse;
  readonly body: MonitoredBody;
  /** Validated; the header itself may contain any text. */
  readonly requestId: Identifier<'id'> | undefined;
  /** `json` or `events` is set according to the response, not the request: a server may send JSON for a stream. */
  readonly json: JsonInspector | undefined;
  readonly events: EventStreamInspector | undefined;
}

/** If the caller does not need a parsed value, at most this much of a body is kept to read its facts. */
const MAX_KEPT_UNASKED_BYTES = 8 * 1024 * 1024;

/** Read size for an iterated stream: about 30 chat events. */
const MAX_ITERATED_BYTES = 8_192;

export interface AnswerHooks {
  readonly onEnd: (end: CallEnd, notes: ResponseNotes) => void;
  /** Called once, when the source is closed and the connection is free. */
  readonly onClosed: () => void;
}

/** Wraps the body of a response: applies the time and size limits, and reads its facts as the bytes pass. */
export function monitorBody(
  call: Call,
  parts: CallParts,
  attempt: AnsweredAttempt,
  hooks: AnswerHooks,
): MonitoredResponse {
  const { response, limit, peeked } = attempt;
  const { json, events } = peeked === undefined ? inspectorsOf(call, parts, attempt) : NONE;
  const phase = events === undefined ? 'body' : 'stream';
  const { limits } = call;
  const body = new MonitoredBody({
    source: peeked?.source ?? { prefix: [], reader: response.body?.getReader() },
    inspector: events ?? json ?? passing(peeked !== undefined, response),
    phase,
    clock: parts.clock,
    limits: {
      idleTimeoutMs: limits.idleTimeoutMs,
      maxDurationMs: phase === 'stream' ? limits.maxStreamMs : 0,
      unreadTimeoutMs: limits.unreadTimeoutMs,
    },
    maxBytes: limits.maxResponseBytes,
    maxReadBytes: call.deliver === undefined ? undefined : MAX_ITERATED_BYTES,
    onEnd: hooks.onEnd,
    onClosed() {
      limit.lift();
      hooks.onClosed();
    },
    abortTransport: () => limit.abort(),
    describeError: (error) => brokenBodyEnd(error, phase),
    isTolerated: ({ endingReason }) => peeked !== undefined || isTolerated(call, endingReason),
  });
  if (phase === 'stream') {
    limit.lift();
  } else {
    limit.extendToBody(() => body.fail(BODY_TIMED_OUT));
  }
  return { response, body, requestId: attempt.requestId, json, events };
}

const NONE: Pick<MonitoredResponse, 'json' | 'events'> = { json: undefined, events: undefined };

/** True if a body with this ending ends without an error for its reader. The facts still record the failure. */
function isTolerated(call: Call, endingReason: EndingReason): boolean {
  switch (endingReason) {
    case 'response_failed':
      return true;
    case 'unexpected_response':
      // With no event to iterate, a caller would mistake the body for an empty stream.
      return call.deliver === undefined || call.openaiCompatible;
    case 'stream_truncated':
      return call.openaiCompatible;
    case 'stream_error_event':
      return call.opening.entryPoint === 'gateway';
    default:
      return false;
  }
}

function inspectorsOf(
  call: Call,
  parts: CallParts,
  { context, headers, sentAtMs, response }: AnsweredAttempt,
): Pick<MonitoredResponse, 'json' | 'events'> {
  const { family, request, stream } = call.opening;
  if (family === 'cometapi-other' && !call.wantsValue && call.deliver === undefined) {
    return NONE;
  }
  const common = { family, requestedModel: request.model, context, expectsStream: stream };
  // If the content type does not say otherwise, the response to a stream request is read as a stream.
  const isEventStream =
    headers.contentKind === 'event_stream' ||
    (stream &&
      response.body !== null &&
      (headers.contentKind === 'none' || headers.contentKind === 'text' || headers.contentKind === 'other'));
  if (isEventStream) {
    const { clock } = parts;
    return {
      json: undefined,
      events: createEventStreamInspector({
        ...common,
        choiceCount: request.choiceCount,
        elapsedMs: () => Math.max(0, Math.round((clock.nowMs() - sentAtMs) * 1_000) / 1_000),
        deliver: call.deliver,
      }),
    };
  }
  return {
    events: undefined,
    json: createJsonInspector({
      ...common,
      contentKind: headers.contentKind,
      maxKeptBytes: call.wantsValue ? call.limits.maxResponseBytes : MAX_KEPT_UNASKED_BYTES,
    }),
  };
}

function passing(hasEnded: boolean, response: TransportResponse): BodyInspector {
  const endingReason = response.body === null && !hasEnded ? 'no_body' : 'body_complete';
  return createPassingInspector({ ending: 'completed', endingReason, category: 'none', phase: 'body' });
}

/**
 * Ends an attempt whose response is not used, and releases its slot. A body that was read to its end leaves the
 * connection open for reuse; otherwise the request is destroyed.
 */
export function discardAttempt(attempt: Attempt, release: ReleaseSlot): void {
  if (isAnswered(attempt)) {
    const { limit, peeked, response } = attempt;
    limit.lift();
    const rest = peeked === undefined ? response.body : peeked.source.reader;
    if (rest) {
      rest.cancel().catch(() => undefined);
      limit.abort();
    }
  }
  release();
}

/** The result of a call: a response with any HTTP status, or a failure without a response. */
export type CallResult = AnsweredCall | FailedCall;

export interface AnsweredCall {
  readonly kind: 'answer';
  readonly answer: MonitoredResponse;
  /** Facts of an error body; `undefined` for a 2xx response. */
  readonly error: ErrorReading | undefined;
  /** Returns the facts, or `undefined` until the call has ended. */
  readonly facts: () => CallFacts | undefined;
}
