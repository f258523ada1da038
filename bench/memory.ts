import { type Origins, startWorker } from './processes.ts';
import type { Job, JobResult, Measured } from './protocol.ts';

/** Memory of a client: many idle streams, a signal that outlives its calls, and many calls at once. */
export async function measureMemory(origins: Origins, isQuick: boolean): Promise<Measured> {
  const measured: Measured = { soak: {}, burst: {} };
  const keep = (id: string, client: string, results: JobResult[]): void => {
    measured[id] = { ...measured[id], [client]: results };
  };
  const many = isQuick ? 200 : 1_000;
  const hold = (operations: number): Job => ({ kind: 'hold', caseName: 'idle', operations, concurrency: operations });
  for (const client of ['fetch', 'ours-wide']) {
    keep('idle-64', client, [await alone(client, origins, hold(64))]);
    keep(`idle-${many}`, client, [await alone(client, origins, hold(many))]);
  }

  const worker = await startWorker('ours', origins);
  const rounds: JobResult[] = [];
  for (let round = 0; round < 5; round++) {
    const operations = isQuick ? 1_000 : 5_000;
    rounds.push(await worker.do({ kind: 'soak', caseName: 'json1k', operations, concurrency: 16 }));
  }
  worker.stop();
  keep('soak', 'ours', rounds);

  // Resets the server's count of sockets.
  await (await fetch(`${origins['json1k']}/sockets`)).text();
  const calls = isQuick ? 2_000 : 10_000;
  const burst: Job = { kind: 'burst', caseName: 'json1k', operations: calls, concurrency: calls };
  keep('burst', 'ours', [await alone('ours', origins, burst)]);
  return measured;
}

/** Runs a job in a fresh process, because memory that earlier jobs used is returned late. */
async function alone(client: string, origins: Origins, job: Job): Promise<JobResult> {
  const worker = await startWorker(client, origins);
  try {
    return await worker.do(job);
  } finally {
    worker.stop();
  }
}
