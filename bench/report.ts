import type { Costs } from './costs.ts';
import type { Goal } from './goals.ts';
import type { JobResult, Measured } from './protocol.ts';
import { ratioOf, spreadOf } from './statistics.ts';

export interface Report {
  readonly measured: Measured;
  readonly costs: Costs | undefined;
  readonly goals: readonly Goal[];
  readonly conditions: {
    readonly node: string;
    readonly load: readonly (readonly number[])[];
    readonly isPinned: boolean;
    readonly isQuick: boolean;
    readonly rounds: number;
  };
  readonly titles: Readonly<Record<string, { readonly title: string }>>;
}

/** The tables of docs/performance.md. */
export function markdownOf({ measured, costs, goals, conditions, titles }: Report): string {
  const { node, load, isPinned, isQuick, rounds } = conditions;
  const before = load.map((values) => values[0]).join(' → ');
  const lines = [
    `Node ${node}, ${rounds} rounds${isQuick ? ' (quick)' : ''}, ${isPinned ? 'client and server pinned to a core each' : 'not pinned'}, load average ${before}.`,
    '',
    '| goal | | limit | ratio | inner half | met |',
    '| --- | --- | --- | --- | --- | --- |',
    ...goals.map(
      ({ id, title, limit, ratio, low, high, met }) =>
        `| ${id} | ${title} | ≤ ${limit} | **${ratio}** | ${low}–${high} | ${met ? 'yes' : 'no'} |`,
    ),
  ];
  for (const [id, clients] of Object.entries(measured)) {
    const [name = '', concurrency = '1'] = id.split('-');
    if (titles[name] !== undefined) {
      lines.push('', `### ${titles[name].title}, ${concurrency} in flight`, '', ...tableOf(clients));
    }
  }
  if (costs !== undefined) {
    const { imports, bundles, parsers } = costs;
    lines.push(
      '',
      '### Alone',
      '',
      '| | ours | ky | openai 7 |',
      '| --- | --- | --- | --- |',
      `| import, ms of CPU | ${imports.core.toFixed(0)} | ${imports.ky.toFixed(0)} | ${imports.openai7.toFixed(0)} |`,
      `| bundle, KB gzip | ${(bundles.core / 1_000).toFixed(1)} | | ${(bundles.openai7 / 1_000).toFixed(1)} |`,
      '',
      `Decoding events: ${parsers.parser.toFixed(2)} µs each; JSON.parse of the payloads alone ${parsers.bound.toFixed(2)} µs (${(parsers.parser / parsers.bound).toFixed(2)}×).`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function tableOf(clients: Record<string, JobResult[]>): string[] {
  const base = clients['fetch'] ?? clients['openai7'] ?? [];
  const cpu = (results: readonly JobResult[]): number[] => results.map((result) => result.cpuUs);
  const rows = Object.entries(clients).map(([client, results]) => {
    const ratio = ratioOf(cpu(results), cpu(base));
    const time = spreadOf(cpu(results));
    const middle = (of: (result: JobResult) => number): string => spreadOf(results.map(of)).median.toFixed(0);
    return `| ${client} | ${ratio.median.toFixed(2)} | ${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)} | ${time.median.toFixed(0)} | ${middle((result) => result.p50Us)} | ${middle((result) => result.p99Us)} | ${middle((result) => result.throughput)} |`;
  });
  return [
    '| client | ratio | inner half | µs CPU | p50 µs | p99 µs | per second |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ];
}
