import { CASES, type Case, type CaseName, type Client, type Job, type JobResult } from './protocol.ts';

/** Runs one client in its own process: one job at a time, idle in between. */

const [name = 'fetch', origins = '{}'] = process.argv.slice(2);
const originOf: Readonly<Record<string, string>> = JSON.parse(origins);
const { createClient } = await import(`./clients/${name}.ts`);
const client: Client = await createClient();
const prompts = { 200: 'p'.repeat(200), 50000: 'lorem ipsum '.repeat(4_167) };

const baseURLOf = (caseName: CaseName): string => `${originOf[CASES[caseName].path]}/v1`;

async function once(caseName: CaseName, signal?: AbortSignal): Promise<unknown> {
  const { stream, promptBytes }: Case = CASES[caseName];
  return client[stream === undefined ? 'json' : 'stream'](baseURLOf(caseName), prompts[promptBytes], signal);
}

async function run({ kind, caseName, operations, concurrency }: Job, signal?: AbortSignal): Promise<number[]> {
  const latencies: number[] = [];
  let left = operations;
  await Promise.all(
    Array.from({ length: Math.min(concurrency, operations) }, async () => {
      while (left-- > 0) {
        const startedAt = performance.now();
        try {
          await once(caseName, signal);
          latencies.push(performance.now() - startedAt);
        } catch (error) {
          if (kind !== 'burst') {
            throw error;
          }
        }
      }
    }),
  );
  return latencies;
}

/** Opens streams that send one event and then nothing. Measures memory, then aborts them. */
async function hold({ caseName, operations }: Job): Promise<number> {
  const controllers = Array.from({ length: operations }, () => new AbortController());
  const streams = controllers.map(({ signal }) => once(caseName, signal).catch(() => undefined));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  globalThis.gc?.();
  const { rss } = process.memoryUsage();
  for (const controller of controllers) {
    controller.abort();
  }
  await Promise.all(streams);
  return rss;
}

const percentile = (sorted: readonly number[], share: number): number =>
  1_000 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);

async function perform(job: Job): Promise<JobResult> {
  const longLived = new AbortController();
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let latencies: number[] = [];
  let rssBytes = 0;
  if (job.kind === 'hold') {
    rssBytes = await hold(job);
  } else {
    latencies = await run(job, job.kind === 'soak' ? longLived.signal : undefined);
  }
  const cpu = process.cpuUsage(before);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (job.kind === 'soak') {
    // Spans and measurements wait up to five seconds for their export. They are not a leak.
    await new Promise((resolve) => setTimeout(resolve, 5_500));
    globalThis.gc?.();
  }
  const memory = process.memoryUsage();
  latencies.sort((a, b) => a - b);
  return {
    cpuUs: (cpu.user + cpu.system) / job.operations,
    p50Us: percentile(latencies, 0.5),
    p99Us: percentile(latencies, 0.99),
    throughput: job.operations / seconds,
    rssBytes: rssBytes || memory.rss,
    heapBytes: memory.heapUsed,
    operations: job.operations,
    failed: job.kind === 'hold' ? 0 : job.operations - latencies.length,
  };
}

process.on('message', async (job: Job) => {
  try {
    process.send?.({ result: await perform(job) });
  } catch (error) {
    process.send?.({ failure: String(error) });
  }
});
process.send?.({ ready: true });
