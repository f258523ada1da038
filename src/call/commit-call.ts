import type { AnsweredAttempt } from './attempt';
import type { Call, CallParts } from './call';
import type { AnsweredCall } from './call-result';
import type { ReleaseSlot } from './connection-slots';
import { failedEnd, stoppedEnd } from './endings';
import type { CallLife } from './lifecycle';
import { openAnswer } from './open-answer';

/**
 * Accepts the response of the last attempt. No retry follows, because CometAPI may already bill this response.
 * An error response ends the call here; any other call ends with its body. The slot is released when the body closes.
 */
export function commitCall(
  call: Call,
  parts: CallParts,
  life: CallLife,
  attempt: AnsweredAttempt,
  release: ReleaseSlot,
): AnsweredCall {
  const { stop, observation } = life;
  const answer = openAnswer(call, parts, attempt, {
    onEnd(end, notes) {
      observation.note(notes);
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
    observation.closePrepared(parts.clock.nowMs());
    if (!call.limits.deadlineBoundsStream) {
      stop.liftDeadline();
    }
  }
  stop.signal.addEventListener(
    'abort',
    () => body.fail(stoppedEnd(stop.cause ?? 'deadline', 'body'), stop.signal.reason),
    { once: true },
  );
  return { kind: 'answer', answer, error: attempt.error, facts: () => observation.facts };
}
