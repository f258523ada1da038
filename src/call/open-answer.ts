import type { Label } from '../facts/label';
import type { CallEnd, ResponseNotes } from '../facts/observation';
import type { EndingReason } from '../facts/words';
import type { TransportResponse } from '../transport/transport-response';
import { type BodyInspector, createPassingInspector } from '../wire/body-inspector';
import { createEventStreamInspector, type EventStreamInspector } from '../wire/inspect-event-stream';
import { createJsonInspector, type JsonInspector } from '../wire/inspect-json';
import { WatchedBody } from '../wire/watch-body';
import type { Call, CallParts } from './call';
import { BODY_TIMED_OUT, brokenBodyEnd } from './endings';
import type { AnsweredAttempt } from './run-attempt';

/** The answer of a call, its body unread. */
export interface Answer {
  readonly response: TransportResponse;
  readonly body: WatchedBody;
  /** Checked: the header itself may hold anything. */
  readonly requestId: Label<'id'> | undefined;
  /** Which of the two it is tells how the answer came, not how it was asked for. */
  readonly json: JsonInspector | undefined;
  readonly events: EventStreamInspector | undefined;
}

/** A body that nobody wants parsed is kept this far for its facts; beyond, it passes unread. */
const MAX_KEPT_UNASKED_BYTES = 8 * 1024 * 1024;

/** About thirty events of a chat stream. */
const MAX_ITERATED_BYTES = 8_192;

export interface AnswerHooks {
  readonly onEnd: (end: CallEnd, notes: ResponseNotes) => void;
  /** The connection is free. */
  readonly onClosed: () => void;
}

/** Puts a watch on the body of an answer. */
export function openAnswer(call: Call, parts: CallParts, attempt: AnsweredAttempt, hooks: AnswerHooks): Answer {
  const { response, limit, peeked } = attempt;
  const { json, events } = peeked === undefined ? inspectorsOf(call, parts, attempt) : NONE;
  const phase = events === undefined ? 'body' : 'stream';
  const { limits } = call;
  const body = new WatchedBody({
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
    limit.followBody(() => body.fail(BODY_TIMED_OUT));
  }
  return { response, body, requestId: attempt.requestId, json, events };
}

const NONE: Pick<Answer, 'json' | 'events'> = { json: undefined, events: undefined };

/** Whether a body that came to its end is passed on as it is: its ending tells, to whom it concerns, that it was no answer. */
function isTolerated(call: Call, endingReason: EndingReason): boolean {
  switch (endingReason) {
    case 'response_failed':
      return true;
    case 'unexpected_response':
      // Who iterates would take what held no event for an empty answer.
      return call.deliver === undefined || call.openaiCompatible;
    case 'stream_truncated':
      return call.openaiCompatible;
    case 'stream_error_event':
      return call.opening.door === 'gateway';
    default:
      return false;
  }
}

function inspectorsOf(
  call: Call,
  parts: CallParts,
  { context, headers, sentAtMs, response }: AnsweredAttempt,
): Pick<Answer, 'json' | 'events'> {
  const { family, request, stream } = call.opening;
  if (family === 'cometapi-other' && !call.wantsValue && call.deliver === undefined) {
    return NONE;
  }
  const common = { family, requestedModel: request.model, context, expectsStream: stream };
  // A stream without a content type is taken as what was asked for.
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
