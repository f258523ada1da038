import type { CallFacts } from '../facts/call-facts';
import type { ErrorReading } from '../wire/read-error';
import type { Answer } from './open-answer';

/** What came of a call: an answer whatever its status, or none. */
export type CallResult = AnsweredCall | FailedCall;

export interface AnsweredCall {
  readonly kind: 'answer';
  readonly answer: Answer;
  /** What an error answer told; `undefined` for a 2xx. */
  readonly error: ErrorReading | undefined;
  /** The facts, once the call has ended. */
  readonly facts: () => CallFacts | undefined;
}

export interface FailedCall {
  readonly kind: 'failure';
  readonly facts: CallFacts;
  /** The caller's own reason, when the caller aborted. */
  readonly reason: unknown;
}
