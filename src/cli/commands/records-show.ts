import type { Command } from 'commander';
import type { Redactor } from '../../facts/redaction/redactor';
import type { CallRecord } from '../../records/call-line/call-record';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { addFilterFlags, type SelectionFlags } from '../flags/selection-flags';
import { appendStepSummary, textBlock } from '../output/github-actions';
import type { Output } from '../output/output';
import { attemptTree, callLine, duration } from '../reading/call-tree';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { selectCalls } from '../reading/select-calls';

const EXAMPLES = `
Examples:
  cometapi-otel records show records.jsonl --last-failure
  cometapi-otel records show records.jsonl --call 01a200a7-f8c6-78cb-9c0d-077d128282fd --json`;

export function registerRecordsShow(records: Command, shell: Shell): void {
  const show = records.command('show').argument('<files...>', 'record files');
  addFilterFlags(show)
    .option('--last-failure', 'the failed call that ended last')
    .description('print all recorded facts of the selected calls, with their attempts')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<SelectionFlags>(shell, showCalls));
}

async function showCalls({ options, operands, host, output }: Invocation<SelectionFlags>): Promise<ExitCode> {
  const redactor = redactorFromEnvironment(host.environment);
  const { records, skipped } = selectCalls(operands, options, redactor);
  const pages = records.map((record) => page(record, output, redactor)).join('\n\n');
  await (output.json ? output.object({ calls: records }) : output.result(pages));
  skipped.report(output);
  await appendStepSummary(`### Calls\n\n${textBlock(pages)}`, host, output);
  return EXIT.pass;
}

/** Formats a call that `selectCalls` has searched for secrets. */
function page(record: CallRecord, { paint }: Output, redactor: Redactor): string {
  const rows = detailsOf(record).map(([name, value]) => `  ${paint('dim', name.padEnd(12))}${value}`);
  return [
    paint('bold', callLine(record, paint, redactor)),
    ...attemptTree(record.facts.attempts, paint, redactor),
    ...rows,
  ].join('\n');
}

const ENTRY_POINTS: Readonly<Record<CallRecord['facts']['entryPoint'], string>> = {
  client: 'typed client',
  fetch: 'client.fetch',
  gateway: 'local gateway',
};

type Detail = readonly [name: string, value: string];

function detailsOf(record: CallRecord): readonly Detail[] {
  const { facts, environment } = record;
  const { request, response, settings } = facts;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['workflow', record.workflow ?? undefined],
    ['run', record.run_id ?? undefined],
    ['environment', [environment.name, facts.upstream, facts.serverAddress].filter(Boolean).join(', ')],
    [
      'request',
      `${facts.method} ${facts.routeTemplate}, ${facts.stream ? 'stream' : 'JSON'}, ${ENTRY_POINTS[facts.entryPoint] ?? facts.entryPoint}`,
    ],
    ['fields', fieldsOf(request)],
    ['ending', `${facts.ending}: ${facts.endingReason}, in phase ${facts.phase}`],
    ['server code', facts.serverCode],
    ['request id', facts.requestId && `${facts.requestId} (${facts.requestIdSource ?? 'unknown source'})`],
    ['retry after', facts.retryAfterMs === undefined ? undefined : duration(facts.retryAfterMs)],
    ['answered by', response?.model],
    ['finished', response?.finishReasons?.join(', ')],
    ['first event', facts.timeToFirstChunkMs === undefined ? undefined : duration(facts.timeToFirstChunkMs)],
    ['events', facts.eventCount?.toString()],
    ['tokens', tokensOf(response?.usage)],
    ['sent twice', facts.maybeSentTwice ? 'possible: the call may have been billed more than once' : undefined],
    ['outer loop', facts.outerRetryCount > 0 ? `retry ${facts.outerRetryCount} of an outer client` : undefined],
    ['trace', facts.traceId && `${facts.traceId}, span ${facts.spanId ?? 'none'}`],
    [
      'settings',
      `${settings.maxAttempts} attempts, deadline ${duration(settings.deadlineMs)}, retry ${settings.retry}`,
    ],
    ['made with', `${record.library.name} ${record.library.version}${runtimeOf(record)}`],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function fieldsOf({ fields, otherFieldCount }: CallRecord['facts']['request']): string {
  return [...fields, ...(otherFieldCount > 0 ? [`and ${otherFieldCount} undocumented`] : [])].join(', ');
}

/** Tokens as CometAPI reported them, never estimated. */
function tokensOf(usage: NonNullable<CallRecord['facts']['response']>['usage']): string {
  const count = (tokens: number | undefined): string => tokens?.toString() ?? 'not reported';
  return usage === undefined
    ? 'not reported'
    : `${count(usage.inputTokens)} in, ${count(usage.outputTokens)} out, as reported`;
}

function runtimeOf({ environment: { runtime, os } }: CallRecord): string {
  return runtime === null ? '' : `, ${runtime.name} ${runtime.version}${os === null ? '' : ` on ${os}`}`;
}
