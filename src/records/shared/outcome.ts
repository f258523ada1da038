import type { AttemptFacts, CallFacts } from '../../facts/call-facts';
import type { ErrorCategory, StatusText, Upstream } from '../../facts/enums';
import {
  OUTCOME_OF_FAILURE,
  OUTCOMES,
  type Outcome,
  type ResultClass,
  STATUS_VALUE_OF_FAILURE,
  type StatusValue,
} from './enums';

/**
 * Judges one call. See docs/records.md, "How a call is judged".
 *
 * @param expected the error category of a deliberate error-path check. Failing with it is a pass; success is not.
 */
export function outcomeOf(facts: CallFacts, expected?: ErrorCategory): Outcome {
  if (expected !== undefined && facts.ending === 'failed' && facts.category === expected) {
    return OUTCOMES.pass;
  }
  switch (facts.ending) {
    case 'completed':
      return expected === undefined ? OUTCOMES.pass : OUTCOMES.contractMismatch;
    case 'cancelled':
    case 'abandoned':
      return OUTCOMES.followUp;
    case 'failed':
      return outcomeOfFailure(facts);
  }
}

function outcomeOfFailure(facts: CallFacts): Outcome {
  switch (facts.endingReason) {
    case 'redirect':
      return OUTCOMES.contractMismatch;
    case 'unexpected_response':
      // An HTML page with status 200 means a wrong path or base URL.
      return facts.contentKind === 'html' ? OUTCOMES.contractMismatch : OUTCOMES.unexpected;
    // The call failed after a 2xx status. The answer was not the promised one, regardless of its error category.
    case 'response_failed':
    case 'stream_error_event':
    case 'stream_truncated':
    case 'stream_idle_timeout':
    case 'response_too_large':
      return OUTCOMES.unexpected;
    default:
      return OUTCOME_OF_FAILURE[facts.category];
  }
}

const SEVERITY: Readonly<Record<ResultClass, number>> = { pass: 0, needs_follow_up: 1, fail: 2 };

/** Returns the worst outcome of a run, or the first of equally bad ones. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce<Outcome>(
    (worst, outcome) => (SEVERITY[outcome.resultClass] > SEVERITY[worst.resultClass] ? outcome : worst),
    OUTCOMES.pass,
  );
}

/** The conditions of a pass other than the call itself. */
export interface Proofs {
  readonly upstream: Upstream;
  readonly docsChecked: boolean;
  readonly redactionChecked: boolean;
}

/** Returns the final outcome. A pass against CometAPI needs checked documentation and a clean redaction check. */
export function verdict(outcome: Outcome, proofs: Proofs): Outcome {
  const isUnproved = proofs.upstream === 'cometapi' && !(proofs.docsChecked && proofs.redactionChecked);
  return outcome.resultClass === 'pass' && isUnproved ? OUTCOMES.followUp : outcome;
}

/** The status of an attempt as text, or the failure that replaces it. */
export function statusValue(attempt: Pick<AttemptFacts, 'status' | 'category'>): StatusValue {
  const { status, category } = attempt;
  // A 2xx that ended early is not a success. Any other status is final.
  const isFinal = status !== undefined && status > 299;
  const word = isFinal ? undefined : STATUS_VALUE_OF_FAILURE[category];
  return word ?? (status === undefined ? 'no_response' : statusText(status));
}

/** As {@link statusValue}. A stream's attempt ends with its headers, so a body failure is read from the call. */
export function attemptStatusValue(facts: CallFacts, attempt: AttemptFacts): StatusValue {
  const failedLater = attempt === facts.attempts.at(-1) && attempt.category === 'none' && facts.ending === 'failed';
  return statusValue(failedLater ? { ...attempt, category: facts.category } : attempt);
}

/** The final status of a call: that of its last attempt, or `aborted` if the call was cancelled or never read. */
export function terminalStatusValue(facts: CallFacts): StatusValue {
  if (facts.ending === 'cancelled' || facts.ending === 'abandoned') {
    return 'aborted';
  }
  // The call's own status belongs to the last response, and the last attempt may have none.
  const last = facts.attempts.at(-1);
  return last === undefined ? statusValue({ category: facts.category }) : attemptStatusValue(facts, last);
}

function statusText(status: number): StatusText {
  return `${status}`;
}
