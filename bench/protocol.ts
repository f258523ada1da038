/** What is measured. The server has a port for each path. */
export const CASES = {
  json1k: { path: 'json1k', title: 'JSON 1 KB', stream: false, promptBytes: 200 },
  json50k: { path: 'json50k', title: 'JSON 50 KB', stream: false, promptBytes: 200 },
  prompt50k: { path: 'json1k', title: 'request of 50 KB', stream: false, promptBytes: 50_000 },
  sse200: { path: 'sse200', title: 'stream of 200 events', stream: true, promptBytes: 200 },
  sse5000: { path: 'sse5000', title: 'stream of 5,000 events', stream: true, promptBytes: 200 },
  paced: { path: 'paced', title: 'paced stream, one event a read', stream: true, promptBytes: 200 },
  retry1: { path: 'retry1', title: 'JSON 1 KB after one 503', stream: false, promptBytes: 200 },
  retry2: { path: 'retry2', title: 'JSON 1 KB after two 503', stream: false, promptBytes: 200 },
  idle: { path: 'idle', title: 'idle stream', stream: true, promptBytes: 200 },
} as const;

export type CaseName = keyof typeof CASES;

/** One piece of work for a client. */
export interface Job {
  readonly kind: 'run' | 'hold' | 'burst' | 'soak';
  readonly caseName: CaseName;
  readonly operations: number;
  readonly concurrency: number;
}

/** What it took. */
export interface JobResult {
  /** Microseconds of CPU, user and system, of the client's process; per operation. */
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Operations a second. */
  readonly throughput: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly operations: number;
  /** Of a `burst`, how many calls threw; any other job fails with the first. */
  readonly failed: number;
}

export interface Client {
  /** Reads a whole JSON answer as a value. */
  json(baseURL: string, prompt: string, signal?: AbortSignal): Promise<unknown>;
  /** Reads a stream to its end, each event parsed; gives how many there were. */
  stream(baseURL: string, prompt: string, signal?: AbortSignal): Promise<number>;
}

export const MODEL = 'gpt-5.4-mini';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** As long as a key and as mixed: who looks for it in what he writes does so at the usual cost. */
export const KEY = Array.from({ length: 48 }, (_, at) => LETTERS[(at * at * 7 + at * 29 + 11) % LETTERS.length]).join(
  '',
);
