import type { Costs } from './costs.ts';
import type { JobResult, Measured } from './protocol.ts';
import { ratioOf, type Spread } from './statistics.ts';

/** A goal and its result in this run. */
export interface Goal {
  readonly id: string;
  readonly title: string;
  readonly limit: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly met: boolean;
}

type Measure = (result: JobResult) => number;
const cpu: Measure = (result) => result.cpuUs;
const p50: Measure = (result) => result.p50Us;

/** All goals that this run measured. `gateway.ts` measures the gateway. */
export function goalsOf(measured: Measured, costs: Costs | undefined, peakSockets: number): readonly Goal[] {
  const goals: Goal[] = [];
  const add = (id: string, title: string, limit: number, { median, low, high }: Spread): void => {
    if (!Number.isNaN(median)) {
      goals.push({
        id,
        title,
        limit,
        ratio: rounded(median),
        low: rounded(low),
        high: rounded(high),
        met: median <= limit,
      });
    }
  };
  const single = (value: number): Spread => ({ median: value, low: value, high: value });
  const ratio = (plan: string, client: string, base: string, of: Measure = cpu): Spread =>
    ratioOf((measured[plan]?.[client] ?? []).map(of), (measured[plan]?.[base] ?? []).map(of));

  add('1a', 'JSON 1 KB ×16: CPU to bare fetch', 0.65, ratio('json1k-16', 'ours', 'fetch'));
  add('1b', 'JSON 1 KB ×16: CPU to openai 7', 0.35, ratio('json1k-16', 'ours', 'openai7'));
  add('1c', 'JSON 1 KB ×1: CPU to bare fetch', 0.75, ratio('json1k-1', 'ours', 'fetch'));
  for (const shape of ['openai', 'deepseek', 'openrouter', 'newapi']) {
    const to = (plan: string): Spread => ratio(plan, 'ours', 'fetch');
    add(`2a ${shape}`, 'stream of 200 events ×16: CPU to fetch + parser + JSON.parse', 0.85, to(`sse200${shape}-16`));
    add(`2b ${shape}`, 'stream of 5,000 events: CPU to fetch + parser + JSON.parse', 0.78, to(`sse5000${shape}-1`));
    add(`2c ${shape}`, 'paced stream ×64, 1 event a read: CPU to fetch', 1, to(`paced1${shape}-64`));
    add(`2d ${shape}`, 'paced stream ×64, 3 events a read: CPU to fetch', 1, to(`paced3${shape}-64`));
  }
  add('3a', 'no SDK registered, JSON 1 KB ×16: CPU to bare fetch', 0.5, ratio('json1k-16', 'ours-no-sdk', 'fetch'));
  add('3b', 'latency p50 at concurrency 1, to bare fetch', 0.9, ratio('json1k-1', 'ours', 'fetch', p50));
  if (costs !== undefined) {
    add('4a', 'import of the core, CPU to importing ky', 1.1, single(costs.imports.core / costs.imports.ky));
    add('4b', 'core bundle with ky, p-retry and parser, KB gzip', 58, single(costs.bundles.core / 1_000));
  }
  const held = measured['idle-1000'] ?? measured['idle-200'];
  if (held !== undefined) {
    const rss = (client: string): number => held[client]?.[0]?.rssBytes ?? Number.NaN;
    add('5a', 'idle streams: RSS to bare fetch', 1.2, single(rss('ours-wide') / rss('fetch')));
    const heaps = (measured['soak']?.['ours'] ?? []).map((result) => result.heapBytes);
    const calls = 3 * (measured['soak']?.['ours']?.[0]?.operations ?? Number.NaN);
    add(
      '5b',
      'heap growth per call with one long-lived signal, bytes',
      32,
      single(((heaps[4] ?? 0) - (heaps[1] ?? 0)) / calls),
    );
    const burst = measured['burst']?.['ours']?.[0];
    add('5c', 'sockets for calls at once', 64, single(peakSockets));
    add('5d', 'calls at once that did not settle with an answer', 0, single(burst?.failed ?? Number.NaN));
  }
  return goals;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
