import type { AttemptFacts, CallFacts, CallOpening } from './call-facts';
import type { Identifier } from './identifier';

/** The facts of an attempt that are known before it is sent. */
export interface AttemptOpening {
  /** Number of the attempt, from 1. */
  readonly index: number;
  /** Time from the start of the call to the start of this attempt, in milliseconds. */
  readonly startOffsetMs: number;
}

/**
 * Receives the facts of every call. All methods are optional.
 *
 * Order for one call: `callOpened`, then `attemptOpened` and `attemptClosed` for each attempt, then `callClosed` once.
 * A call that ends before it sends a request has no attempts.
 *
 * An observer that throws does not affect the call. The first failure is reported through OpenTelemetry's `diag`.
 */
export interface CallObserver {
  /** A call starts. */
  callOpened?(call: CallOpening): void;
  /** An attempt is about to be sent. */
  attemptOpened?(call: CallOpening, attempt: AttemptOpening): void;
  /** An attempt has ended: with the headers of a stream, otherwise with the body. */
  attemptClosed?(call: CallOpening, attempt: AttemptFacts): void;
  /** A call has ended. Called exactly once per call. */
  callClosed?(call: CallFacts): void;
}

/** The ids of a recorded span. */
export interface SpanIds {
  readonly traceId: Identifier<'id'>;
  readonly spanId: Identifier<'id'>;
}

/** The tracing functions that the call path needs besides the observer. */
export interface TracePort {
  /** Returns the ids of the call's span; `undefined` if none is recorded. Valid from `callOpened` to `callClosed`. */
  spanIds(call: CallOpening): SpanIds | undefined;
  /**
   * Runs `send` in a context that suppresses other instrumentations. Passes the `traceparent` of the attempt if
   * propagation is on.
   */
  aroundAttempt<T>(call: CallOpening, attemptIndex: number, send: (traceparent: string | undefined) => T): T;
}
