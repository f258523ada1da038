import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Job, JobResult } from './protocol.ts';

/** Where cores can be chosen, the clients share one core and the server uses another. */
export const CLIENT_CORE = '0';
const SERVER_CORE = '1';
export const isPinned = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0;

export function start(file: string, parameters: readonly string[], core: string): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, [...parameters], {
    execArgv: ['--expose-gc', ...(process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [])],
  });
  if (isPinned && child.pid !== undefined) {
    spawnSync('taskset', ['-acp', core, String(child.pid)]);
  }
  return child;
}

/** Returns the next message. Throws if the child exits first. */
async function heard<Message>(child: ChildProcess, name: string): Promise<Message> {
  const ended = new AbortController();
  const gone = once(child, 'exit', { signal: ended.signal }).then(() => {
    throw new Error(`${name} has ended.`);
  });
  gone.catch(() => undefined);
  const [message] = (await Promise.race([once(child, 'message'), gone])) as [Message];
  ended.abort();
  return message;
}

export type Origins = Readonly<Record<string, string>>;

export interface Server {
  /** Origins by the `path` of a case. */
  readonly origins: Origins;
  stop(): void;
}

export async function startServer(): Promise<Server> {
  const child = start('server.ts', [], SERVER_CORE);
  const { origins } = await heard<{ origins: Origins }>(child, 'server');
  return { origins, stop: () => child.kill() };
}

export interface Worker {
  readonly name: string;
  do(job: Job): Promise<JobResult>;
  stop(): void;
}

export async function startWorker(name: string, origins: Origins): Promise<Worker> {
  const child = start('worker.ts', [name, JSON.stringify(origins)], CLIENT_CORE);
  await heard(child, name);
  return {
    name,
    async do(job) {
      child.send(job);
      const message = await heard<{ result?: JobResult; failure?: string }>(child, name);
      if (message.result === undefined) {
        throw new Error(`${name} ${job.kind} ${job.caseName}: ${message.failure}`);
      }
      return message.result;
    },
    stop: () => child.kill(),
  };
}
