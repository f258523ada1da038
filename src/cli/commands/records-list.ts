import type { Command } from 'commander';
import { FAMILIES } from '../../facts/endpoints';
import type { Redactor } from '../../facts/redaction/redactor';
import type { CallRecord } from '../../records/call-line/call-record';
import { terminalStatusValue } from '../../records/shared/outcome';
import { serialize } from '../../records/shared/serialize';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { addFilterFlags, type SelectionFlags } from '../flags/selection-flags';
import { appendStepSummary, textBlock } from '../output/github-actions';
import type { Output } from '../output/output';
import { attemptTree, callLine, forDisplay } from '../reading/call-tree';
import { noMatchError } from '../reading/no-match-error';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { matchingCalls } from '../reading/select-calls';
import { SkippedLines } from '../reading/skipped-lines';

const EXAMPLES = `
Examples:
  cometapi-otel records list records.jsonl --ending failed
  cometapi-otel records list *.jsonl --retried --window 2026-11-21..2026-11-22`;

export function registerRecordsList(records: Command, shell: Shell): void {
  const list = records.command('list').argument('<files...>', 'record files');
  addFilterFlags(list)
    .description('print one line per call, and the attempts of retried calls')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<SelectionFlags>(shell, listCalls));
}

/** Characters per write. */
const PART_LENGTH = 16_384;
const MAX_SUMMARY = 65_536;

/** Writes while it reads, so memory does not depend on the length of the file. */
async function listCalls({ options, operands, host, output }: Invocation<SelectionFlags>): Promise<ExitCode> {
  const redactor = redactorFromEnvironment(host.environment);
  const skipped = new SkippedLines();
  const list = new CallList(output.json ? jsonWriter(redactor) : textWriter(output, redactor));
  const calls = matchingCalls(operands, options, skipped);
  for (let part = list.nextPart(calls); part !== ''; part = list.nextPart(calls)) {
    await output.part(part);
  }
  if (list.count === 0) {
    throw noMatchError(operands, skipped);
  }
  if (output.json) {
    await output.part(`],"lines_not_read":${skipped.count}}\n`);
  }
  skipped.report(output);
  if (!output.json) {
    await appendStepSummary(`### Calls: ${list.count}\n\n${textBlock(list.beginning)}`, host, output);
  }
  return EXIT.pass;
}

class CallList {
  readonly #write: Write;
  #beginning = '';
  #count = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  get count(): number {
    return this.#count;
  }

  /** The first parts, for the step summary. */
  get beginning(): string {
    return this.#beginning;
  }

  /** Returns the text of the next calls, or an empty text after the last one. Not async, because V8 runs it faster. */
  nextPart(calls: Iterator<CallRecord, void>): string {
    let text = '';
    while (text.length < PART_LENGTH) {
      const { done, value } = calls.next();
      if (done) {
        break;
      }
      text += this.#write(value, this.#count);
      this.#count++;
    }
    if (this.#beginning.length < MAX_SUMMARY) {
      this.#beginning += text;
    }
    return text;
  }
}

type Write = (call: CallRecord, before: number) => string;

function textWriter({ paint }: Output, redactor: Redactor): Write {
  return (call) => {
    const { attempts } = call.facts;
    const line = `${callLine(call, paint, redactor)}\n`;
    return attempts.length > 1 ? `${line}${attemptTree(attempts, paint, redactor).join('\n')}\n` : line;
  };
}

function jsonWriter(redactor: Redactor): Write {
  const checked = (text: string | null | undefined): string | null => (text ? forDisplay(text, redactor) : null);
  return ({ run_id: runId, workflow, facts }, before) => {
    const entry = serialize({
      call_id: checked(facts.callId),
      started_at: facts.startedAt,
      duration_ms: facts.durationMs,
      upstream: facts.upstream,
      run_id: checked(runId),
      workflow: checked(workflow),
      request_family: FAMILIES[facts.family].name,
      request_model: checked(facts.request.model),
      ending: facts.ending,
      ending_reason: checked(facts.endingReason),
      status: terminalStatusValue(facts),
      error_category: facts.category,
      attempts: facts.attempts.length,
      maybe_sent_twice: facts.maybeSentTwice,
      request_id: checked(facts.requestId),
    });
    return `${before === 0 ? '{"calls":[' : ','}${entry}`;
  };
}
