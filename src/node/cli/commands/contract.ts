import type { Command } from 'commander';
import type { Shell } from '../command-action';
import { registerContractCheck } from './contract-check';
import { registerContractDiff } from './contract-diff';
import { registerContractShow } from './contract-show';

export function registerContract(program: Command, shell: Shell): void {
  const contract = program
    .command('contract')
    .helpCommand(false)
    .description('the documented contract of each endpoint a service depends on: check it, and see it drift');
  registerContractCheck(contract, shell);
  registerContractDiff(contract, shell);
  registerContractShow(contract, shell);
}
