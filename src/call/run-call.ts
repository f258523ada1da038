import pRetry from 'p-retry';
import type { CallFacts } from '../facts/call-facts';
import { type CallEnd, CallObservation } from '../facts/observation';
import type { ErrorReading } from '../wire/read-error';
import type { Call, CallParts } from './call';
import { CallStop } from './call-stop';
import { wait } from './clock';
import type { ReleaseSlot } from './connection-slots';
import { createDecider } from './decide-next';
import { discardAttempt } from './discard-attempt';
import { attemptClosing, attemptNotes, failedEnd, stoppedEnd, UNCONFIGURED } from './endings';
import { type Answer, openAnswer } from './open-answer';
import { registerOpenCall } from './open-calls';
import { type AnsweredAttempt, type Attempt, isAnswered, runAttempt } from './run-attempt';

/** What came of a call: an answer whatever its status, or none. */
export type CallResult =
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      /** What an error answer told; `undefined` for a 2xx. */
      readonly error: ErrorReading | undefined;
      /** The facts, once the call has ended. */
      readonly facts: () => CallFacts | undefined;
    }
  | {
      readonly kind: 'failure';
      readonly facts: CallFacts;
      /** The caller's own reason, when the caller aborted. */
      readonly reason: unknown;
    };

/** Asks p-retry for another attempt; says what must be waited first. */
class AnotherAttempt extends Error {
  readonly delayMs: number;

  constructor(delayMs: number) {
    super('another attempt');
    this.delayMs = delayMs;
  }
}

/**
 * THE PATH of every call: queue, send, decide, write the decision down, obey.
 *
 * @throws CometAPIError when the key function gives no usable key; everything else is a result
 */
export async function runCall(call: Call, parts: CallParts): Promise<CallResult> {
  const { clock } = parts;
  const stop = new CallStop(call.signal, call.limits.deadlineMs, clock);
  const observation = new CallObservation(
    call.opening,
    parts.observers,
    () => parts.trace.spanIds(call.opening),
    clock.nowMs(),
  );
  let answer: Answer | undefined;
  let phase: 'queue' | 'wait' | 'headers' = 'queue';
  let delayMs = 0;
  const decideNext = createDecider(call, parts, stop);
  parts.budget?.deposit();

  const settle = (end: CallEnd): CallFacts => {
    stop.liftDeadline();
    forget();
    return observation.settle(end, { nowMs: clock.nowMs(), wallMs: clock.wallMs() });
  };
  const abandonAtExit = (): void => {
    answer?.body.abandon('process_exit');
    settle({ ending: 'abandoned', endingReason: 'process_exit', category: 'cancelled', phase });
  };
  const forget = registerOpenCall({ abandonAtExit });
  const failure = (end: CallEnd): CallResult => {
    stop.close();
    return { kind: 'failure', facts: settle(end), reason: stop.signal.reason };
  };

  const attemptOnce = async (index: number): Promise<CallResult> => {
    if (delayMs > 0) {
      phase = 'wait';
      await wait(clock, delayMs, stop.signal);
    }
    phase = 'queue';
    const release = await parts.slots.acquire(stop.signal);
    phase = 'headers';
    observation.openAttempt(clock.nowMs());
    const attempt = await runAttempt(call, parts, stop, index).catch((error: unknown) => {
      release();
      throw error;
    });
    if (stop.cause !== undefined) {
      discardAttempt(attempt, release);
      return failure(stoppedEnd(stop.cause, phase));
    }
    const decision = decideNext(attempt, index);
    const closing = attemptClosing(attempt, decision, call.method, parts.budget?.available());
    if (isAnswered(attempt)) {
      observation.note(attemptNotes(attempt, decision));
    }
    if (decision.because === 'success') {
      observation.prepareAttempt(closing);
    } else {
      observation.closeAttempt(closing, clock.nowMs());
    }
    if (decision.decision === 'retried') {
      discardAttempt(attempt, release);
      delayMs = decision.delayMs;
      throw new AnotherAttempt(delayMs);
    }
    return conclude(attempt, release);
  };

  const conclude = (attempt: Attempt, release: ReleaseSlot): CallResult => {
    if (!isAnswered(attempt)) {
      release();
      return failure(failedEnd(attempt.outcome));
    }
    answer = openAnswer(call, parts, attempt, {
      onEnd(end, notes) {
        observation.note(notes);
        settle(end);
      },
      onClosed() {
        stop.close();
        release();
      },
    });
    commit(attempt, answer);
    return { kind: 'answer', answer, error: attempt.error, facts: () => observation.facts };
  };

  /** The headers are there: no retry from here on. An error answer has ended the call; a body is still to come otherwise. */
  const commit = (attempt: AnsweredAttempt, { body, events }: Answer): void => {
    if (attempt.error !== undefined) {
      settle(failedEnd(attempt.outcome));
      return;
    }
    if (events !== undefined) {
      observation.closePrepared(clock.nowMs());
      if (!call.limits.deadlineBoundsStream) {
        stop.liftDeadline();
      }
    }
    stop.signal.addEventListener(
      'abort',
      () => body.fail(stoppedEnd(stop.cause ?? 'deadline', 'body'), stop.signal.reason),
      {
        once: true,
      },
    );
  };

  try {
    return await pRetry(attemptOnce, {
      retries: call.limits.policy.maxAttempts - 1,
      // The wait is ours, at the top of the next attempt, so that an abort ends it at once.
      minTimeout: 0,
      shouldRetry: ({ error }) => error instanceof AnotherAttempt,
    });
  } catch (error) {
    if (stop.cause !== undefined) {
      return failure(stoppedEnd(stop.cause, phase));
    }
    failure(UNCONFIGURED);
    throw error;
  }
}
