import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as send } from 'node:http';
import { CLIENT_CORE, start, startServer } from './processes.ts';
import { MODEL } from './protocol.ts';
import { ratioOf, spreadOf } from './statistics.ts';

/**
 * Compares the local gateway with a bare pass-through on node:http: throughput, CPU, and added latency. Both send to the
 * same upstream and take turns in every round.
 */

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 9);
const TOKEN = randomUUID();

interface Case {
  readonly title: string;
  readonly path: string;
  readonly stream: boolean;
  readonly promptBytes: number;
  readonly concurrency: number;
  readonly operations: number;
}

const CASES: readonly Case[] = [
  {
    title: 'JSON 1 KB, one at a time',
    path: 'json1k',
    stream: false,
    promptBytes: 200,
    concurrency: 1,
    operations: 200,
  },
  { title: 'JSON 1 KB ×16', path: 'json1k', stream: false, promptBytes: 200, concurrency: 16, operations: 400 },
  {
    title: 'prompt of 50 KB ×16',
    path: 'json1k',
    stream: false,
    promptBytes: 50_000,
    concurrency: 16,
    operations: 300,
  },
  {
    title: 'stream of 200 events ×16',
    path: 'sse200openai',
    stream: true,
    promptBytes: 50_000,
    concurrency: 16,
    operations: 200,
  },
  { title: 'paced stream ×64', path: 'paced1openai', stream: true, promptBytes: 200, concurrency: 64, operations: 64 },
];

interface Round {
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly throughput: number;
}

class ProxyProcess {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  static async start(kind: 'bare' | 'gateway', origin: string): Promise<ProxyProcess> {
    const child = start('gateway-proxy.ts', [kind, origin, TOKEN], CLIENT_CORE);
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new ProxyProcess(child, port);
  }

  async round({ stream, promptBytes, concurrency, operations }: Case): Promise<Round> {
    const content = 'p'.repeat(promptBytes);
    const body = Buffer.from(JSON.stringify({ model: MODEL, stream, messages: [{ role: 'user', content }] }));
    const latencies: number[] = [];
    let left = operations;
    await this.#cpuUs();
    const startedAt = performance.now();
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        const sentAt = performance.now();
        await this.#send(body);
        latencies.push(performance.now() - sentAt);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpuUs = (await this.#cpuUs()) / operations;
    latencies.sort((a, b) => a - b);
    return { cpuUs, p50Ms: latencies[latencies.length >> 1] ?? Number.NaN, throughput: operations / seconds };
  }

  stop(): void {
    this.#agent.destroy();
    this.#child.disconnect();
  }

  #send(body: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': 'codex_exec/0.169.0',
        'session-id': '01a20123-5280-734e-9311-3b901ba7480c',
      };
      const options = { port: this.#port, path: '/v1/chat/completions', method: 'POST', headers, agent: this.#agent };
      const request = send({ ...options, host: '127.0.0.1' }, (answer) => {
        answer.on('error', reject);
        answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
        answer.resume();
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  async #cpuUs(): Promise<number> {
    this.#child.send('cpu');
    const [{ cpuUs }] = (await once(this.#child, 'message')) as [{ cpuUs: number }];
    return cpuUs;
  }
}

const upstream = await startServer();
const only = process.argv.slice(2);
for (const measured of CASES.filter(({ title }) => only.length === 0 || only.some((part) => title.includes(part)))) {
  const origin = upstream.origins[measured.path] ?? '';
  const proxies = {
    bare: await ProxyProcess.start('bare', origin),
    gateway: await ProxyProcess.start('gateway', origin),
  };
  const rounds = { bare: [] as Round[], gateway: [] as Round[] };
  const warmUp = { ...measured, operations: measured.path.startsWith('paced') ? 64 : 12_000, concurrency: 16 };
  await proxies.bare.round(warmUp);
  await proxies.gateway.round(warmUp);
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of round % 2 === 0 ? (['bare', 'gateway'] as const) : (['gateway', 'bare'] as const)) {
      rounds[kind].push(await proxies[kind].round(measured));
    }
  }
  const of = (kind: 'bare' | 'gateway', value: keyof Round): number[] => rounds[kind].map((round) => round[value]);
  const throughput = ratioOf(of('gateway', 'throughput'), of('bare', 'throughput'));
  const cpu = ratioOf(of('gateway', 'cpuUs'), of('bare', 'cpuUs'));
  const added = spreadOf(of('gateway', 'p50Ms').map((ms, round) => ms - (of('bare', 'p50Ms')[round] ?? Number.NaN)));
  const show = (value: number): string => value.toFixed(2);
  console.log(
    `${measured.title}: throughput ${show(throughput.median)} (${show(throughput.low)}–${show(throughput.high)}) of bare, ` +
      `CPU ${show(cpu.median)} times bare's ${Math.round(spreadOf(of('bare', 'cpuUs')).median)} µs, ` +
      `p50 + ${show(added.median)} ms`,
  );
  proxies.bare.stop();
  proxies.gateway.stop();
}
upstream.stop();
