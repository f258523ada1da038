import { describe, expect, test } from 'vitest';
import type { CallFacts, CallOpening, RequestFacts, ResponseFacts } from '../../src/facts/call-facts';
import { type AttemptClosing, type CallEnd, CallRecorder } from '../../src/facts/call-recorder';
import type { CallObserver, SpanIds } from '../../src/facts/observer';
import { aCall, anIdentifier, RESPONSE } from '../support/facts';

const WALL = Date.UTC(2026, 10, 21, 12, 0, 1);
const at = (nowMs: number) => ({ nowMs, wallMs: WALL });

const RETRIED: AttemptClosing = {
  status: 503,
  errorType: '503',
  category: 'server_error',
  phase: 'headers',
  decision: 'retried',
  because: 'retryable_status',
  delayMs: 250,
  delayOrigin: 'backoff',
  maybeSentTwice: false,
};
const ANSWERED: AttemptClosing = {
  status: 200,
  contentKind: 'json',
  category: 'none',
  phase: 'headers',
  decision: 'not_retried',
  because: 'success',
  maybeSentTwice: false,
};
const COMPLETED: CallEnd = { ending: 'completed', endingReason: 'body_complete', category: 'none', phase: 'body' };
const TRUNCATED: CallEnd = {
  ending: 'failed',
  endingReason: 'stream_truncated',
  category: 'truncated_stream',
  errorType: 'stream_truncated',
  phase: 'stream',
};
const ABORTED: CallEnd = { ending: 'cancelled', endingReason: 'caller_abort', category: 'cancelled', phase: 'headers' };
const ABANDONED: CallEnd = { ending: 'abandoned', endingReason: 'never_read', category: 'cancelled', phase: 'body' };
const DEADLINE: CallEnd = {
  ending: 'failed',
  endingReason: 'deadline',
  category: 'timeout',
  errorType: 'timeout',
  phase: 'headers',
};

interface Told {
  readonly events: string[];
  readonly recorder: CallRecorder;
  readonly call: CallOpening;
}

/** Creates an observation that starts at 1,000 ms, and records the events of its observer. */
function observed(more: CallObserver = {}, spanIds: () => SpanIds | undefined = () => undefined): Told {
  const events: string[] = [];
  const observer: CallObserver = {
    callOpened: (opening) => void events.push(`callOpened ${opening.callId === call.callId}`),
    attemptOpened: (_call, { index, startOffsetMs }) => void events.push(`attemptOpened ${index} at ${startOffsetMs}`),
    attemptClosed: (_call, { index, because, durationMs }) =>
      void events.push(`attemptClosed ${index} ${because} after ${durationMs}`),
    callClosed: (facts) => void events.push(`callClosed ${facts.endingReason}`),
    ...more,
  };
  const call = aCall();
  return { events, recorder: new CallRecorder(call, observer, spanIds, 1_000), call };
}

describe('an observer receives', () => {
  test('the start, each attempt with its end, and the end of the call, in this order', () => {
    const { events, recorder } = observed();
    recorder.openAttempt(1_000);
    recorder.closeAttempt(RETRIED, 1_100);
    recorder.openAttempt(1_350);
    recorder.prepareAttempt(ANSWERED);
    recorder.settle(COMPLETED, at(1_500));
    expect(events).toEqual([
      'callOpened true',
      'attemptOpened 1 at 0',
      'attemptClosed 1 retryable_status after 100',
      'attemptOpened 2 at 350',
      'attemptClosed 2 success after 150',
      'callClosed body_complete',
    ]);
  });

  test('the end of an attempt with the headers of a stream, and the end of the call with the stream', () => {
    const { events, recorder } = observed();
    recorder.openAttempt(1_000);
    recorder.prepareAttempt(ANSWERED);
    recorder.closePrepared(1_050);
    recorder.settle(TRUNCATED, at(9_000));
    expect(events).toEqual([
      'callOpened true',
      'attemptOpened 1 at 0',
      'attemptClosed 1 success after 50',
      'callClosed stream_truncated',
    ]);
    expect(recorder.facts?.attempts).toEqual([{ index: 1, startOffsetMs: 0, durationMs: 50, ...ANSWERED }]);
    expect(recorder.facts).toMatchObject(TRUNCATED);
  });

  test('no attempts of a call that ends before it sends a request', () => {
    const { events, recorder } = observed();
    recorder.settle({ ...DEADLINE, endingReason: 'queue_deadline', phase: 'queue' }, at(2_000));
    expect(events).toEqual(['callOpened true', 'callClosed queue_deadline']);
    expect(recorder.facts?.attempts).toEqual([]);
  });

  test('nothing after the end of the call', () => {
    const { events, recorder } = observed();
    recorder.openAttempt(1_000);
    recorder.settle(ABORTED, at(1_200));
    const before = [...events];
    const { facts } = recorder;
    recorder.addResponseFacts({ status: 500 });
    recorder.prepareAttempt(ANSWERED);
    recorder.closePrepared(1_300);
    recorder.closeAttempt(RETRIED, 1_300);
    expect(recorder.openAttempt(1_400)).toEqual({ index: 2, startOffsetMs: 400 });
    recorder.closeAttempt(RETRIED, 1_500);
    recorder.settle(COMPLETED, at(1_600));
    expect(events).toEqual(before);
    expect(recorder.facts).toBe(facts);
  });

  test('one ending, even if the observer itself ends the call again', () => {
    const ends: CallFacts[] = [];
    const { recorder } = observed({
      callClosed(facts) {
        ends.push(facts, recorder.settle(COMPLETED, at(5_000)));
      },
    });
    const settled = recorder.settle(ABORTED, at(1_200));
    expect(ends).toEqual([settled, settled]);
  });

  test('no events that it has no method for', () => {
    const recorder = new CallRecorder(aCall(), {}, () => undefined, 0);
    recorder.openAttempt(1);
    recorder.closeAttempt(RETRIED, 2);
    expect(recorder.settle(DEADLINE, at(3)).attempts).toHaveLength(1);
  });
});

describe('settle', () => {
  test('returns all facts of a call, and returns the same facts again', () => {
    const ids: SpanIds = {
      traceId: anIdentifier('id', '0af7651916cd43dd8448eb211c80319c'),
      spanId: anIdentifier('id', 'b7ad6b7169203331'),
    };
    const { recorder, call } = observed({}, () => ids);
    recorder.openAttempt(1_000);
    recorder.closeAttempt({ ...RETRIED, maybeSentTwice: true }, 1_100);
    recorder.openAttempt(1_350.000_4);
    recorder.addResponseFacts({ status: 200, contentKind: 'json' });
    recorder.prepareAttempt(ANSWERED);
    recorder.addResponseFacts({ response: RESPONSE, responseBytes: 512 });
    const facts = recorder.settle(COMPLETED, at(1_500.123_456));
    expect(facts).toEqual({
      ...call,
      endedAt: '2026-11-21T12:00:01.000Z',
      durationMs: 500.123,
      attempts: [
        { index: 1, startOffsetMs: 0, durationMs: 100, ...RETRIED, maybeSentTwice: true },
        { index: 2, startOffsetMs: 350, durationMs: 150.123, ...ANSWERED, phase: 'body' },
      ],
      ...COMPLETED,
      ...ids,
      status: 200,
      contentKind: 'json',
      response: RESPONSE,
      responseBytes: 512,
      maybeSentTwice: true,
    });
    expect(recorder.settle(ABORTED, at(9_000))).toBe(facts);
    expect(recorder.facts).toBe(facts);
  });

  test('creates the facts, without fields that have no value', () => {
    const { recorder } = observed();
    expect(recorder.facts).toBeUndefined();
    const facts = recorder.settle({ ...COMPLETED, errorType: undefined }, at(1_000));
    expect(['errorType', 'traceId', 'spanId', 'status', 'requestId'].filter((name) => name in facts)).toEqual([]);
  });

  test('freezes every object, including those that the caller froze only at the top level', () => {
    const request: RequestFacts = { fields: ['model', 'messages'], otherFieldCount: 0 };
    const response: ResponseFacts = { usage: { inputTokens: 1 }, finishReasons: ['stop'] };
    const call = Object.freeze(aCall({ request: Object.freeze(request) }));
    const recorder = new CallRecorder(call, {}, () => undefined, 0);
    recorder.openAttempt(0);
    recorder.addResponseFacts({ response: Object.freeze(response) });
    recorder.closeAttempt(RETRIED, 1);
    const facts = recorder.settle(DEADLINE, at(2));
    expect(unfrozen(facts)).toEqual([]);
  });

  test('is not needed to freeze the opening: observers receive it frozen', () => {
    let told: CallOpening | undefined;
    const observer: CallObserver = {
      callOpened(opening) {
        told = opening;
      },
    };
    new CallRecorder(aCall({ attributes: [] }), observer, () => undefined, 0);
    expect(unfrozen(told)).toEqual([]);
  });

  test('returns no negative durations if the clock runs backwards', () => {
    const { recorder } = observed();
    recorder.openAttempt(900);
    recorder.closeAttempt(RETRIED, 800);
    const facts = recorder.settle(DEADLINE, at(700));
    expect([facts.durationMs, facts.attempts[0]?.startOffsetMs, facts.attempts[0]?.durationMs]).toEqual([0, 0, 0]);
  });
});

describe('response facts', () => {
  test('belong to their own attempt, not to a later one', () => {
    const { recorder } = observed();
    recorder.openAttempt(1_000);
    recorder.addResponseFacts({
      status: 503,
      requestId: anIdentifier('id', 'first'),
      requestIdSource: 'message',
      retryAfterMs: 5,
    });
    recorder.closeAttempt(RETRIED, 1_100);
    recorder.openAttempt(1_200);
    const facts = recorder.settle(DEADLINE, at(1_300));
    expect(['status', 'requestId', 'requestIdSource', 'retryAfterMs'].filter((name) => name in facts)).toEqual([]);
  });

  test('can arrive in parts, and the later value wins', () => {
    const { recorder } = observed();
    recorder.openAttempt(1_000);
    recorder.addResponseFacts({ eventCount: 1, responseBytes: 10 });
    recorder.addResponseFacts({ eventCount: 7 });
    expect(recorder.settle(COMPLETED, at(2_000))).toMatchObject({ eventCount: 7, responseBytes: 10 });
  });
});

describe('an attempt that is open when its call ends', () => {
  const lastOf = (end: CallEnd, prepared?: AttemptClosing) => {
    const { recorder } = observed();
    recorder.openAttempt(1_000);
    if (prepared !== undefined) {
      recorder.prepareAttempt(prepared);
    }
    return recorder.settle(end, at(1_200)).attempts[0];
  };
  const opened = { index: 1, startOffsetMs: 0, durationMs: 200 };

  test('completes with its call if it received an answer', () => {
    expect(lastOf(COMPLETED, ANSWERED)).toStrictEqual({ ...opened, ...ANSWERED, phase: 'body' });
  });

  test('fails with its call if it received an answer, because no retry can follow an answer', () => {
    const end: CallEnd = {
      ...TRUNCATED,
      endingReason: 'body_error',
      category: 'connection',
      errorType: 'connection_reset',
      phase: 'body',
    };
    expect(lastOf(end, ANSWERED)).toStrictEqual({
      ...opened,
      ...ANSWERED,
      category: 'connection',
      phase: 'body',
      because: 'committed',
      errorType: 'connection_reset',
    });
  });

  test.each([
    ['the caller aborts', { ...ABORTED, phase: 'body' } as const],
    ['the answer is never read', ABANDONED],
  ])('is not a failure if it received an answer and %s', (_name, end) => {
    expect(lastOf(end, ANSWERED)).toStrictEqual({
      ...opened,
      ...ANSWERED,
      category: 'cancelled',
      phase: 'body',
      because: 'committed',
    });
  });

  test('ends as its call does if it received no answer', () => {
    expect(lastOf(ABORTED)).toStrictEqual({
      ...opened,
      category: 'cancelled',
      phase: 'headers',
      decision: 'not_retried',
      because: 'caller_abort',
      maybeSentTwice: false,
    });
    expect(lastOf(DEADLINE)).toStrictEqual({
      ...opened,
      category: 'timeout',
      phase: 'headers',
      decision: 'not_retried',
      because: 'final_transport_failure',
      maybeSentTwice: false,
      errorType: 'timeout',
    });
  });

  test('has an error type only if its call failed and has one', () => {
    const { errorType: _errorType, ...failed } = DEADLINE;
    expect(lastOf(failed)).not.toHaveProperty('errorType');
    expect(lastOf({ ...ABORTED, errorType: '_OTHER' })).not.toHaveProperty('errorType');
    expect(lastOf({ ...COMPLETED, errorType: '_OTHER' }, ANSWERED)).not.toHaveProperty('errorType');
  });
});

describe('closing an attempt', () => {
  test('does nothing without an open attempt', () => {
    const { events, recorder } = observed();
    recorder.prepareAttempt(ANSWERED);
    recorder.closePrepared(1_100);
    recorder.closeAttempt(RETRIED, 1_100);
    expect(events).toEqual(['callOpened true']);
  });

  test('takes effect only once', () => {
    const { events, recorder } = observed();
    recorder.openAttempt(1_000);
    recorder.closePrepared(1_050);
    recorder.closeAttempt(RETRIED, 1_100);
    recorder.closeAttempt(RETRIED, 1_200);
    expect(events).toEqual(['callOpened true', 'attemptOpened 1 at 0', 'attemptClosed 1 retryable_status after 100']);
  });
});

/** Returns the paths of objects that are not frozen. */
function unfrozen(value: unknown, path = 'facts'): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inner = Object.entries(value).flatMap(([name, each]) => unfrozen(each, `${path}.${name}`));
  return Object.isFrozen(value) ? inner : [path, ...inner];
}
