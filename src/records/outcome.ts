import type { AttemptFacts, CallFacts } from '../facts/call-facts';
import type { ErrorCategory, StatusText, Upstream } from '../facts/words';
import {
  OUTCOME_OF_FAILURE,
  OUTCOMES,
  type Outcome,
  type ResultClass,
  STATUS_WORD_OF_FAILURE,
  type StatusWord,
} from './values';

/**
 * What one call comes to (records.md, "Values").
 *
 * @param expected the category of a deliberate error-path check: meeting it is a pass, succeeding instead is not
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
      // An HTML page with 200 is a wrong path, not a wrong answer.
      return facts.contentKind === 'html' ? OUTCOMES.contractMismatch : OUTCOMES.unexpected;
    // A failure after a 2xx, whatever category its code names: the answer was not what was promised.
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

/** A run takes its worst call; of equally bad ones the first. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce<Outcome>(
    (worst, outcome) => (SEVERITY[outcome.resultClass] > SEVERITY[worst.resultClass] ? outcome : worst),
    OUTCOMES.pass,
  );
}

/** What a pass rests on beside the call itself. */
export interface Proofs {
  readonly upstream: Upstream;
  readonly docsChecked: boolean;
  readonly redactionChecked: boolean;
}

/** Against the real gateway a pass needs documentation that was checked and a clean redaction check. */
export function verdict(outcome: Outcome, proofs: Proofs): Outcome {
  const isUnproved = proofs.upstream === 'cometapi' && !(proofs.docsChecked && proofs.redactionChecked);
  return outcome.resultClass === 'pass' && isUnproved ? OUTCOMES.followUp : outcome;
}

/** The status of an attempt as text, or what stood in its place. */
export function statusWord(attempt: Pick<AttemptFacts, 'status' | 'category'>): StatusWord {
  const { status, category } = attempt;
  // A 2xx that broke off is not a success; any other status is the server's last word.
  const isFinal = status !== undefined && status > 299;
  const word = isFinal ? undefined : STATUS_WORD_OF_FAILURE[category];
  return word ?? (status === undefined ? 'no_response' : statusText(status));
}

/** As {@link statusWord}; but the attempt of a stream ends with its headers, and how its body failed is told by the call. */
export function attemptStatusWord(facts: CallFacts, attempt: AttemptFacts): StatusWord {
  const failedLater = attempt === facts.attempts.at(-1) && attempt.category === 'none' && facts.ending === 'failed';
  return statusWord(failedLater ? { ...attempt, category: facts.category } : attempt);
}

/** How the whole call ended: as its last attempt did, unless the caller or nobody's reading ended it. */
export function terminalStatusWord(facts: CallFacts): StatusWord {
  if (facts.ending === 'cancelled' || facts.ending === 'abandoned') {
    return 'aborted';
  }
  // Not the call's own status: that is the last response's, and the last attempt may have had none.
  const last = facts.attempts.at(-1);
  return last === undefined ? statusWord({ category: facts.category }) : attemptStatusWord(facts, last);
}

function statusText(status: number): StatusText {
  return `${status}`;
}
