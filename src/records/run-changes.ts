import type { CallFacts } from '../facts/call-facts';
import type { ErrorCategory } from '../facts/words';

/** Why a run needs a person's look although its calls do not. */
export type RunReason = 'unreviewed_fallback' | 'assertion_not_met';

/** The retry settings of consecutive calls. */
export interface RetrySettings {
  readonly max_attempts: number;
  readonly retry: CallFacts['settings']['retry'];
  readonly deadline_ms: number;
  /** Calls in a row that had them. */
  readonly calls: number;
}

/** Retry settings in the order in which calls used them, each change a new entry. */
export function retrySettingsInOrder(calls: readonly CallFacts[]): readonly RetrySettings[] {
  const inOrder: RetrySettings[] = [];
  for (const { settings } of calls) {
    const next = { max_attempts: settings.maxAttempts, retry: settings.retry, deadline_ms: settings.deadlineMs };
    const last = inOrder.at(-1);
    if (last !== undefined && sameRetries(last, next)) {
      inOrder[inOrder.length - 1] = { ...last, calls: last.calls + 1 };
    } else {
      inOrder.push({ ...next, calls: 1 });
    }
  }
  return inOrder;
}

/**
 * A model, an interface or retries that changed after a failure, to make a run pass (seeds, "Unreviewed fallback").
 * A failure that a deliberate check expected is none.
 */
export function reviewReasons(
  calls: readonly CallFacts[],
  expected: ReadonlyMap<string, ErrorCategory>,
): readonly RunReason[] {
  let hasFailed = false;
  let before: CallFacts | undefined;
  for (const call of calls) {
    if (expected.has(call.callId)) {
      continue;
    }
    if (hasFailed && before !== undefined && changed(before, call)) {
      return ['unreviewed_fallback'];
    }
    hasFailed ||= call.ending === 'failed';
    before = call;
  }
  return [];
}

function changed(before: CallFacts, call: CallFacts): boolean {
  const [old, now] = [before.settings, call.settings];
  return (
    before.request.model !== call.request.model ||
    before.family !== call.family ||
    old.maxAttempts !== now.maxAttempts ||
    old.retry !== now.retry ||
    // The deadline of a stream may be another than that of a whole answer.
    (before.stream === call.stream && old.deadlineMs !== now.deadlineMs)
  );
}

function sameRetries(one: Omit<RetrySettings, 'calls'>, other: Omit<RetrySettings, 'calls'>): boolean {
  return one.max_attempts === other.max_attempts && one.retry === other.retry && one.deadline_ms === other.deadline_ms;
}
