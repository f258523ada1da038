import type { AttemptFacts, CallFacts } from '../../facts/call-facts';
import type { Decision, DecisionReason, DelayOrigin, Ending, EndingReason, ErrorCategory } from '../../facts/enums';
import { type Identifier, timestampIdentifier } from '../../facts/identifier';
import type { Count, Milliseconds } from '../../facts/value-types';
import type { StatusValue } from '../shared/enums';
import { statusValue, terminalStatusValue } from '../shared/outcome';

export type TimelineEventName = 'call_started' | 'attempt_sent' | 'attempt_ended' | 'first_data_event' | 'call_ended';

/** One event of an incident. A field is `null` if it does not apply to this kind of event. */
export interface TimelineEvent {
  readonly at: Identifier<'timestamp'>;
  /** Milliseconds since the first event. */
  readonly offset_ms: number;
  readonly event: TimelineEventName;
  readonly call_id: Identifier<'id'>;
  /** Attempt number, starting at 1. */
  readonly attempt: Count | null;
  readonly status: StatusValue | null;
  readonly error_category: ErrorCategory | null;
  readonly decision: Decision | null;
  readonly because: DecisionReason | null;
  /** Planned wait before the next attempt, in milliseconds. */
  readonly delay_ms: Milliseconds | null;
  readonly delay_origin: DelayOrigin | null;
  readonly request_id: Identifier<'id'> | null;
  readonly maybe_sent_twice: boolean | null;
  readonly ending: Ending | null;
  readonly ending_reason: EndingReason | null;
}

/** The optional fields of an event. */
type CheckedPart = Partial<Omit<TimelineEvent, 'at' | 'offset_ms' | 'event' | 'call_id'>>;

interface Moment {
  readonly epochMs: number;
  readonly event: TimelineEventName;
  readonly callId: Identifier<'id'>;
  readonly stated: CheckedPart;
}

const NOTHING: Required<CheckedPart> = {
  attempt: null,
  status: null,
  error_category: null,
  decision: null,
  because: null,
  delay_ms: null,
  delay_origin: null,
  request_id: null,
  maybe_sent_twice: null,
  ending: null,
  ending_reason: null,
};

/** One day. A larger offset is invalid, and adding it to the start could exceed the range of dates. */
const MAX_OFFSET_MS = 86_400_000;

/**
 * Returns all events of `calls` in order.
 *
 * Offsets within a call come from a monotonic clock. The order of calls from several processes depends on their wall
 * clocks, which can differ.
 */
export function timelineEvents(calls: readonly CallFacts[]): readonly TimelineEvent[] {
  /** Maps each millisecond to the exact end time of the last call that ended in it. */
  const overBy = new Map<number, number>();
  const moments = calls.flatMap((call) => {
    const own = momentsOf(call, startOf(call, overBy));
    const endedMs = Date.parse(call.endedAt);
    overBy.set(endedMs, Math.max(overBy.get(endedMs) ?? endedMs, ...own.map(({ epochMs }) => epochMs)));
    return own;
  });
  // The sort is stable: events with the same time stay in the order of their call.
  moments.sort((one, other) => one.epochMs - other.epochMs);
  const firstMs = moments[0]?.epochMs ?? 0;
  return moments.map(({ epochMs, event, callId, stated }) => ({
    at: timestampIdentifier(epochMs),
    offset_ms: Math.round((epochMs - firstMs) * 1_000) / 1_000,
    event,
    call_id: callId,
    ...NOTHING,
    ...stated,
  }));
}

/**
 * Returns the start of a call. The recorded start has millisecond precision; all offsets have microsecond precision.
 * If another call ended in the same millisecond, this call starts after that end.
 */
function startOf(call: CallFacts, overBy: ReadonlyMap<number, number>): number {
  const startedMs = Date.parse(call.startedAt);
  return Math.min(Math.max(startedMs, overBy.get(startedMs) ?? startedMs), startedMs + 0.999);
}

function momentsOf(call: CallFacts, startedMs: number): readonly Moment[] {
  const moment = (offsetMs: number, event: TimelineEventName, stated: CheckedPart = {}): Moment => ({
    epochMs: startedMs + Math.min(Math.max(0, offsetMs), MAX_OFFSET_MS),
    event,
    callId: call.callId,
    stated,
  });
  const last = call.attempts.at(-1);
  const firstChunkMs = firstChunkOffset(call, last);
  const before = [
    moment(0, 'call_started'),
    ...call.attempts.flatMap((attempt) => [
      moment(attempt.startOffsetMs, 'attempt_sent', { attempt: attempt.index }),
      moment(attempt.startOffsetMs + attempt.durationMs, 'attempt_ended', endOf(attempt)),
    ]),
    ...(last === undefined || firstChunkMs === undefined
      ? []
      : [moment(firstChunkMs, 'first_data_event', { attempt: last.index })]),
  ];
  const ended = moment(call.durationMs, 'call_ended', {
    status: terminalStatusValue(call),
    error_category: call.category,
    request_id: call.requestId ?? null,
    maybe_sent_twice: call.maybeSentTwice,
    ending: call.ending,
    ending_reason: call.endingReason,
  });
  // Each offset is rounded separately. Do not let the end of the call precede its last event.
  return [...before, { ...ended, epochMs: Math.max(...[...before, ended].map(({ epochMs }) => epochMs)) }];
}

/**
 * Returns the offset of the first chunk. `timeToFirstChunkMs` counts from sending the request, slightly after the start
 * of the attempt. The sum can therefore precede the headers, but the result never does.
 */
function firstChunkOffset(call: CallFacts, last: AttemptFacts | undefined): number | undefined {
  if (last === undefined || call.timeToFirstChunkMs === undefined) {
    return undefined;
  }
  const isOverWithHeaders = last.because === 'success' && call.contentKind === 'event_stream';
  const headersMs = isOverWithHeaders ? last.startOffsetMs + last.durationMs : 0;
  return Math.max(headersMs, last.startOffsetMs + call.timeToFirstChunkMs);
}

function endOf(attempt: AttemptFacts): CheckedPart {
  return {
    attempt: attempt.index,
    status: statusValue(attempt),
    error_category: attempt.category,
    decision: attempt.decision,
    because: attempt.because,
    delay_ms: attempt.delayMs ?? null,
    delay_origin: attempt.delayOrigin ?? null,
    request_id: attempt.requestId ?? null,
    maybe_sent_twice: attempt.maybeSentTwice,
  };
}
