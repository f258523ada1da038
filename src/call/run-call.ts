import pRetry from 'p-retry';
import type { Call, CallParts } from './call';
import { CallLife } from './call-life';
import type { CallResult } from './call-result';
import { wait } from './clock';
import { commitCall } from './commit-call';
import { type ReleaseSlot, takeSlot } from './connection-slots';
import { createDecider } from './decide-next';
import { discardAttempt } from './discard-attempt';
import { failedEnd, UNCONFIGURED } from './endings';
import { isAnswered, runAttempt } from './run-attempt';

/** Asks p-retry for another attempt. */
class AnotherAttempt extends Error {}

/**
 * THE PATH of every call: wait, queue, send, decide, write the decision down, obey.
 *
 * @throws CometAPIError when the key function gives no usable key; everything else is a result
 */
export async function runCall(call: Call, parts: CallParts): Promise<CallResult> {
  const { clock, slots, budget } = parts;
  const life = new CallLife(call, parts);
  const { stop } = life;
  const decideNext = createDecider(call, parts, stop);
  let delayMs = 0;
  let release: ReleaseSlot | undefined;
  budget?.deposit();

  const attemptOnce = async (index: number): Promise<CallResult> => {
    if (delayMs > 0) {
      life.phase = 'wait';
      await wait(clock, delayMs, stop.signal);
    }
    life.phase = 'queue';
    const slot = takeSlot(slots, clock, stop.signal, call.limits.deadlineMs);
    release = slot instanceof Promise ? await slot : slot;
    life.openAttempt();
    const attempt = await runAttempt(call, parts, stop, index);
    if (stop.cause !== undefined) {
      discardAttempt(attempt, release);
      return life.stopped(stop.cause);
    }
    const decision = decideNext(attempt, index);
    life.writeDown(attempt, decision);
    if (decision.decision === 'retried') {
      discardAttempt(attempt, release);
      delayMs = decision.delayMs;
      throw new AnotherAttempt();
    }
    if (!isAnswered(attempt)) {
      release();
      return life.fail(failedEnd(attempt.outcome));
    }
    return commitCall(call, parts, life, attempt, release);
  };

  /** Most calls are answered at once, and need nobody to repeat them. */
  const attemptAgain = (error: unknown): Promise<CallResult> => {
    if (!(error instanceof AnotherAttempt)) {
      throw error;
    }
    return pRetry((index) => attemptOnce(index + 1), {
      retries: call.limits.policy.maxAttempts - 2,
      // The wait is ours, at the top of the next attempt, so that an abort ends it at once.
      minTimeout: 0,
      shouldRetry: ({ error: next }) => next instanceof AnotherAttempt,
    });
  };

  try {
    return await attemptOnce(1).catch(attemptAgain);
  } catch (error) {
    release?.();
    if (stop.cause !== undefined) {
      return life.stopped(stop.cause);
    }
    life.fail(UNCONFIGURED);
    throw error;
  }
}
