import type { CallFacts } from '../../facts/call-facts';
import type { ErrorCategory } from '../../facts/enums';
import type { Count, Milliseconds } from '../../facts/value-types';

/** Reasons for follow-up that concern the run, not a single call. */
export type RunReason = 'unreviewed_fallback' | 'assertion_not_met';

/** The retry settings of consecutive calls. */
export interface RetrySettings {
  readonly max_attempts: Count;
  readonly retry: CallFacts['settings']['retry'];
  readonly deadline_ms: Milliseconds;
  /** Number of consecutive calls with these settings. */
  readonly calls: Count;
}

/** Returns the retry settings in the order of the calls. Each change starts a new entry. */
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
 * Returns `unreviewed_fallback` if the model, the endpoint or the retry settings changed after a failure. Such a change
 * can make a run pass without a review. Ignores the failures that an error-path check expected.
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
    // Streams and JSON responses can have different deadlines.
    (before.stream === call.stream && old.deadlineMs !== now.deadlineMs)
  );
}

function sameRetries(one: Omit<RetrySettings, 'calls'>, other: Omit<RetrySettings, 'calls'>): boolean {
  return one.max_attempts === other.max_attempts && one.retry === other.retry && one.deadline_ms === other.deadline_ms;
}
