import type { Command } from 'commander';
import type { SecretGuard } from '../../../facts/secret-guard';
import type { CallRecord } from '../../../records/call-record';
import { terminalStatusWord } from '../../../records/outcome';
import { serialise } from '../../../records/serialise';
import { REQUEST_FAMILY } from '../../../records/values';
import { attemptTree, callLine, shown } from '../call-tree';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { liveGuard } from '../live-guard';
import { nothingMatches } from '../nothing-matches';
import type { Output } from '../output';
import { readRecordFiles } from '../read-record-files';
import { addFilterFlags, isSelected, passesOver, type SelectionFlags } from '../selection-flags';
import { SkippedLines } from '../skipped-lines';

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

/** Writes while it reads: a file of any length is listed in constant memory. */
async function listCalls({ options, operands, host, output }: Invocation<SelectionFlags>): Promise<ExitCode> {
  const guard = liveGuard(host.environment);
  const skipped = new SkippedLines();
  const write = output.json ? jsonWriter(guard) : textWriter(output, guard);
  let count = 0;
  for await (const lines of readRecordFiles(operands, passesOver(options))) {
    let text = '';
    for (const line of lines) {
      skipped.note(line);
      if (line.parsed.kind === 'call' && isSelected(line.parsed.record, options)) {
        text += write(line.parsed.record, count);
        count++;
      }
    }
    await output.part(text);
  }
  if (count === 0) {
    throw nothingMatches(operands, skipped);
  }
  if (output.json) {
    await output.part(`],"lines_not_read":${skipped.count}}\n`);
  }
  skipped.tell(output);
  return EXIT.pass;
}

type Write = (record: CallRecord, before: number) => string;

function textWriter({ paint }: Output, guard: SecretGuard): Write {
  return (record) => {
    const tree = record.facts.attempts.length > 1 ? attemptTree(record, paint, guard) : [];
    return `${[callLine(record, paint, guard), ...tree].join('\n')}\n`;
  };
}

function jsonWriter(guard: SecretGuard): Write {
  const word = (text: string | undefined | null): string | null => (text == null ? null : shown(text, guard));
  return ({ facts, run_id: runId, workflow }, before) =>
    `${before === 0 ? '{"calls":[' : ','}${serialise({
      call_id: word(facts.callId),
      started_at: facts.startedAt,
      duration_ms: facts.durationMs,
      upstream: facts.upstream,
      run_id: word(runId),
      workflow: word(workflow),
      request_family: REQUEST_FAMILY[facts.family],
      request_model: word(facts.request.model),
      ending: facts.ending,
      ending_reason: facts.endingReason,
      status: terminalStatusWord(facts),
      error_category: facts.category,
      attempts: facts.attempts.length,
      maybe_sent_twice: facts.maybeSentTwice,
      request_id: word(facts.requestId),
    })}`;
}
