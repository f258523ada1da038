import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { bundleSizes, importCosts, parserCosts } from './costs.ts';
import { type Goal, goalsOf } from './goals.ts';
import { measureMemory } from './memory.ts';
import { draw } from './plot.ts';
import { isPinned, startServer, startWorker, type Worker } from './processes.ts';
import { CASES, type CaseName, type Job, type JobResult, type Measured } from './protocol.ts';
import { markdownOf } from './report.ts';

const PEERS = ['fetch', 'undici-request', 'ky', 'openai7', 'openai6-otel', 'cometapi', 'ai-sdk'];
const OURS = ['ours', 'ours-fetch', 'ours-no-sdk', 'ours-off'];
/** A second build of this package, measured in every plan. `BENCH_BEFORE` is the path of its `dist/index.js`. */
const BEFORE = process.env['BENCH_BEFORE'] === undefined ? [] : ['ours-before'];
const isQuick = process.argv.includes('--quick');
const listOf = (flag: string): string[] | undefined =>
  process.argv
    .find((argument) => argument.startsWith(`${flag}=`))
    ?.slice(flag.length + 1)
    .split(',');
/** `--only=` and `--clients=` limit a run to some plans and clients. */
const only = listOf('--only');
const chosen = listOf('--clients');
const ROUNDS = isQuick ? 7 : 15;

interface Plan {
  readonly caseName: CaseName;
  readonly concurrency: number;
  /** Operations of one round: enough for at least a tenth of a second. */
  readonly operations: number;
  readonly clients: readonly string[];
}

const idOf = ({ caseName, concurrency }: Plan): string => `${caseName}-${concurrency}`;

const MAIN = ['fetch', 'undici-request', 'ky', 'openai7', 'openai6-otel', 'cometapi', 'ai-sdk', 'ours', 'ours-fetch'];
const FEW = ['fetch', 'undici-request', 'openai7', 'openai6-otel', 'ours'];
const STREAMS = ['fetch', 'openai7', 'ours'];
const SHAPES = ['openai', 'deepseek', 'openrouter', 'newapi'] as const;

const perShape = (plan: (shape: (typeof SHAPES)[number]) => Omit<Plan, 'clients'>): Plan[] =>
  SHAPES.map((shape) => ({ ...plan(shape), clients: shape === 'openai' ? MAIN : STREAMS }));

const PLANS: readonly Plan[] = [
  { caseName: 'json1k', concurrency: 16, operations: 1_000, clients: [...MAIN, 'ours-no-sdk', 'ours-off'] },
  ...perShape((shape) => ({ caseName: `sse5000${shape}`, concurrency: 1, operations: 12 })),
  ...perShape((shape) => ({ caseName: `sse200${shape}`, concurrency: 16, operations: 160 })),
  { caseName: 'json1k', concurrency: 1, operations: 400, clients: [...MAIN, 'ours-no-sdk', 'ours-off'] },
  { caseName: 'json50k', concurrency: 16, operations: 200, clients: FEW },
  { caseName: 'prompt50k', concurrency: 16, operations: 150, clients: FEW },
  ...SHAPES.flatMap((shape): Plan[] => [
    { caseName: `paced1${shape}`, concurrency: 64, operations: 64, clients: shape === 'openai' ? FEW : STREAMS },
    { caseName: `paced3${shape}`, concurrency: 64, operations: 128, clients: STREAMS },
  ]),
  { caseName: 'retry1', concurrency: 16, operations: 200, clients: ['openai7', 'openai6-otel', 'ours'] },
  { caseName: 'retry2', concurrency: 16, operations: 200, clients: ['openai7', 'openai6-otel', 'ours'] },
];

async function measure(workers: ReadonlyMap<string, Worker>, plan: Plan): Promise<Record<string, JobResult[]>> {
  const { caseName, concurrency, operations } = plan;
  const clients = [...plan.clients, ...BEFORE].filter((client) => workers.has(client));
  const results: Record<string, JobResult[]> = {};
  const heavy = (client: string): number => (client === 'ai-sdk' ? Math.ceil(operations / 4) : operations);
  for (let round = -2; round < ROUNDS; round++) {
    // Each round starts with another client, so that a busy moment of the machine does not always hit the same one.
    const order = clients.map((_, index, all) => all[(index + Math.abs(round)) % all.length] ?? '');
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

/** Replaces the tables of the page. A partial run is only printed. */
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
for (const client of [...PEERS, ...OURS, ...BEFORE].filter(
  (name) => chosen === undefined || chosen.includes(name) || BEFORE.includes(name),
)) {
  workers.set(client, await startWorker(client, server.origins));
}
// Clients on fetch need more than 10,000 requests to reach their final speed.
const warmUp = isQuick ? 6_000 : 15_000;
for (const worker of workers.values()) {
  const operations = worker.name === 'ai-sdk' ? warmUp / 8 : warmUp;
  await worker.do({ kind: 'run', caseName: 'json1k', concurrency: 16, operations });
}
for (const plan of PLANS) {
  const id = idOf(plan);
  if (only === undefined || only.includes(id)) {
    const results = await measure(workers, plan);
    measured[id] = results;
    const line = Object.entries(results).map(([client, rounds]) => {
      const sorted = rounds.map(({ cpuUs }) => cpuUs).sort((a, b) => a - b);
      return `${client} ${Math.round(sorted[sorted.length >> 1] ?? 0)}`;
    });
    console.log(`${id} (µs CPU per operation): ${line.join(', ')}`);
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
// One socket belongs to the request above.
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
