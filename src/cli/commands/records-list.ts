import type { Command } from 'commander';
import { FAMILIES } from '../../facts/endpoints';
import type { Redactor } from '../../facts/redaction/redactor';
import { terminalStatusValue } from '../../records/shared/outcome';
import { serialize } from '../../records/shared/serialize';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { addFilterFlags, isSelected, passesOver, type SelectionFlags } from '../flags/selection-flags';
import { appendStepSummary, textBlock } from '../output/github-actions';
import type { Output } from '../output/output';
import type { CallLine } from '../reading/call-line';
import { attemptTree, callLine, forDisplay } from '../reading/call-tree';
import { noMatchError } from '../reading/no-match-error';
import { readRecordFiles } from '../reading/read-record-files';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { SkippedLines } from '../reading/skipped-lines';

const EXAMPLES = `
Examples:
  cometapi-otel records list records.jsonl --ending failed
  cometapi-otel records list *.jsonl --retried --window 2026-11-21..2026-11-22`;

export function registerRecordsList(records: Command, shell: Shell): void {
  const list = records.command('list').argument('<files...>', 'record files');
  addFilterFlags(list)
    .description('one line per call, and a tree of its attempts where it was retried')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<SelectionFlags>(shell, listCalls));
}

/** As much as is written at once. */
const PART_LENGTH = 65_536;

/** Writes while it reads: a file of any length is listed in constant memory. */
async function listCalls({ options, operands, host, output }: Invocation<SelectionFlags>): Promise<ExitCode> {
  const redactor = redactorFromEnvironment(host.environment);
  const skipped = new SkippedLines();
  const write = output.json ? jsonWriter(redactor) : textWriter(output, redactor);
  let count = 0;
  let text = '';
  let beginning: string | undefined;
  for (const line of readRecordFiles(operands, passesOver(options))) {
    skipped.note(line);
    if (line.parsed.kind === 'call' && isSelected(line.parsed.call, options)) {
      text += write(line.parsed.call, count);
      count++;
    }
    if (text.length >= PART_LENGTH) {
      beginning ??= text;
      await output.part(text);
      text = '';
    }
  }
  await output.part(text);
  if (count === 0) {
    throw noMatchError(operands, skipped);
  }
  if (output.json) {
    await output.part(`],"lines_not_read":${skipped.count}}\n`);
  }
  skipped.report(output);
  if (!output.json) {
    await appendStepSummary(`### Calls: ${count}\n\n${textBlock(beginning ?? text)}`, host, output);
  }
  return EXIT.pass;
}

type Write = (call: CallLine, before: number) => string;

function textWriter({ paint }: Output, redactor: Redactor): Write {
  return (call) => {
    const tree = call.like.facts.attempts.length > 1 ? attemptTree(call.attempts, paint, redactor) : [];
    return `${[callLine(call, paint, redactor), ...tree].join('\n')}\n`;
  };
}

function jsonWriter(redactor: Redactor): Write {
  const word = (text: string | undefined): string | null => (text === undefined ? null : forDisplay(text, redactor));
  return (call, before) => {
    const { facts } = call.like;
    return `${before === 0 ? '{"calls":[' : ','}${serialize({
      call_id: word(call.text('facts.callId')),
      started_at: call.text('facts.startedAt'),
      duration_ms: call.number('facts.durationMs'),
      upstream: facts.upstream,
      run_id: word(call.text('run_id')),
      workflow: word(call.text('workflow')),
      request_family: FAMILIES[facts.family].name,
      request_model: word(call.text('facts.request.model')),
      ending: facts.ending,
      ending_reason: word(facts.endingReason),
      status: terminalStatusValue(facts),
      error_category: facts.category,
      attempts: facts.attempts.length,
      maybe_sent_twice: facts.maybeSentTwice,
      request_id: word(call.text('facts.requestId')),
    })}`;
  };
}
