import type { Command } from 'commander';
import { renderContractLedger } from '../../records/contract-ledger/markdown';
import { CliError } from '../cli-error';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { addLedgerFlag } from '../contract/contract-flags';
import { DECLARED_TEMPLATE } from '../contract/declared-file';
import { ledgerPaths, readLedger } from '../contract/ledger-files';
import { EXIT, type ExitCode } from '../exit-code';
import { appendStepSummary } from '../output/github-actions';
import { sealed } from '../output/record-output';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';

interface ShowFlags {
  readonly ledger: string;
  readonly template?: true | undefined;
}

const EXAMPLES = `
Examples:
  cometapi-otel contract show
  cometapi-otel contract show --template > cometapi-contract.declared.json`;

export function registerContractShow(contract: Command, shell: Shell): void {
  const show = contract.command('show').description('print a ledger as tables');
  addLedgerFlag(show)
    .option('--template', 'print a NAME.declared.json to edit, instead of the ledger')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<ShowFlags>(shell, showLedger));
}

async function showLedger({ options, host, output }: Invocation<ShowFlags>): Promise<ExitCode> {
  if (options.template === true) {
    await output.result(JSON.stringify(DECLARED_TEMPLATE, undefined, 2));
    return EXIT.pass;
  }
  const ledger = await readLedger(ledgerPaths(options.ledger).ledger);
  if (ledger === undefined) {
    throw new CliError(`${options.ledger} does not exist. Create it with contract check.`);
  }
  // Anyone may have edited the file, so search it for secrets.
  const { record, markdown } = sealed(() => ledger, redactorFromEnvironment(host.environment), renderContractLedger);
  await (output.json ? output.object(record) : output.result(markdown));
  await appendStepSummary(markdown, host, output);
  return EXIT.pass;
}
