import type { Command } from 'commander';
import type { Redactor } from '../../facts/redaction/redactor';
import {
  type ChangeTrigger,
  changeTriggers,
  newlyParsed,
  releaseChecklist,
} from '../../records/contract-ledger/change-triggers';
import { checkContract } from '../../records/contract-ledger/contract-annotations';
import { contractDrift, type Drift, outdatedDocumentation } from '../../records/contract-ledger/contract-drift';
import type { ContractLedger } from '../../records/contract-ledger/contract-ledger';
import { renderContractDiff } from '../../records/contract-ledger/markdown';
import { CliError } from '../cli-error';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { type ContractCheckResult, checkContractLive } from '../contract/check-contract';
import { addContractFlags, type ContractFlags } from '../contract/contract-flags';
import { writeContractPacket } from '../contract/contract-packet';
import { readDeclaredFile } from '../contract/declared-file';
import { ledgerPaths, readLedger } from '../contract/ledger-files';
import { readServiceUsage } from '../contract/read-service-usage';
import { otherUpstream, refuseOtherUpstream } from '../contract/same-upstream';
import { EXIT, type ExitCode } from '../exit-code';
import { wholeNumberFlag } from '../flags/checked-flag';
import { appendStepSummary } from '../output/github-actions';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';

interface DiffFlags extends ContractFlags {
  readonly maxAge?: number | undefined;
  readonly offline?: true | undefined;
}

const EXAMPLES = `
Examples:
  cometapi-otel contract diff --model MODEL --max-age 30 --from records.jsonl --packet
  cometapi-otel contract diff --offline --max-age 30 --from records.jsonl

Runs the checks again and compares them with the committed ledger. It does not change the ledger. It reports fields that
appeared, vanished or changed type; changed statuses and error shapes; documentation that was read too long ago; and
disagreements between documentation and live behaviour. With --from it also reports new behaviour of the service.
--offline sends nothing.
Exit codes: 0 no drift; 1 the key was rejected, or nothing could be compared; 2 drift, or an inconclusive answer.`;

export function registerContractDiff(contract: Command, shell: Shell): void {
  const diff = contract.command('diff').description('compare live behaviour with the committed ledger, for CI');
  addContractFlags(diff)
    .option(
      '--max-age <days>',
      'maximum age of the documentation check, in days',
      wholeNumberFlag('--max-age', 0, 3_650),
    )
    .option('--offline', 'compare dates and records only; send nothing')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<DiffFlags>(shell, diffContract));
}

async function diffContract(invocation: Invocation<DiffFlags>): Promise<ExitCode> {
  const { options, host, output } = invocation;
  const redactor = redactorFromEnvironment(host.environment);
  const committed = await committedLedger(invocation);
  const triggers = await triggersOf(committed, invocation, redactor);
  const live = options.offline === true ? undefined : await checkContractLive(invocation, committed);
  const drift = live === undefined ? outdated(committed, invocation) : driftOf(committed, live, invocation);
  const result = live?.ledger.record.result_class ?? 'pass';
  if (live !== undefined && drift.length > 0 && options.packet !== undefined) {
    await writeContractPacket(
      live,
      drift.map((one) => ({ ...one, what: one.kind })),
      invocation,
    );
  }
  const isDrift = drift.length + triggers.length > 0;
  const exit = exitOf(result, isDrift);
  const checklist = releaseChecklist(options.from !== undefined);
  const markdown = renderContractDiff(drift, triggers, checklist);
  // The page contains only fixed texts, labels and field paths. Search it for secrets anyway.
  if ((live?.redactor ?? redactor).containsSecret(markdown)) {
    throw new CliError('The comparison contains an active secret. Nothing was printed.');
  }
  await (output.json
    ? output.object({ drift, triggers, release_checklist: checklist, result_class: resultValue(exit) })
    : output.result(markdown));
  await appendStepSummary(markdown, host, output);
  output.note(
    `result: ${resultValue(exit)}, signs of drift: ${drift.length}, changes of the service: ${triggers.length}`,
  );
  return exit;
}

async function committedLedger({ options, host }: Invocation<DiffFlags>): Promise<ContractLedger> {
  const { ledger } = options;
  const committed = await readLedger(ledgerPaths(ledger).ledger);
  if (committed === undefined) {
    throw new CliError(`${ledger} does not exist. Create it with contract check, and commit it.`);
  }
  if (options.offline !== true) {
    refuseOtherUpstream(committed, options, host);
  }
  return committed;
}

async function triggersOf(
  committed: ContractLedger,
  { options, output }: Invocation<DiffFlags>,
  redactor: Redactor,
): Promise<readonly ChangeTrigger[]> {
  const annotations = await readDeclaredFile(ledgerPaths(options.ledger).annotations, redactor);
  const parsed = [...checkContract(annotations, redactor).endpoints].map(
    ([route, endpoint]) => [route, endpoint.parsedResponseFields] as const,
  );
  const ofRecords =
    options.from === undefined
      ? []
      : changeTriggers(
          committed,
          readServiceUsage(options.from, redactor, (remark) => output.note(remark)),
        );
  return [...newlyParsed(committed, new Map(parsed)), ...ofRecords];
}

function outdated(committed: ContractLedger, { options, host }: Invocation<DiffFlags>): readonly Drift[] {
  const { maxAge } = options;
  return committed.endpoints.flatMap((entry) =>
    outdatedDocumentation(entry, { wallMs: host.now(), maxAgeDays: maxAge }),
  );
}

function driftOf(
  committed: ContractLedger,
  { ledger }: ContractCheckResult,
  { options, host }: Invocation<DiffFlags>,
): readonly Drift[] {
  if (committed.environment.upstream !== ledger.record.environment.upstream) {
    throw otherUpstream(options.ledger, committed.environment.upstream, ledger.record.environment.upstream);
  }
  return contractDrift(committed, ledger.record, { wallMs: host.now(), maxAgeDays: options.maxAge });
}

function exitOf(result: ContractLedger['result_class'], isDrift: boolean): ExitCode {
  if (result === 'fail') {
    return EXIT.fail;
  }
  return isDrift || result === 'needs_follow_up' ? EXIT.needsFollowUp : EXIT.pass;
}

function resultValue(exit: ExitCode): ContractLedger['result_class'] {
  return exit === EXIT.pass ? 'pass' : exit === EXIT.needsFollowUp ? 'needs_follow_up' : 'fail';
}
