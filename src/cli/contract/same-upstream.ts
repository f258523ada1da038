import type { Upstream } from '../../facts/enums';
import type { ContractLedger } from '../../records/contract-ledger/contract-ledger';
import { type CliError, usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import type { ContractFlags } from './contract-flags';

/**
 * Refuses to compare or replace a ledger of another upstream. Runs before anything is sent. With a configured base URL,
 * the upstream is known only after the first response.
 *
 * @throws CliError (64)
 */
export function refuseOtherUpstream(committed: ContractLedger, flags: ContractFlags, { environment }: CliHost): void {
  const known = committed.environment.upstream;
  if (flags.simulate === true && known !== 'simulator') {
    throw otherUpstream(flags.ledger, known, 'simulator');
  }
  if (flags.simulate !== true && !environment['COMETAPI_BASE_URL']?.trim() && known !== 'cometapi') {
    throw otherUpstream(flags.ledger, known, 'cometapi');
  }
}

export function otherUpstream(ledger: string, before: Upstream, now: Upstream): CliError {
  return usageError(
    `${ledger} was recorded against ${before}, but the current target is ${now}. Pass another --ledger, or change the target with COMETAPI_BASE_URL or --simulate.`,
  );
}
