import type { AnsweredAttempt } from './attempt';
import type { Call, CallParts } from './call';
import type { AnsweredCall } from './call-result';
import type { ReleaseSlot } from './connection-slots';
import { abortedEnd, failedEnd } from './endings';
import type { CallLifecycle } from './lifecycle';
import { monitorBody } from './open-answer';

/**
 * Accepts the response of the last attempt. No retry follows, because CometAPI may already bill this response.
 * An error response ends the call here; any other call ends with its body. The slot is released when the body closes.
 */
export function acceptResponse(
  call: Call,
  parts: CallParts,
  life: CallLifecycle,
  attempt: AnsweredAttempt,
  release: ReleaseSlot,
): AnsweredCall {
  const { stop, recorder } = life;
  const answer = monitorBody(call, parts, attempt, {
    onEnd(end, notes) {
      recorder.addResponseFacts(notes);
      life.settle(end);
    },
    onClosed() {
      stop.close();
      release();
    },
  });
  const { body, events } = answer;
  life.body = body;
  if (attempt.error !== undefined) {
    life.settle(failedEnd(attempt.outcome));
  } else if (events !== undefined) {
    recorder.closePrepared(parts.clock.nowMs());
    if (!call.limits.deadlineBoundsStream) {
      stop.liftDeadline();
    }
  }
  stop.signal.addEventListener(
    'abort',
    () => body.fail(abortedEnd(stop.cause ?? 'deadline', 'body'), stop.signal.reason),
    { once: true },
  );
  return { kind: 'answer', answer, error: attempt.error, facts: () => recorder.facts };
}
