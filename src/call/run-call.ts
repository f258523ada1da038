import pRetry from 'p-retry';
import { acceptResponse, type CallResult, discardAttempt } from './accept-response';
import { isAnswered, runAttempt } from './attempt';
import { type ReleaseSlot, takeSlot } from './bounds/connection-slots';
import type { Call, CallParts } from './call';
import { wait } from './clock';
import { createDecider } from './decide-next';
import { failedEnd, UNCONFIGURED } from './endings';
import { CallLifecycle } from './lifecycle';

/** Makes p-retry start another attempt. Never leaves this file. */
class AnotherAttempt extends Error {}

/**
 * Runs one call from its first attempt to its response. Every call of every entry point takes this path.
 *
 * Each attempt does the same steps in the same order:
 * 1. Wait the delay of the previous decision (none before the first attempt).
 * 2. Take a connection slot, or queue for one.
 * 3. Send the request and read the response headers (`attempt.ts`).
 * 4. Decide what follows (`retry/decide.ts`, a pure function).
 * 5. Record the decision.
 * 6. Act on it: retry, fail, or return the response.
 *
 * The caller's abort and the deadline share one signal (`call-abort.ts`), which ends any step.
 *
 * @returns the response with its body unread, for any HTTP status, or the failure
 * @throws CometAPIError if the `apiKey` function returns no usable key
 */
export async function runCall(call: Call, parts: CallParts): Promise<CallResult> {
  const { clock, slots, budget } = parts;
  const life = new CallLifecycle(call, parts);
  const { stop } = life;
  const decideNext = createDecider(call, parts, stop);
  let delayMs = 0;
  let release: ReleaseSlot | undefined;
  // Each call earns a fraction of a retry (0.1 tokens by default), so retries stay a small share of the traffic.
  budget?.deposit();

  const attemptOnce = async (index: number): Promise<CallResult> => {
    // If an abort or the deadline ends the call, its record contains this phase.
    if (delayMs > 0) {
      life.phase = 'wait';
      await wait(clock, delayMs, stop.signal);
    }
    life.phase = 'queue';
    // `takeSlot` returns a free slot without a promise. Only a queued call waits here.
    const slot = takeSlot(slots, clock, stop.signal, call.limits.deadlineMs);
    release = slot instanceof Promise ? await slot : slot;
    life.openAttempt();
    const attempt = await runAttempt(call, parts, stop, index);
    if (stop.cause !== undefined) {
      // The caller aborted, or the deadline passed, while the attempt ran. Even a complete response no longer counts.
      discardAttempt(attempt, release);
      return life.stopped(stop.cause);
    }
    const decision = decideNext(attempt, index);
    // Observers receive the decision before the wait starts, so spans and records show why a call waits.
    life.recordDecision(attempt, decision);
    if (decision.decision === 'retried') {
      // Free the connection before the wait: other calls can use it.
      discardAttempt(attempt, release);
      delayMs = decision.delayMs;
      throw new AnotherAttempt();
    }
    if (!isAnswered(attempt)) {
      release();
      return life.fail(failedEnd(attempt.outcome));
    }
    // The commit point: no attempt follows. After a success status, a second attempt would be billed again
    // (docs/decisions/0007-no-retry-after-a-success-status.md). The slot is released when the body closes.
    return acceptResponse(call, parts, life, attempt, release);
  };

  // p-retry starts with the second attempt, because most calls need only one.
  const attemptAgain = (error: unknown): Promise<CallResult> => {
    if (!(error instanceof AnotherAttempt)) {
      throw error;
    }
    return pRetry((index) => attemptOnce(index + 1), {
      // p-retry runs attempt 2 and then up to `retries` more.
      retries: call.limits.policy.maxAttempts - 2,
      // No wait in p-retry: `attemptOnce` waits, and its wait ends at once on an abort.
      minTimeout: 0,
      shouldRetry: ({ error: next }) => next instanceof AnotherAttempt,
    });
  };

  try {
    return await attemptOnce(1).catch(attemptAgain);
  } catch (error) {
    // Releasing twice is harmless.
    release?.();
    if (stop.cause !== undefined) {
      // The wait or the queue throws on an abort or at the deadline.
      return life.stopped(stop.cause);
    }
    // The only other error comes from the `apiKey` function. The call still ends once, with a record.
    life.fail(UNCONFIGURED);
    throw error;
  }
}
