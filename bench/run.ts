import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { bundleSizes, importCosts, parserCosts } from './costs.ts';
import { type Goal, goalsOf } from './goals.ts';
import { measureMemory } from './memory.ts';
import { draw } from './plot.ts';
import { isPinned, startServer, startWorker, type Worker } from './processes.ts';
import { CASES, type CaseName, type Job, type JobResult } from './protocol.ts';
import { markdownOf } from './report.ts';

/** Everything that was measured: by case, by client, round by round. */
export type Measured = Record<string, Record<string, JobResult[]>>;

const PEERS = ['fetch', 'undici-request', 'ky', 'openai7', 'openai6-otel', 'cometapi', 'ai-sdk'];
const OURS = ['ours', 'ours-fetch', 'ours-no-sdk', 'ours-off'];
const isQuick = process.argv.includes('--quick');
const listOf = (flag: string): string[] | undefined =>
  process.argv
    .find((argument) => argument.startsWith(`${flag}=`))
    ?.slice(flag.length + 1)
    .split(',');
/** For work on one thing: cases and clients by name. */
const only = listOf('--only');
const chosen = listOf('--clients');
const ROUNDS = isQuick ? 7 : 15;

interface Plan {
  readonly id: string;
  readonly caseName: CaseName;
  readonly concurrency: number;
  /** Of one round; long enough that a round is a tenth of a second at least. */
  readonly operations: number;
  readonly clients: readonly string[];
}

const MAIN = ['fetch', 'undici-request', 'ky', 'openai7', 'openai6-otel', 'cometapi', 'ai-sdk', 'ours', 'ours-fetch'];
const FEW = ['fetch', 'undici-request', 'openai7', 'openai6-otel', 'ours'];
const PLANS: readonly Plan[] = [
  {
    id: 'json1k-16',
    caseName: 'json1k',
    concurrency: 16,
    operations: 1_000,
    clients: [...MAIN, 'ours-no-sdk', 'ours-off'],
  },
  { id: 'sse5000', caseName: 'sse5000', concurrency: 1, operations: 12, clients: MAIN },
  { id: 'sse200-16', caseName: 'sse200', concurrency: 16, operations: 160, clients: MAIN },
  {
    id: 'json1k-1',
    caseName: 'json1k',
    concurrency: 1,
    operations: 400,
    clients: [...MAIN, 'ours-no-sdk', 'ours-off'],
  },
  { id: 'json50k-16', caseName: 'json50k', concurrency: 16, operations: 200, clients: FEW },
  { id: 'prompt50k-16', caseName: 'prompt50k', concurrency: 16, operations: 150, clients: FEW },
  { id: 'paced-64', caseName: 'paced', concurrency: 64, operations: 64, clients: FEW },
  {
    id: 'retry1-16',
    caseName: 'retry1',
    concurrency: 16,
    operations: 200,
    clients: ['openai7', 'openai6-otel', 'ours'],
  },
  {
    id: 'retry2-16',
    caseName: 'retry2',
    concurrency: 16,
    operations: 200,
    clients: ['openai7', 'openai6-otel', 'ours'],
  },
];

async function measure(workers: ReadonlyMap<string, Worker>, plan: Plan): Promise<Record<string, JobResult[]>> {
  const { caseName, concurrency, operations } = plan;
  const results: Record<string, JobResult[]> = {};
  const heavy = (client: string): number => (client === 'ai-sdk' ? Math.ceil(operations / 4) : operations);
  for (let round = -2; round < ROUNDS; round++) {
    // Side by side in each round, in turning order, so that a busy moment is nobody's alone.
    const order = plan.clients.map((_, index, all) => all[(index + Math.abs(round)) % all.length] ?? '');
    for (const client of order) {
      const job: Job = { kind: 'run', caseName, concurrency, operations: heavy(client) };
      const result = await workers.get(client)?.do(job);
      if (result !== undefined && round >= 0) {
        results[client] = [...(results[client] ?? []), result];
      }
    }
  }
  return results;
}

const PAGE = new URL('../docs/performance.md', import.meta.url);
const MARKS = ['<!-- results -->', '<!-- end of results -->'] as const;

/** A run of everything replaces the tables of the page; one of a part is only printed. */
function writeIntoPage(tables: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(MARKS[0]);
  const [, after = ''] = rest.split(MARKS[1]);
  writeFileSync(PAGE, `${before}${MARKS[0]}\n\n${tables}\n${MARKS[1]}${after}`);
}

const server = await startServer();
const startLoad = loadavg();
const measured: Measured = {};
const workers = new Map<string, Worker>();
for (const client of [...PEERS, ...OURS].filter((name) => chosen === undefined || chosen.includes(name))) {
  workers.set(client, await startWorker(client, server.origins));
}
// Fetch-based clients need more than 10,000 requests until they are as fast as they get.
const warmUp = isQuick ? 6_000 : 15_000;
for (const worker of workers.values()) {
  const operations = worker.name === 'ai-sdk' ? warmUp / 8 : warmUp;
  await worker.do({ kind: 'run', caseName: 'json1k', concurrency: 16, operations });
}
for (const plan of PLANS) {
  if (only === undefined || only.includes(plan.id)) {
    measured[plan.id] = await measure(workers, plan);
    const line = Object.entries(measured[plan.id] ?? {}).map(([client, results]) => {
      const sorted = results.map(({ cpuUs }) => cpuUs).sort((a, b) => a - b);
      return `${client} ${Math.round(sorted[sorted.length >> 1] ?? 0)}`;
    });
    console.log(`${plan.id} (µs CPU per operation): ${line.join(', ')}`);
  }
}
for (const worker of workers.values()) {
  worker.stop();
}

if (only === undefined) {
  Object.assign(measured, await measureMemory(server.origins, isQuick));
}
const sockets = (await (await fetch(`${server.origins['json1k']}/sockets`)).json()) as { peakSockets: number };
server.stop();

const costs =
  only === undefined
    ? { imports: importCosts(isQuick ? 5 : 11), bundles: bundleSizes(), parsers: parserCosts() }
    : undefined;
// One of the sockets is that of the question.
const goals: readonly Goal[] = goalsOf(measured, costs, sockets.peakSockets - 1);
const conditions = {
  node: process.version,
  load: [startLoad, loadavg()].map((load) => load.map((value) => Math.round(value * 10) / 10)),
  isPinned,
  isQuick,
  rounds: ROUNDS,
};
const markdown = markdownOf({ measured, costs, goals, conditions, titles: CASES });
if (only === undefined && chosen === undefined) {
  writeIntoPage(markdown);
  const summary = JSON.stringify({ conditions, goals, costs, measured }, null, 1);
  writeFileSync(new URL('results.json', import.meta.url), `${summary}\n`);
  writeFileSync(new URL('../docs/performance.svg', import.meta.url), draw(measured));
}
console.log(markdown);
