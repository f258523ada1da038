import type { AttemptFacts } from '../../facts/call-facts';
import type {
  Decision,
  DecisionReason,
  DelayOrigin,
  ErrorCategory,
  ErrorType,
  Phase,
  RequestIdSource,
  ServerCode,
} from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import type { Count, Milliseconds } from '../../facts/value-types';
import type { StatusValue } from './enums';
import { statusValue } from './outcome';

/** One attempt in retry evidence: numbers, enum values and ids. Never a message, which could contain content. */
export interface RecordedAttempt {
  readonly index: Count;
  readonly start_offset_ms: number;
  readonly duration_ms: Milliseconds;
  readonly status: StatusValue;
  readonly error_class: ErrorCategory;
  readonly error_type: ErrorType | null;
  /** The server's error code, if it is a known enum value. */
  readonly code: ServerCode | null;
  readonly phase: Phase;
  readonly decision: Decision;
  readonly because: DecisionReason;
  /** The wait after this attempt. */
  readonly delay_ms: Milliseconds | null;
  readonly delay_origin: DelayOrigin | null;
  /** The wait that CometAPI requested. */
  readonly retry_after_ms: Milliseconds | null;
  readonly request_id: Identifier<'id'> | null;
  readonly request_id_source: RequestIdSource | null;
  readonly maybe_sent_twice: boolean;
  readonly retry_budget_left: number | null;
}

export function recordedAttempt(attempt: AttemptFacts): RecordedAttempt {
  return {
    index: attempt.index,
    start_offset_ms: attempt.startOffsetMs,
    duration_ms: attempt.durationMs,
    status: statusValue(attempt),
    error_class: attempt.category,
    error_type: attempt.errorType ?? null,
    code: attempt.serverCode ?? null,
    phase: attempt.phase,
    decision: attempt.decision,
    because: attempt.because,
    delay_ms: attempt.delayMs ?? null,
    delay_origin: attempt.delayOrigin ?? null,
    retry_after_ms: attempt.retryAfterMs ?? null,
    request_id: attempt.requestId ?? null,
    request_id_source: attempt.requestIdSource ?? null,
    maybe_sent_twice: attempt.maybeSentTwice,
    retry_budget_left: attempt.retryBudgetLeft ?? null,
  };
}
