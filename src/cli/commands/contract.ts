import type { Command } from 'commander';
import type { Shell } from '../command-action';
import { registerContractCheck } from './contract-check';
import { registerContractDiff } from './contract-diff';
import { registerContractShow } from './contract-show';

export function registerContract(program: Command, shell: Shell): void {
  const contract = program
    .command('contract')
    .helpCommand(false)
    .description('check the documented contract of the endpoints that a service uses, and detect drift');
  registerContractCheck(contract, shell);
  registerContractDiff(contract, shell);
  registerContractShow(contract, shell);
}
