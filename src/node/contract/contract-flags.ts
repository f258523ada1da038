import type { Command } from 'commander';
import type { DeclaredContract } from '../../records/contract-declared';
import type { ContractLedger } from '../../records/contract-ledger';
import type { CheckedFamily } from '../../records/minimal-request';
import { checkApproval } from '../checks/approval';
import { each, modelFlag, nameFlag, oneOf, runFlag, wholeNumberFlag } from '../cli/checked-flag';
import { usageError } from '../cli/cli-error';
import { type DeclaredFlags, DOCS_HELP } from '../cli/declared-flags';
import { DEFAULT_LEDGER } from './ledger-files';

/** Flags of the commands that send checks. */
export interface ContractFlags
  extends Pick<DeclaredFlags, 'docs' | 'note' | 'evidence' | 'command' | 'environment' | 'runId'> {
  readonly ledger: string;
  readonly family?: readonly ('chat' | 'responses')[] | undefined;
  readonly model?: string | undefined;
  readonly simulate?: true | undefined;
  readonly approvedBy?: string | undefined;
  readonly initials?: string | undefined;
  readonly oversize?: number | undefined;
  readonly from?: readonly string[] | undefined;
  /** A path, or `true` when only the flag was given. */
  readonly packet?: string | true | undefined;
}

export function addLedgerFlag(command: Command): Command {
  return command.option(
    '--ledger <file>',
    'the ledger; its page and the declared file stand beside it',
    DEFAULT_LEDGER,
  );
}

export function addContractFlags(command: Command): Command {
  return addLedgerFlag(command)
    .option(
      '--family <family>',
      'chat or responses (may be repeated; default: the endpoints of the declared file and, in a comparison, of the ledger; else chat)',
      each(oneOf('--family', ['chat', 'responses'])),
    )
    .option('--model <id>', 'model to ask', modelFlag('--model'))
    .option('--environment <name>', 'where it runs (default: as declared)', nameFlag('--environment'))
    .option('--docs <url@date>', DOCS_HELP, each(String))
    .option('--initials <initials>', 'of the operator (default: as declared)', nameFlag('--initials'))
    .option('--run-id <name>', 'the run it belongs to', runFlag('--run-id'))
    .option('--note <text>', 'a short note; secrets in it are removed')
    .option('--evidence <url|account>', 'where claims in the note come from')
    .option('--command <label>', 'name of the command that runs this, without its arguments')
    .option('--simulate', 'against a simulator of our own: no key, no network')
    .option('--approved-by <name>', 'who approved requests in production')
    .option(
      '--oversize <characters>',
      'send a payload of this size too; it may be billed when it is accepted',
      wholeNumberFlag('--oversize', 1, 33_554_432),
    )
    .option('--from <file>', 'record file of the service: how it calls (may be repeated)', each(String))
    .option('--packet [path]', 'write an incident packet when documentation and live behaviour disagree');
}

const FAMILIES: Readonly<Record<'chat' | 'responses', CheckedFamily>> = {
  chat: 'cometapi-text-chat',
  responses: 'cometapi-text-responses',
};
const FAMILY_OF_ROUTE: Readonly<Record<string, CheckedFamily>> = {
  '/v1/chat/completions': 'cometapi-text-chat',
  '/v1/responses': 'cometapi-text-responses',
};

/** What is checked, where, and with what. */
export interface CheckedContractPlan {
  readonly families: readonly CheckedFamily[];
  readonly model: string;
  readonly environmentName: string;
}

/**
 * @param committed what is compared with: where nobody chooses, its endpoints are checked
 * @throws CliError (64) naming what is missing
 */
export function contractPlan(
  flags: ContractFlags,
  declared: DeclaredContract,
  committed?: ContractLedger,
): CheckedContractPlan {
  const isSimulated = flags.simulate === true;
  const model = flags.model ?? (isSimulated ? 'simulated-model' : undefined);
  const environmentName = flags.environment ?? declared.environmentName ?? (isSimulated ? 'local' : undefined);
  if (model === undefined) {
    throw usageError('--model is missing: name the model to ask, or use --simulate.');
  }
  if (environmentName === undefined) {
    throw usageError('--environment is missing, and the declared file names no runtime_environment.');
  }
  checkApproval(environmentName, flags.approvedBy);
  const routes = [
    ...(declared.endpoints ?? []).map(({ route }) => route),
    ...(committed?.endpoints ?? []).map(({ method_and_path: path }) => path.replace(/^\S+ /, '')),
  ];
  const known = routes.map((route) => FAMILY_OF_ROUTE[route]).filter((family) => family !== undefined);
  const chosen = flags.family?.map((family) => FAMILIES[family]) ?? known;
  const families = [...new Set(chosen.length === 0 ? [FAMILIES.chat] : chosen)];
  return { families, model, environmentName };
}
