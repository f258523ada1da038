import type { AttemptClosing, CallEnd, ResponseNotes } from '../facts/call-recorder';
import type { Phase } from '../facts/enums';
import type { Writable } from '../facts/writable';
import { type AttemptOutcome, categoryOf, errorTypeOf } from '../retry/classify';
import type { RetryDecision } from '../retry/decide';
import { sortFailure } from '../transport/failure';
import type { AnsweredAttempt, Attempt } from './attempt';
import type { AbortCause } from './call-abort';

const TIMED_OUT = { ending: 'failed', category: 'timeout', errorType: 'timeout' } as const;

/** The ending of a call that the caller or the deadline stopped. */
export function abortedEnd(cause: AbortCause, phase: Phase): CallEnd {
  if (cause === 'caller_abort') {
    return { ending: 'cancelled', endingReason: 'caller_abort', category: 'cancelled', phase };
  }
  return { ...TIMED_OUT, endingReason: phase === 'queue' ? 'queue_deadline' : 'deadline', phase };
}

/** The ending of a call whose `apiKey` function failed: nothing was sent. */
export const UNCONFIGURED: CallEnd = {
  ending: 'failed',
  endingReason: 'configuration',
  category: 'unknown',
  errorType: '_OTHER',
  phase: 'connect',
};

/** The ending of a call whose JSON body did not arrive within `timeout`. */
export const BODY_TIMED_OUT: Omit<CallEnd, 'phase'> = { ...TIMED_OUT, endingReason: 'body_timeout' };

/** The ending of a call whose last attempt returned no response, or one with an error status or a redirect. */
export function failedEnd(outcome: AttemptOutcome): CallEnd {
  const category = categoryOf(outcome);
  if (outcome.kind === 'response') {
    const isRedirect = outcome.status < 400;
    return {
      ending: 'failed',
      endingReason: isRedirect ? 'redirect' : 'http_status',
      category,
      // `error.type` contains only status codes that HTTP defines as errors, and 3xx is not one.
      errorType: isRedirect ? '_OTHER' : `${outcome.status}`,
      phase: 'headers',
    };
  }
  const endingReason = outcome.cause === 'header_timeout' ? 'header_timeout' : 'connection';
  return { ending: 'failed', endingReason, category, errorType: errorTypeOf(outcome), phase: phaseOf(outcome) };
}

/** The ending of a call whose connection broke during the body. */
export function brokenBodyEnd(error: unknown, phase: 'body' | 'stream'): CallEnd {
  const outcome: AttemptOutcome = { kind: 'failure', ...sortFailure(error) };
  const errorType = outcome.errorType;
  return phase === 'stream'
    ? { ending: 'failed', endingReason: 'stream_truncated', category: 'truncated_stream', errorType, phase }
    : { ending: 'failed', endingReason: 'body_error', category: categoryOf(outcome), errorType, phase };
}

function phaseOf(outcome: AttemptOutcome): Phase {
  return outcome.kind === 'failure' && outcome.sent === 'never' ? 'connect' : 'headers';
}

/** The facts of a finished attempt and of the decision after it. */
export function attemptClosing(
  attempt: Attempt,
  decision: RetryDecision,
  method: string,
  retryBudgetLeft: number | undefined,
): AttemptClosing {
  const { outcome } = attempt;
  const errorType = errorTypeOf(outcome);
  const isRetried = decision.decision === 'retried';
  const closing: Writable<AttemptClosing> = {
    category: categoryOf(outcome),
    phase: phaseOf(outcome),
    decision: decision.decision,
    because: decision.because,
    // CometAPI bills only POST requests. A retry can bill twice only if the first request may have arrived.
    maybeSentTwice: isRetried && outcome.kind === 'failure' && outcome.sent === 'maybe' && method === 'POST',
  };
  if (errorType !== undefined) {
    closing.errorType = errorType;
  }
  if (isRetried) {
    closing.delayMs = Math.round(decision.delayMs);
    closing.delayOrigin = decision.delayOrigin;
  }
  if (retryBudgetLeft !== undefined) {
    closing.retryBudgetLeft = Math.round(retryBudgetLeft * 1_000) / 1_000;
  }
  if ('response' in attempt) {
    answerFacts(attempt, closing);
    if (attempt.retryAfterMs !== undefined) {
      closing.retryAfterMs = Math.round(attempt.retryAfterMs);
    }
  }
  return closing;
}

/** Sets the response facts that an attempt and its call have in common. */
function answerFacts(
  { outcome, headers, requestId, requestIdSource }: AnsweredAttempt,
  facts: Pick<ResponseNotes, 'status' | 'contentKind' | 'serverCode' | 'requestId' | 'requestIdSource'>,
): void {
  facts.status = outcome.status;
  facts.contentKind = headers.contentKind;
  if (outcome.code !== undefined) {
    facts.serverCode = outcome.code;
  }
  if (requestId !== undefined) {
    facts.requestId = requestId;
  }
  if (requestIdSource !== undefined) {
    facts.requestIdSource = requestIdSource;
  }
}

/** The facts that a response adds to its call. */
export function attemptNotes(attempt: AnsweredAttempt, decision: RetryDecision): ResponseNotes {
  const { retryAfterMs } = attempt;
  // Reported only if the call ends without this wait. For a retry, the attempt's `delayMs` shows it.
  const isLastWord = decision.because !== 'success' && decision.decision !== 'retried';
  const notes: ResponseNotes = {};
  answerFacts(attempt, notes);
  if (retryAfterMs !== undefined && isLastWord) {
    notes.retryAfterMs = Math.round(retryAfterMs);
  }
  return notes;
}
