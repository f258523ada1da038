import { type Origins, startWorker } from './processes.ts';
import type { Job, JobResult } from './protocol.ts';
import type { Measured } from './run.ts';

/** What a client holds on to: many idle streams, a signal that outlives its calls, and everything at once. */
export async function measureMemory(origins: Origins, isQuick: boolean): Promise<Measured> {
  const measured: Measured = { 'idle-64': {}, 'idle-streams': {}, soak: {}, burst: {} };
  const keep = (id: string, client: string, results: JobResult[]): void => {
    measured[id] = { ...measured[id], [client]: results };
  };
  const hold = (operations: number): Job => ({ kind: 'hold', caseName: 'idle', operations, concurrency: operations });
  for (const client of ['fetch', 'ours-wide']) {
    keep('idle-64', client, [await alone(client, origins, hold(64))]);
    keep('idle-streams', client, [await alone(client, origins, hold(isQuick ? 200 : 1_000))]);
  }

  const worker = await startWorker('ours', origins);
  const rounds: JobResult[] = [];
  for (let round = 0; round < 5; round++) {
    const operations = isQuick ? 1_000 : 5_000;
    rounds.push(await worker.do({ kind: 'soak', caseName: 'json1k', operations, concurrency: 16 }));
  }
  worker.stop();
  keep('soak', 'ours', rounds);

  // From here on the server counts its sockets anew.
  await (await fetch(`${origins['json1k']}/sockets`)).text();
  const calls = isQuick ? 2_000 : 10_000;
  const burst: Job = { kind: 'burst', caseName: 'json1k', operations: calls, concurrency: calls };
  keep('burst', 'ours', [await alone('ours', origins, burst)]);
  return measured;
}

/** In a fresh process: memory that others have used comes back late. */
async function alone(client: string, origins: Origins, job: Job): Promise<JobResult> {
  const worker = await startWorker(client, origins);
  try {
    return await worker.do(job);
  } finally {
    worker.stop();
  }
}
