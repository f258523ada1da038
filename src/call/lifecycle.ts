import type { CallFacts } from '../facts/call-facts';
import { type CallEnd, CallRecorder } from '../facts/call-recorder';
import type { RetryDecision } from '../retry/decide';
import type { MonitoredBody } from '../wire/body/monitored-body';
import { type Attempt, isAnswered } from './attempt';
import type { Call, CallParts } from './call';
import { type AbortCause, CallAbort } from './call-abort';
import { abortedEnd, attemptClosing, attemptNotes } from './endings';

/** The result of a call without a response. */
export interface FailedCall {
  readonly kind: 'failure';
  readonly facts: CallFacts;
  /** The abort reason that the caller passed; otherwise the timeout error or `undefined`. */
  readonly reason: unknown;
}

/** The state of one call from its start to its single ending: its abort, its phase, and its recorded facts. */
export class CallLifecycle {
  readonly stop: CallAbort;
  readonly recorder: CallRecorder;
  /** The current phase, up to the response headers. */
  phase: 'queue' | 'wait' | 'headers' = 'queue';
  /** The response body, once the call has a response. */
  body: MonitoredBody | undefined;
  readonly #call: Call;
  readonly #parts: CallParts;
  readonly #forget: () => void;

  constructor(call: Call, parts: CallParts) {
    this.#call = call;
    this.#parts = parts;
    const { clock, observers, trace } = parts;
    this.stop = new CallAbort(call.signal, call.limits.deadlineMs, clock);
    this.recorder = new CallRecorder(call.opening, observers, () => trace.spanIds(call.opening), clock.nowMs());
    this.#forget = registerOpenCall({ abandonAtExit: () => this.#abandonAtExit() });
  }

  openAttempt(): void {
    this.phase = 'headers';
    this.recorder.openAttempt(this.#parts.clock.nowMs());
  }

  /**
   * Records a decision and ends its attempt. Call this before acting on the decision.
   * The attempt of a successful response stays open: `acceptResponse` or the end of the body closes it.
   */
  recordDecision(attempt: Attempt, decision: RetryDecision): void {
    const { clock, budget } = this.#parts;
    const closing = attemptClosing(attempt, decision, this.#call.method, budget?.available());
    if (isAnswered(attempt)) {
      this.recorder.addResponseFacts(attemptNotes(attempt, decision));
    }
    if (decision.because === 'success') {
      this.recorder.prepareAttempt(closing);
    } else {
      this.recorder.closeAttempt(closing, clock.nowMs());
    }
  }

  /** Ends the call and returns its facts. Only the first ending counts. */
  settle(end: CallEnd): CallFacts {
    const { clock } = this.#parts;
    this.stop.liftDeadline();
    this.#forget();
    return this.recorder.settle(end, { nowMs: clock.nowMs(), wallMs: clock.wallMs() });
  }

  /** Ends a call that has no response. */
  fail(end: CallEnd): FailedCall {
    this.stop.close();
    return { kind: 'failure', facts: this.settle(end), reason: this.stop.signal.reason };
  }

  /** Ends a call that the caller or the deadline stopped. */
  stopped(cause: AbortCause): FailedCall {
    return this.fail(abortedEnd(cause, this.phase));
  }

  #abandonAtExit(): void {
    this.body?.abandon('process_exit');
    this.settle({ ending: 'abandoned', endingReason: 'process_exit', category: 'cancelled', phase: this.phase });
  }
}

/** A call that may still be open when the process exits. */
export interface OpenCall {
  /** Ends the call as abandoned, synchronously. */
  abandonAtExit(): void;
}

/**
 * References a call only while it is open. When a Set grows, V8 keeps the old table until the next full collection.
 * That table then keeps empty entries in memory, not calls with their requests and responses.
 */
interface Entry {
  call: OpenCall | undefined;
}

const open = new Set<Entry>();
let isListening = false;

/**
 * Registers an open call. If the process exits first, the call ends as abandoned and its record is written.
 *
 * @returns a function that removes the call again
 */
export function registerOpenCall(call: OpenCall): () => void {
  if (!isListening) {
    isListening = true;
    // Browsers and workers have no `process`. An exit listener does not keep the process alive.
    globalThis.process?.on?.('exit', () => {
      for (const left of open) {
        left.call?.abandonAtExit();
      }
    });
  }
  const entry: Entry = { call };
  open.add(entry);
  return () => {
    open.delete(entry);
    entry.call = undefined;
  };
}
