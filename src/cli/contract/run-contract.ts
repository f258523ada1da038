import type { ContractObservation } from '../../records/contract-ledger/contract-entry';
import type { ContractCheck } from '../../records/contract-ledger/contract-enums';
import type { CheckedFamily } from '../../records/shared/minimal-request';
import { outcomeOf } from '../../records/shared/outcome';
import type { CheckSession } from '../checks/check-session';
import { contractRequest, NEGATIVE_CHECKS } from './contract-requests';

export interface ContractPlan {
  readonly families: readonly CheckedFamily[];
  readonly model: string;
  /** UTC, `YYYY-MM-DD`. */
  readonly date: string;
  /** Length of the oversize payload, in characters. If absent, none is sent. */
  readonly oversize?: number | undefined;
}

/** The maximum number of requests. */
export function requestCount({ families, oversize }: ContractPlan): number {
  return families.length * (1 + NEGATIVE_CHECKS.length + (oversize === undefined ? 0 : 1));
}

/** Value of the `X-Request-ID` header. It finds the request in the logs of either side. */
export function contractRequestId(date: string, number: number): string {
  return `doc-contract-check-${date}-${String(number).padStart(3, '0')}`;
}

/**
 * Checks each endpoint once: sends the minimal request and, if it succeeds, the negative checks.
 *
 * @param tell called with a description of each step
 * @throws LeakFoundError if a sink contains a secret; no further request is sent
 */
export async function runContract(
  plan: ContractPlan,
  session: CheckSession,
  report: (step: string) => void,
): Promise<readonly ContractObservation[]> {
  const observations: ContractObservation[] = [];
  const send = async (family: CheckedFamily, check: Exclude<ContractCheck, 'observed_call'>): Promise<boolean> => {
    const requestId = contractRequestId(plan.date, observations.length + 1);
    const { model, oversize } = plan;
    const request = contractRequest(check, { family, model, requestId, prompt: session.prompt, oversize });
    const { facts, shape } = await session.send(request);
    observations.push({ facts, check, shape });
    report(`${family} ${check.replaceAll('_', ' ')}: status ${facts.status ?? 'none'}, ${facts.category}`);
    return outcomeOf(facts).resultClass === 'pass';
  };
  for (const family of plan.families) {
    const isAnswered = await send(family, 'minimum_payload');
    if (!isAnswered) {
      report(`${family}: the minimal request failed; negative checks skipped`);
      continue;
    }
    for (const check of [...NEGATIVE_CHECKS, ...(plan.oversize === undefined ? [] : (['oversize_payload'] as const))]) {
      await send(family, check);
    }
  }
  return observations;
}
