import type { Command } from 'commander';
import { markdownTable, markdownText } from '../../records/shared/markdown';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { addFilterFlags, type SelectionFlags } from '../flags/selection-flags';
import { appendStepSummary } from '../output/github-actions';
import type { Output } from '../output/output';
import { CallCounter, type CallStatistics } from '../reading/call-statistics';
import { noMatchError } from '../reading/no-match-error';
import { matchingCalls } from '../reading/select-calls';
import { SkippedLines } from '../reading/skipped-lines';

const EXAMPLES = `
Examples:
  cometapi-otel records stats records.jsonl
  cometapi-otel records stats *.jsonl --family chat --window 2026-11-21..2026-11-22 --json

Token counts are sums of what CometAPI reported. They are not costs: see your CometAPI account for billed amounts.`;

export function registerRecordsStats(records: Command, shell: Shell): void {
  const stats = records.command('stats').argument('<files...>', 'record files');
  addFilterFlags(stats)
    .description('print counts of calls, requests, retries and reported tokens (not costs)')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<SelectionFlags>(shell, countCalls));
}

async function countCalls({ options, operands, host, output }: Invocation<SelectionFlags>): Promise<ExitCode> {
  const skipped = new SkippedLines();
  const counter = new CallCounter();
  for (const call of matchingCalls(operands, options, skipped)) {
    counter.add(call);
  }
  const statistics = counter.statistics();
  if (statistics.calls === 0) {
    throw noMatchError(operands, skipped);
  }
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
  return `### Records\n\n${markdownTable(['Metric', 'Count'], rows)}`;
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
      'billed twice',
      `possible for ${statistics.sends_maybe_doubled} requests of ${statistics.calls_maybe_doubled} calls`,
    ],
    ['tokens', `reported for ${statistics.calls_with_usage} of ${statistics.calls} calls`],
    ...tokens.map(([name, count]) => ['', `${String(count)} ${name}`] as const),
  ];
}

function counts(byValue: Readonly<Record<string, number>>): string {
  return Object.entries(byValue)
    .map(([value, count]) => `${value} ${count}`)
    .join(', ');
}

function callsByRequests(byRequests: Readonly<Record<string, number>>): string {
  return Object.entries(byRequests)
    .map(([requests, calls]) => `${calls} ${calls === 1 ? 'call' : 'calls'} of ${requests}`)
    .join(', ');
}
