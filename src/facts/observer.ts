import type { AttemptFacts, CallFacts, CallOpening } from './call-facts';
import type { Label } from './label';

/** What is known when an attempt is about to be sent. */
export interface AttemptOpening {
  /** From 1. */
  readonly index: number;
  readonly startOffsetMs: number;
}

/**
 * Told of every call. Observers run behind a guard: one that throws is counted and reported once, never to the caller.
 *
 * Order for one call: `callOpened`, then (`attemptOpened`, `attemptClosed`) per attempt, then `callClosed` once.
 * A call that ends before anything was sent has no attempts.
 */
export interface CallObserver {
  callOpened?(call: CallOpening): void;
  attemptOpened?(call: CallOpening, attempt: AttemptOpening): void;
  attemptClosed?(call: CallOpening, attempt: AttemptFacts): void;
  callClosed?(call: CallFacts): void;
}

/** Ids of a recorded span. */
export interface SpanIds {
  readonly traceId: Label<'id'>;
  readonly spanId: Label<'id'>;
}

/** What the path asks of tracing beyond observing. The default does nothing. */
export interface TracePort {
  /** Ids of the span of this call; `undefined` when none is recorded. Valid between `callOpened` and `callClosed`. */
  spanIds(call: CallOpening): SpanIds | undefined;
  /**
   * Runs `send` in a context where other instrumentations stay silent, and hands it the `traceparent` of the attempt
   * when propagation is on.
   */
  aroundAttempt<T>(call: CallOpening, attemptIndex: number, send: (traceparent: string | undefined) => T): T;
}
