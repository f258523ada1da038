import type { CallFacts } from '../facts/call-facts';
import { type CallEnd, CallObservation } from '../facts/observation';
import type { RetryDecision } from '../retry/decide';
import type { WatchedBody } from '../wire/watch-body';
import type { Call, CallParts } from './call';
import type { FailedCall } from './call-result';
import { CallStop, type StopCause } from './call-stop';
import { attemptClosing, attemptNotes, stoppedEnd } from './endings';
import { registerOpenCall } from './open-calls';
import { type Attempt, isAnswered } from './run-attempt';

/** One call from its opening to its one ending: who may stop it, where it is, and what is written down of it. */
export class CallLife {
  readonly stop: CallStop;
  readonly observation: CallObservation;
  /** Where the call is before it has an answer. */
  phase: 'queue' | 'wait' | 'headers' = 'queue';
  /** The answer's body, once there is one. */
  body: WatchedBody | undefined;
  readonly #call: Call;
  readonly #parts: CallParts;
  readonly #forget: () => void;

  constructor(call: Call, parts: CallParts) {
    this.#call = call;
    this.#parts = parts;
    const { clock, observers, trace } = parts;
    this.stop = new CallStop(call.signal, call.limits.deadlineMs, clock);
    this.observation = new CallObservation(call.opening, observers, () => trace.spanIds(call.opening), clock.nowMs());
    this.#forget = registerOpenCall({ abandonAtExit: () => this.#abandonAtExit() });
  }

  openAttempt(): void {
    this.phase = 'headers';
    this.observation.openAttempt(this.#parts.clock.nowMs());
  }

  /** Writes a decision down before it is obeyed. The attempt that answers stays open for its body. */
  writeDown(attempt: Attempt, decision: RetryDecision): void {
    const { clock, budget } = this.#parts;
    const closing = attemptClosing(attempt, decision, this.#call.method, budget?.available());
    if (isAnswered(attempt)) {
      this.observation.note(attemptNotes(attempt, decision));
    }
    if (decision.because === 'success') {
      this.observation.prepareAttempt(closing);
    } else {
      this.observation.closeAttempt(closing, clock.nowMs());
    }
  }

  /** Only the first ending counts. */
  settle(end: CallEnd): CallFacts {
    const { clock } = this.#parts;
    this.stop.liftDeadline();
    this.#forget();
    return this.observation.settle(end, { nowMs: clock.nowMs(), wallMs: clock.wallMs() });
  }

  /** Ends a call that has no answer. */
  fail(end: CallEnd): FailedCall {
    this.stop.close();
    return { kind: 'failure', facts: this.settle(end), reason: this.stop.signal.reason };
  }

  /** Ends a call that was stopped from above. */
  stopped(cause: StopCause): FailedCall {
    return this.fail(stoppedEnd(cause, this.phase));
  }

  #abandonAtExit(): void {
    this.body?.abandon('process_exit');
    this.settle({ ending: 'abandoned', endingReason: 'process_exit', category: 'cancelled', phase: this.phase });
  }
}
