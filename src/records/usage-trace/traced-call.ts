import type { CallFacts, UsageFacts } from '../../facts/call-facts';
import { FAMILIES, type RequestFamily } from '../../facts/endpoints';
import type { Ending, EndingReason, ErrorCategory, RequestIdSource } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import type { Count, Milliseconds } from '../../facts/value-types';
import type { FailureClass, Outcome, ResultClass, StatusValue } from '../shared/enums';
import { terminalStatusValue } from '../shared/outcome';

/** One call of a usage trace. */
export interface TracedCall {
  readonly call_id: Identifier<'id'>;
  readonly started_at: Identifier<'timestamp'>;
  readonly trace_id: Identifier<'id'> | null;
  readonly span_id: Identifier<'id'> | null;
  readonly request_family: RequestFamily;
  readonly request_model: Identifier<'model'> | null;
  /** The model that answered. It can be a dated snapshot of the requested model. */
  readonly response_model: Identifier<'model'> | null;
  readonly result_class: ResultClass;
  readonly failure_class: FailureClass;
  /** The error category that a deliberate error-path check expected. */
  readonly expected_error: ErrorCategory | null;
  readonly ending: Ending;
  readonly ending_reason: EndingReason;
  readonly attempts: Count;
  readonly status: StatusValue;
  readonly error_category: ErrorCategory;
  readonly request_id: Identifier<'id'> | null;
  readonly request_id_source: RequestIdSource | null;
  readonly usage: ReportedUsage | 'absent';
  readonly stream_outcome: StreamOutcome;
  readonly time_to_first_event_ms: Milliseconds | null;
  readonly duration_ms: Milliseconds;
}

/** Token counts as the server reported them. `null` means not reported. */
export interface ReportedUsage {
  readonly input_tokens: Count | null;
  readonly output_tokens: Count | null;
  readonly total_tokens: Count | null;
  readonly cache_read_input_tokens: Count | null;
  readonly cache_creation_input_tokens: Count | null;
  readonly reasoning_output_tokens: Count | null;
}

export type StreamOutcome =
  | 'not_a_stream'
  | 'complete'
  | 'truncated'
  | 'idle'
  | 'error_event'
  | 'too_long'
  | 'cancelled'
  | 'abandoned'
  | 'not_started'
  | 'broken';

export function tracedCall(facts: CallFacts, outcome: Outcome, expected: ErrorCategory | undefined): TracedCall {
  return {
    call_id: facts.callId,
    started_at: facts.startedAt,
    trace_id: facts.traceId ?? null,
    span_id: facts.spanId ?? null,
    request_family: FAMILIES[facts.family].name,
    request_model: facts.request.model ?? null,
    response_model: facts.response?.model ?? null,
    result_class: outcome.resultClass,
    failure_class: outcome.failureClass,
    expected_error: expected ?? null,
    ending: facts.ending,
    ending_reason: facts.endingReason,
    attempts: facts.attempts.length,
    status: terminalStatusValue(facts),
    error_category: facts.category,
    request_id: facts.requestId ?? null,
    request_id_source: facts.requestIdSource ?? null,
    usage: reportedUsage(facts.response?.usage === undefined ? [] : [facts.response.usage]),
    stream_outcome: streamOutcome(facts),
    time_to_first_event_ms: facts.timeToFirstChunkMs ?? null,
    duration_ms: facts.durationMs,
  };
}

/** Sums the reported token counts. A count that no call reported is `null`, not zero. */
export function reportedUsage(reports: readonly UsageFacts[]): ReportedUsage | 'absent' {
  if (reports.length === 0) {
    return 'absent';
  }
  const sum = (name: keyof UsageFacts): number | null => {
    const numbers = reports.map((report) => report[name]).filter((count) => count !== undefined);
    return numbers.length === 0 ? null : numbers.reduce((total, count) => total + count, 0);
  };
  return {
    input_tokens: sum('inputTokens'),
    output_tokens: sum('outputTokens'),
    total_tokens: sum('totalTokens'),
    cache_read_input_tokens: sum('cacheReadInputTokens'),
    cache_creation_input_tokens: sum('cacheCreationInputTokens'),
    reasoning_output_tokens: sum('reasoningOutputTokens'),
  };
}

function streamOutcome(facts: CallFacts): StreamOutcome {
  if (!facts.stream) {
    return 'not_a_stream';
  }
  switch (facts.ending) {
    case 'completed':
      return 'complete';
    case 'cancelled':
      return 'cancelled';
    case 'abandoned':
      return 'abandoned';
    case 'failed':
      return brokenStream(facts);
  }
}

function brokenStream(facts: CallFacts): StreamOutcome {
  switch (facts.endingReason) {
    case 'stream_truncated':
      return 'truncated';
    case 'stream_idle_timeout':
      return 'idle';
    case 'stream_error_event':
    case 'response_failed':
      return 'error_event';
    case 'max_stream_duration':
      return 'too_long';
    default:
      return facts.phase === 'stream' || facts.phase === 'body' ? 'broken' : 'not_started';
  }
}
