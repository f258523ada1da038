import type { Command } from 'commander';
import { markdownTable, markdownText } from '../../records/shared/markdown';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { addFilterFlags, isSelected, passesOver, type SelectionFlags } from '../flags/selection-flags';
import { appendStepSummary } from '../output/github-actions';
import type { Output } from '../output/output';
import { CallCounter, type CallStatistics } from '../reading/call-statistics';
import { noMatchError } from '../reading/no-match-error';
import { readRecordFiles } from '../reading/read-record-files';
import { SkippedLines } from '../reading/skipped-lines';

const EXAMPLES = `
Examples:
  cometapi-otel records stats records.jsonl
  cometapi-otel records stats *.jsonl --family chat --window 2026-11-21..2026-11-22 --json

Tokens are sums of what the gateway reported. Nothing here is a cost: what was billed stands in the account.`;

export function registerRecordsStats(records: Command, shell: Shell): void {
  const stats = records.command('stats').argument('<files...>', 'record files');
  addFilterFlags(stats)
    .description('counts of calls, requests and reported tokens; never a cost')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<SelectionFlags>(shell, countCalls));
}

async function countCalls({ options, operands, host, output }: Invocation<SelectionFlags>): Promise<ExitCode> {
  const skipped = new SkippedLines();
  const counter = new CallCounter();
  let count = 0;
  for (const line of readRecordFiles(operands, passesOver(options))) {
    skipped.note(line);
    if (line.parsed.kind === 'call' && isSelected(line.parsed.call, options)) {
      counter.add(line.parsed.call);
      count++;
    }
  }
  if (count === 0) {
    throw noMatchError(operands, skipped);
  }
  const statistics = counter.statistics();
  if (output.json) {
    await output.object({ ...statistics, lines_not_read: skipped.count });
  } else {
    await output.result(page(statistics, output));
  }
  skipped.report(output);
  await appendStepSummary(markdown(statistics), host, output);
  return EXIT.pass;
}

function markdown(statistics: CallStatistics): string {
  const rows = rowsOf(statistics).map(([name, value]) => [name, markdownText(value)]);
  return `### Records\n\n${markdownTable(['What', 'Count'], rows)}`;
}

function page(statistics: CallStatistics, { paint }: Output): string {
  return rowsOf(statistics)
    .map(([name, value]) => `${paint('dim', name.padEnd(13))}${value}`)
    .join('\n');
}

function rowsOf(statistics: CallStatistics): readonly (readonly [name: string, value: string])[] {
  const tokens = Object.entries(statistics.reported_tokens).filter(([, count]) => count !== null);
  return [
    ['calls', `${statistics.calls}, ${statistics.first_started_at ?? ''} to ${statistics.last_ended_at ?? ''}`],
    ['endings', counts(statistics.endings)],
    ['categories', counts(statistics.error_categories)],
    ['families', counts(statistics.request_families)],
    ['upstream', counts(statistics.upstreams)],
    ['requests', `${statistics.requests}, ${statistics.requests_per_call} per call, ${statistics.retries} retries`],
    ['per call', callsByRequests(statistics.calls_by_requests)],
    [
      'maybe twice',
      `${statistics.sends_maybe_doubled} requests of ${statistics.calls_maybe_doubled} calls may have been billed twice`,
    ],
    ['tokens', `reported for ${statistics.calls_with_usage} of ${statistics.calls} calls`],
    ...tokens.map(([name, count]) => ['', `${String(count)} ${name}`] as const),
  ];
}

function counts(byWord: Readonly<Record<string, number>>): string {
  return Object.entries(byWord)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ');
}

function callsByRequests(byRequests: Readonly<Record<string, number>>): string {
  return Object.entries(byRequests)
    .map(([requests, calls]) => `${calls} ${calls === 1 ? 'call' : 'calls'} of ${requests}`)
    .join(', ');
}
