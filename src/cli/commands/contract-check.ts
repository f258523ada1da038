import { dirname } from 'node:path';
import type { Command } from 'commander';
import { type ContractLedger, mergeLedgers } from '../../records/contract-ledger/contract-ledger';
import { renderContractLedger } from '../../records/contract-ledger/markdown';
import { checkFolder } from '../checks/check-folder';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { checkContractLive } from '../contract/check-contract';
import { addContractFlags, type ContractFlags } from '../contract/contract-flags';
import { type Mismatch, writeContractPacket } from '../contract/contract-packet';
import { ledgerPaths, ledgerText, readLedger, writeLedger } from '../contract/ledger-files';
import { otherUpstream, refuseOtherUpstream } from '../contract/same-upstream';
import { EXIT, type ExitCode } from '../exit-code';
import { appendStepSummary } from '../output/github-actions';
import { sealed } from '../output/record-output';

export const EXIT_OF: Readonly<Record<ContractLedger['result_class'], ExitCode>> = {
  pass: EXIT.pass,
  fail: EXIT.fail,
  needs_follow_up: EXIT.needsFollowUp,
};

const EXAMPLES = `
Examples:
  cometapi-otel contract check --simulate
  cometapi-otel contract check --model MODEL --environment staging --initials AB \\
    --docs https://apidoc.cometapi.com/api/text/chat@2026-11-20 --from records.jsonl

Sends the documented minimal request to each endpoint, and then negative checks: requests that are wrong on purpose.
Writes the ledger (JSON, for you to commit) and its page (Markdown). They contain paths and types of fields, never
values. Your annotations belong in NAME.declared.json, which no command changes; contract show --template prints one to
edit. If a minimal request fails that succeeded before, the old ledger is kept.
Exit codes: 0 pass; 1 the key was rejected, a canary was found, or a file could not be read or written; 2 documentation
and live behaviour disagree, an answer was inconclusive, or (for CometAPI only) no documentation page is named.`;

export function registerContractCheck(contract: Command, shell: Shell): void {
  const check = contract.command('check').description('check the endpoints that a service uses, and write the ledger');
  addContractFlags(check).addHelpText('after', EXAMPLES).action(commandAction<ContractFlags>(shell, checkAndWrite));
}

async function checkAndWrite(invocation: Invocation<ContractFlags>): Promise<ExitCode> {
  const { options, host, output } = invocation;
  // Check this before sending: do not replace a file that is not a ledger, or a ledger of another upstream.
  const previous = await readLedger(ledgerPaths(options.ledger).ledger);
  if (previous !== undefined) {
    refuseOtherUpstream(previous, options, host);
  }
  await checkFolder(dirname(options.ledger));
  const result = await checkContractLive(invocation);
  const { record } = result.ledger;
  if (previous !== undefined && previous.environment.upstream !== record.environment.upstream) {
    throw otherUpstream(options.ledger, previous.environment.upstream, record.environment.upstream);
  }
  const merged = previous === undefined ? record : mergeLedgers(previous, record);
  const whole = sealed(() => merged, result.redactor, renderContractLedger);
  const lost = lostEndpoints(previous, record);
  if (lost.length > 0) {
    output.note(`${lost.join(', ')}: the minimal request failed, so ${result.paths.ledger} was not changed.`);
  } else {
    await writeLedger(result.paths, ledgerText(whole.record), whole.markdown);
    output.note(`Wrote ${result.paths.ledger} and ${result.paths.page}.`);
  }
  const mismatches = mismatchesOf(record);
  if (mismatches.length > 0 && options.packet !== undefined) {
    await writeContractPacket(result, mismatches, invocation);
  }
  await (output.json ? output.object(whole.record) : output.result(whole.markdown));
  await appendStepSummary(whole.markdown, host, output);
  output.note(`result: ${record.result_class}`);
  return EXIT_OF[record.result_class];
}

/** Endpoints that passed before and fail now. The new ledger would lose their shapes. */
function lostEndpoints(previous: ContractLedger | undefined, now: ContractLedger): readonly string[] {
  return now.endpoints
    .filter((entry) => entry.positive_check?.outcome !== 'passed')
    .map((entry) => entry.method_and_path)
    .filter((path) =>
      previous?.endpoints.some((old) => old.method_and_path === path && old.positive_check?.outcome === 'passed'),
    );
}

function mismatchesOf(ledger: ContractLedger): readonly Mismatch[] {
  return ledger.endpoints.flatMap(({ method_and_path: endpoint, disagreements }) =>
    disagreements.map((found) => ({ endpoint, ...found })),
  );
}
