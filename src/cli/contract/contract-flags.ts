import type { Command } from 'commander';
import type { ContractAnnotations } from '../../records/contract-ledger/contract-annotations';
import type { ContractLedger } from '../../records/contract-ledger/contract-ledger';
import {
  CHECKED_FAMILIES,
  CHECKED_NAMES,
  type CheckedFamily,
  type CheckedName,
  checkedFamily,
} from '../../records/shared/minimal-request';
import { checkApproval } from '../checks/approval';
import { usageError } from '../cli-error';
import { type AnnotationFlags, DOCS_HELP } from '../flags/annotation-flags';
import { each, modelFlag, nameFlag, oneOf, runFlag, wholeNumberFlag } from '../flags/checked-flag';
import { DEFAULT_LEDGER } from './ledger-files';

/** Flags of the commands that send checks. */
export interface ContractFlags
  extends Pick<AnnotationFlags, 'docs' | 'note' | 'evidence' | 'command' | 'environment' | 'runId'> {
  readonly ledger: string;
  readonly family?: readonly CheckedName[] | undefined;
  readonly model?: string | undefined;
  readonly simulate?: true | undefined;
  readonly approvedBy?: string | undefined;
  readonly initials?: string | undefined;
  readonly oversize?: number | undefined;
  readonly from?: readonly string[] | undefined;
  /** A path, or `true` if the flag has no value. */
  readonly packet?: string | true | undefined;
}

export function addLedgerFlag(command: Command): Command {
  return command.option(
    '--ledger <file>',
    'ledger file; its page and the declared file are in the same directory',
    DEFAULT_LEDGER,
  );
}

export function addContractFlags(command: Command): Command {
  return addLedgerFlag(command)
    .option(
      '--family <family>',
      'chat or responses (repeatable; default: the endpoints of the declared file and, in a diff, of the ledger; else chat)',
      each(oneOf('--family', CHECKED_NAMES)),
    )
    .option('--model <id>', 'model to send in requests', modelFlag('--model'))
    .option('--environment <name>', 'environment name (default: from the declared file)', nameFlag('--environment'))
    .option('--docs <url@date>', DOCS_HELP, each(String))
    .option('--initials <initials>', "operator's initials (default: from the declared file)", nameFlag('--initials'))
    .option('--run-id <name>', 'run id in the records', runFlag('--run-id'))
    .option('--note <text>', 'short note; secrets in it are redacted')
    .option('--evidence <url|account>', 'source of claims in the note')
    .option('--command <label>', 'name of the command that runs this check, without arguments')
    .option('--simulate', 'use the built-in simulator: no key, no network')
    .option('--approved-by <name>', 'person who approved requests in production')
    .option(
      '--oversize <characters>',
      'also send a payload of this size; it may be billed if accepted',
      wholeNumberFlag('--oversize', 1, 33_554_432),
    )
    .option('--from <file>', 'record file of the service, to list the fields it uses (repeatable)', each(String))
    .option('--packet [path]', 'write an incident packet if documentation and live behaviour disagree');
}

/** The endpoints, model and environment of a check. */
export interface CheckedContractPlan {
  readonly families: readonly CheckedFamily[];
  readonly model: string;
  readonly environmentName: string;
}

/**
 * @param committed the ledger to compare with; its endpoints are checked if no flag selects others
 * @throws CliError (64) that names the missing flag
 */
export function contractPlan(
  flags: ContractFlags,
  annotations: ContractAnnotations,
  committed?: ContractLedger,
): CheckedContractPlan {
  const isSimulated = flags.simulate === true;
  const model = flags.model ?? (isSimulated ? 'simulated-model' : undefined);
  const environmentName = flags.environment ?? annotations.environmentName ?? (isSimulated ? 'local' : undefined);
  if (model === undefined) {
    throw usageError('--model is missing. Name a model, or use --simulate.');
  }
  if (environmentName === undefined) {
    throw usageError('--environment is missing. Pass it, or set runtime_environment in the declared file.');
  }
  checkApproval(environmentName, flags.approvedBy);
  const routes = [
    ...(annotations.endpoints ?? []).map(({ route }) => route),
    ...(committed?.endpoints ?? []).map(({ method_and_path: path }) => path.replace(/^\S+ /, '')),
  ];
  const chosen = (flags.family ?? routes).map(checkedFamily).filter((family) => family !== undefined);
  const families = chosen.length === 0 ? [CHECKED_FAMILIES[0]] : [...new Set(chosen)];
  return { families, model, environmentName };
}
