import { describe, expect, it } from 'vitest';
import { draftIncidentTimeline } from '../../../src/records/incident-timeline/incident-timeline';
import { describeEvent, renderIncidentTimeline } from '../../../src/records/incident-timeline/markdown';
import { timelineEvents } from '../../../src/records/incident-timeline/timeline-events';
import { retryEvidence } from '../../../src/records/retry-evidence/retry-evidence';
import { usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { attempt, checked, completedCall, limitedAttempt, truncatedStream } from '../sample-facts';

const stream = truncatedStream();

/** A call that starts half a second after the stream and ends before it sends a request. */
const unsent = completedCall({
  callId: checked('id', '019a0000-0000-7000-8000-000000000003'),
  startedAt: checked('timestamp', '2026-11-21T10:00:00.500Z'),
  endedAt: checked('timestamp', '2026-11-21T10:00:00.600Z'),
  durationMs: 100,
  attempts: [],
  ending: 'cancelled',
  endingReason: 'caller_abort',
  category: 'cancelled',
  phase: 'queue',
});

describe('an incident timeline', () => {
  it('orders the requests, waits and endings of all calls', () => {
    const events = timelineEvents([unsent, stream]);
    expect(
      events.map((event) => [event.at.slice(17), event.offset_ms, event.call_id.slice(-1), describeEvent(event)]),
    ).toEqual([
      ['00.000Z', 0, '2', 'call started'],
      ['00.000Z', 0.5, '2', 'attempt 1 sent'],
      ['00.040Z', 40.5, '2', 'attempt 1: 429 (rate_limited), retried: retryable_status, wait 700 ms (retry_after)'],
      ['00.500Z', 500, '3', 'call started'],
      ['00.600Z', 600, '3', 'call cancelled: caller_abort, aborted (cancelled)'],
      ['00.740Z', 740.5, '2', 'attempt 2 sent'],
      ['01.050Z', 1050.5, '2', 'first data event of attempt 2'],
      ['01.989Z', 1989.5, '2', 'attempt 2: truncated (truncated_stream), not_retried: committed'],
      ['01.989Z', 1989.5, '2', 'call failed: stream_truncated, truncated (truncated_stream)'],
    ]);
  });

  it('puts the first data event of a stream after its headers', () => {
    const last = attempt({ startOffsetMs: 10, durationMs: 5, because: 'success', contentKind: 'event_stream' });
    const call = completedCall({
      stream: true,
      contentKind: 'event_stream',
      attempts: [last],
      // Counts from sending the request, slightly after the start of the attempt.
      timeToFirstChunkMs: 4.8,
      durationMs: 900,
    });
    expect(timelineEvents([call]).map(({ offset_ms, event }) => [offset_ms, event])).toEqual([
      [0, 'call_started'],
      [10, 'attempt_sent'],
      [15, 'attempt_ended'],
      [15, 'first_data_event'],
      [900, 'call_ended'],
    ]);
  });

  it('separates calls that follow each other within one millisecond', () => {
    const at = checked('timestamp', '2026-11-21T10:00:00.005Z');
    const calls = ['019b0000-0000-7000-8000-000000000001', '019b0000-0000-7000-8000-000000000002'].map((id) => ({
      ...completedCall(),
      callId: checked('id', id),
      startedAt: at,
      endedAt: at,
      durationMs: 0.4,
      attempts: completedCall().attempts.map((attempt) => ({ ...attempt, startOffsetMs: 0.1, durationMs: 0.3 })),
    }));
    const ids = timelineEvents(calls).map(({ call_id }) => call_id);
    expect(ids).toEqual([...ids].sort());
  });

  it('sets fields that do not apply to an event to null', () => {
    const [started, sent, ended] = timelineEvents([stream]);
    const nothing = {
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
    const call = { call_id: stream.callId };
    expect([started, sent, ended]).toEqual([
      { ...nothing, ...call, at: '2026-11-21T10:00:00.000Z', offset_ms: 0, event: 'call_started' },
      { ...nothing, ...call, at: '2026-11-21T10:00:00.000Z', offset_ms: 0.5, event: 'attempt_sent', attempt: 1 },
      {
        ...nothing,
        ...call,
        at: '2026-11-21T10:00:00.040Z',
        offset_ms: 40.5,
        event: 'attempt_ended',
        attempt: 1,
        status: '429',
        error_category: 'rate_limited',
        decision: 'retried',
        because: 'retryable_status',
        delay_ms: 700,
        delay_origin: 'retry_after',
        request_id: 'first-request',
        maybe_sent_twice: false,
      },
    ]);
  });

  it('counts calls and attempts, and contains only the fallback decision of the operator', () => {
    const { events, environment, library, ...timeline } = draftIncidentTimeline([unsent, stream], {
      workflow: 'nightly-summary',
      incidentId: 'INC-7',
      fallbackDecision: 'abort',
      notes: 'the outage of the model',
    })('not_checked');
    expect(timeline).toEqual({
      record: 'incident_timeline',
      schema_version: 2,
      incident_id: 'INC-7',
      recorded_at_utc: '2026-11-21T10:00:01.250Z',
      window_utc: '2026-11-21T10:00:00.000Z/2026-11-21T10:00:01.989Z',
      workflow: 'nightly-summary',
      run_id: null,
      endpoint_families: ['cometapi-text-chat'],
      call_count: 2,
      failed_call_count: 1,
      attempt_count: 2,
      retry_count: 1,
      maybe_sent_twice_count: 0,
      fallback_decision: 'abort',
      notes: 'the [needs separate account-owned evidence] of the model',
      not_asserted: [
        'price',
        'quota',
        'rate_limit',
        'latency_target',
        'uptime',
        'model_availability',
        'production_readiness',
        'root_cause',
      ],
      sources: [],
      evidence: null,
      redaction_check: 'not_checked',
      call_ids: [unsent.callId, stream.callId],
      trace_id: stream.traceId,
      span_id: null,
      handoff: {
        command_label: null,
        result: 'fail',
        changed_files: null,
        remaining_uncertainty: [
          'outcome_needs_follow_up',
          'docs_not_checked',
          'environment_not_declared',
          'model_not_verified',
          'claim_needs_evidence',
          'redaction_not_checked',
        ],
      },
    });
    const unsaid = draftIncidentTimeline([stream], { incidentId: 'no name' })('not_checked');
    expect([unsaid.incident_id, unsaid.fallback_decision, unsaid.handoff.remaining_uncertainty]).toEqual([
      null,
      'not_stated',
      expect.arrayContaining(['declared_value_dropped']),
    ]);
  });

  it('throws a RangeError without a call', () => {
    expect(() => draftIncidentTimeline([])).toThrow(RangeError);
  });

  it('keeps the order with rounded or invalid offsets', () => {
    const rounded = completedCall({ durationMs: 9.998, attempts: [attempt({ startOffsetMs: 0, durationMs: 10 })] });
    expect(timelineEvents([rounded]).at(-1)).toMatchObject({ event: 'call_ended', offset_ms: 10 });
    const senseless = completedCall({ durationMs: 1e300, attempts: [attempt({ startOffsetMs: -5 })] });
    expect(timelineEvents([senseless]).map(({ event }) => event)).toEqual([
      'call_started',
      'attempt_sent',
      'attempt_ended',
      'call_ended',
    ]);
  });

  it('renders a page that starts with a notice about the simulator', () => {
    const draft = draftIncidentTimeline([{ ...stream, upstream: 'simulator' }], { notes: '# <b>' });
    const page = renderIncidentTimeline(draft('not_checked'));
    expect(page.split('\n\n').slice(0, 2)).toEqual([
      '> **Simulator.** These calls went to the local simulator, not to CometAPI.',
      '# Incident timeline',
    ]);
    expect(page).toContain('\n**Note:** \\# &lt;b\\>\n');
    expect(page).toContain('| `000000000002` | attempt 1: 429 (rate_limited), retried: retryable_status');
  });
});

describe('a stream whose attempt ended with its headers', () => {
  const closed = {
    ...stream,
    attempts: [limitedAttempt(), attempt({ index: 2, startOffsetMs: 740.5, phase: 'stream' })],
  };

  it('has the status truncated in every status of the call', () => {
    const evidence = retryEvidence(closed);
    expect([evidence.first_attempt_status, evidence.retry_status, evidence.terminal_status]).toEqual([
      '429',
      'truncated',
      'truncated',
    ]);
    expect(usageTrace(closed).calls[0]?.status).toBe('truncated');
    const first = retryEvidence({ ...closed, attempts: [attempt()] });
    expect([first.first_attempt_status, first.terminal_status]).toEqual(['truncated', 'truncated']);
  });

  it('has the status aborted if the caller ended it after a successful attempt', () => {
    const evidence = retryEvidence({
      ...closed,
      attempts: [attempt()],
      ending: 'cancelled',
      endingReason: 'consumer_cancel',
      category: 'cancelled',
    });
    expect([evidence.first_attempt_status, evidence.terminal_status]).toEqual(['200', 'aborted']);
  });
});
