/** Upstreams whose chat streams are imitated: `stream-shapes.ts`. */
export type StreamShape = 'openai' | 'deepseek' | 'openrouter' | 'newapi';

const SHAPE_NAMES = { openai: 'OpenAI', deepseek: 'DeepSeek', openrouter: 'OpenRouter', newapi: 'New-API' } as const;

/** The measured cases. The server answers each path on its own port. `stream` describes streams. */
export const CASES = {
  json1k: json('json1k', 'JSON 1 KB'),
  json50k: json('json50k', 'JSON 50 KB'),
  prompt50k: { ...json('json1k', 'request of 50 KB'), promptBytes: 50_000 },
  sse200openai: stream('openai', 200, 'stream of 200 events, OpenAI'),
  sse200deepseek: stream('deepseek', 200, 'stream of 200 events, DeepSeek'),
  sse200openrouter: stream('openrouter', 200, 'stream of 200 events, OpenRouter'),
  sse200newapi: stream('newapi', 200, 'stream of 200 events, New-API'),
  sse5000openai: stream('openai', 5_000, 'stream of 5,000 events, OpenAI'),
  sse5000deepseek: stream('deepseek', 5_000, 'stream of 5,000 events, DeepSeek'),
  sse5000openrouter: stream('openrouter', 5_000, 'stream of 5,000 events, OpenRouter'),
  sse5000newapi: stream('newapi', 5_000, 'stream of 5,000 events, New-API'),
  paced1openai: paced('openai', 1),
  paced1deepseek: paced('deepseek', 1),
  paced1openrouter: paced('openrouter', 1),
  paced1newapi: paced('newapi', 1),
  paced3openai: paced('openai', 3),
  paced3deepseek: paced('deepseek', 3),
  paced3openrouter: paced('openrouter', 3),
  paced3newapi: paced('newapi', 3),
  retry1: json('retry1', 'JSON 1 KB after one 503'),
  retry2: json('retry2', 'JSON 1 KB after two 503'),
  idle: { ...stream('openai', 100, 'idle stream'), path: 'idle' },
} as const satisfies Record<string, Case>;

export interface Case {
  readonly path: string;
  readonly title: string;
  readonly promptBytes: 200 | 50_000;
  /** Absent for a JSON answer. */
  readonly stream?: StreamCase;
}

export interface StreamCase {
  readonly shape: StreamShape;
  readonly events: number;
  /** The server writes this many events, then waits 2 ms. Absent: it writes the whole stream at once. */
  readonly eventsPerRead?: number;
}

function json(path: string, title: string): Case {
  return { path, title, promptBytes: 200 };
}

function stream(shape: StreamShape, events: number, title: string): Case {
  return { path: `sse${events}${shape}`, title, promptBytes: 200, stream: { shape, events } };
}

function paced(shape: StreamShape, eventsPerRead: number): Case {
  const reads = eventsPerRead === 1 ? '1 event' : `${eventsPerRead} events`;
  return {
    path: `paced${eventsPerRead}${shape}`,
    title: `paced stream of 100 events, ${reads} a read, ${SHAPE_NAMES[shape]}`,
    promptBytes: 200,
    stream: { shape, events: 100, eventsPerRead },
  };
}

export type CaseName = keyof typeof CASES;

/** One job for a client process. */
export interface Job {
  readonly kind: 'run' | 'hold' | 'burst' | 'soak';
  readonly caseName: CaseName;
  readonly operations: number;
  readonly concurrency: number;
}

/** The cost of a job. */
export interface JobResult {
  /** CPU time of the client process, user and system, in microseconds per operation. */
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Operations per second. */
  readonly throughput: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly operations: number;
  /** In a `burst`: the number of calls that threw. Any other job fails with the first error. */
  readonly failed: number;
}

/** All results of a run: by plan, by client, round by round. */
export type Measured = Record<string, Record<string, JobResult[]>>;

export interface Client {
  /** Reads and parses a JSON answer. */
  json(baseURL: string, prompt: string, signal?: AbortSignal): Promise<unknown>;
  /** Reads a stream to its end and parses each event. Returns the number of events. */
  stream(baseURL: string, prompt: string, signal?: AbortSignal): Promise<number>;
}

export const MODEL = 'gpt-5.4-mini';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** As long and as mixed as a real key, so that searching texts for it costs as much. */
export const KEY = Array.from({ length: 48 }, (_, at) => LETTERS[(at * at * 7 + at * 29 + 11) % LETTERS.length]).join(
  '',
);
