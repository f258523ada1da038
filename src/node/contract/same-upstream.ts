import type { Upstream } from '../../facts/words';
import type { ContractLedger } from '../../records/contract-ledger';
import { type CliError, usageError } from '../cli/cli-error';
import type { CliHost } from '../cli/cli-host';
import type { ContractFlags } from './contract-flags';

/**
 * Before anything is sent: a ledger made elsewhere is neither compared nor replaced. A configured base URL may lead
 * anywhere; what it was is known after the first answer.
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
    `${ledger} was made against ${before}, and this would be against ${now}: name another --ledger, or go where it was made.`,
  );
}
