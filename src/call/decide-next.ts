import { decide, type RetryDecision } from '../retry/decide';
import { type Attempt, isAnswered } from './attempt';
import type { Call, CallParts } from './call';
import type { CallAbort } from './call-abort';

/** Supplies {@link decide} with the time left, the budget and a random number. Withdraws the cost of each retry. */
export function createDecider(
  call: Call,
  { clock, randomSource, budget }: CallParts,
  stop: CallAbort,
): (attempt: Attempt, index: number) => RetryDecision {
  let dnsFailedBefore = false;
  return (attempt, index) => {
    const { outcome } = attempt;
    const decision = decide(
      call.limits.policy,
      {
        attempt: index,
        leftMs: stop.deadlineAtMs - clock.nowMs(),
        retryAfterMs: isAnswered(attempt) ? attempt.retryAfterMs : undefined,
        replayable: call.replayable,
        clientRetries: call.clientRetries,
        dnsFailedBefore,
        budget: budget?.available(),
        random: randomSource.random(),
      },
      outcome,
    );
    if (decision.decision === 'retried') {
      budget?.withdraw(decision.budgetCost);
    } else if (decision.because === 'retry_budget_empty') {
      budget?.deny();
    }
    dnsFailedBefore ||= outcome.kind === 'failure' && outcome.cause === 'dns';
    return decision;
  };
}
