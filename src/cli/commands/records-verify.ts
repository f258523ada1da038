import type { Command } from 'commander';
import { markdownTable, markdownText } from '../../records/shared/markdown';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { appendStepSummary } from '../output/github-actions';
import type { Output } from '../output/output';
import { PROBLEMS, type RecordProblem } from '../reading/record-problems';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import type { VerifiedRecords } from '../reading/verify-records';

const EXIT_OF = { pass: EXIT.pass, fail: EXIT.fail, needs_follow_up: EXIT.needsFollowUp } as const;

const EXAMPLES = `
Example:
  cometapi-otel records verify records.jsonl

Checks every line for invalid fields and secrets, and the file for damaged, missing and duplicate lines. Secrets are the
values of COMETAPI_API_KEY, COMETAPI_KEY and COMETAPI_GATEWAY_TOKEN, and any text with the shape of a key. The command
reports the place of a problem, never the text.
Exit codes: 0 no problem, 1 at least one failure, 2 at least one problem that a person must review.`;

export function registerRecordsVerify(records: Command, shell: Shell): void {
  records
    .command('verify')
    .argument('<files...>', 'record files')
    .description('check record files for invalid, damaged, missing and duplicate lines, and for secrets')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<object>(shell, verify));
}

async function verify({ operands, host, output }: Invocation<object>): Promise<ExitCode> {
  const redactor = redactorFromEnvironment(host.environment);
  // Loads the schemas (190 KB), which the other commands of this module do not need.
  const { verifyRecords } = await import('../reading/verify-records');
  const verified = verifyRecords(operands, redactor);
  const { problems } = verified;
  if (output.json) {
    await output.object({
      result: problems.result,
      calls: verified.calls,
      other_records: verified.otherRecords,
      calls_not_checked_for_secrets: verified.notChecked,
      live_secrets_known: redactor.secretCount,
      problem_counts: problems.counts,
      problems: problems.first,
    });
  } else {
    await output.result(
      [...problems.first.map((problem) => problemLine(problem, output)), ...rest(verified)].join('\n'),
    );
  }
  if (!output.json && !output.quiet) {
    await output.result(summary(verified, redactor.secretCount, output));
  }
  await appendStepSummary(markdown(verified, redactor.secretCount), host, output);
  return EXIT_OF[problems.result];
}

function problemLine(problem: RecordProblem, { paint }: Output): string {
  const [meaning, text] = PROBLEMS[problem.kind];
  const place = problem.line === 0 ? problem.path : `${problem.path}:${problem.line}`;
  const mark = meaning === 'fail' ? paint('red', 'fail') : paint('yellow', 'look');
  return `${mark}  ${place}  ${problem.kind}: ${text}${problem.detail === null ? '' : ` (${problem.detail})`}`;
}

/** Reports how many problems of each kind are not listed. */
function rest({ problems }: VerifiedRecords): readonly string[] {
  return Object.entries(problems.counts).flatMap(([kind, count]) => {
    const listed = problems.first.filter((problem) => problem.kind === kind).length;
    return count > listed ? [`      and ${count - listed} more: ${kind}`] : [];
  });
}

function summary(verified: VerifiedRecords, secretCount: number, { paint }: Output): string {
  const { problems } = verified;
  const colour = { pass: 'green', fail: 'red', needs_follow_up: 'yellow' } as const;
  return `${paint(colour[problems.result], problems.result)}: ${sentence(verified, secretCount)}`;
}

function sentence({ calls, otherRecords, notChecked, problems }: VerifiedRecords, secretCount: number): string {
  const secrets =
    secretCount === 0
      ? 'The environment contains no key, so secrets were searched by shape only.'
      : `Secrets were searched by shape, and ${secretCount} by value.`;
  const unchecked = notChecked === 0 ? '' : ` ${notChecked} calls were recorded without a check for secrets.`;
  return `${calls} calls, ${otherRecords} other records, ${problems.total} problems. ${secrets}${unchecked}`;
}

function markdown(verified: VerifiedRecords, secretCount: number): string {
  const rows = verified.problems.first.map(({ path, line, kind, detail }) => [
    markdownText(line === 0 ? path : `${path}:${line}`),
    kind,
    `${PROBLEMS[kind][1]}${detail === null ? '' : ` (${markdownText(detail)})`}`,
  ]);
  return [
    `### Records: ${verified.problems.result}`,
    sentence(verified, secretCount),
    ...(rows.length === 0 ? [] : [markdownTable(['Line', 'Problem', 'Meaning'], rows)]),
  ].join('\n\n');
}
