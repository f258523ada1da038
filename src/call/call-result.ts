import type { CallFacts } from '../facts/call-facts';
import type { ErrorReading } from '../wire/read-error';
import type { MonitoredResponse } from './open-answer';

/** The result of a call: a response with any HTTP status, or a failure without a response. */
export type CallResult = AnsweredCall | FailedCall;

export interface AnsweredCall {
  readonly kind: 'answer';
  readonly answer: MonitoredResponse;
  /** Facts of an error body; `undefined` for a 2xx response. */
  readonly error: ErrorReading | undefined;
  /** Returns the facts, or `undefined` until the call has ended. */
  readonly facts: () => CallFacts | undefined;
}

export interface FailedCall {
  readonly kind: 'failure';
  readonly facts: CallFacts;
  /** The abort reason that the caller passed; otherwise the timeout error or `undefined`. */
  readonly reason: unknown;
}
