import type { CallFacts } from 'cometapi-otel';
import { generateToken, type RunningGateway, type StartGatewayOptions, startGateway } from 'cometapi-otel/gateway';
import { createSimulator, type Simulator, type SimulatorOptions } from 'cometapi-otel/testing';

/** A gateway on real sockets that uses the simulator as its upstream. */
export interface GatewayBench {
  readonly simulator: Simulator;
  readonly gateway: RunningGateway;
  readonly token: string;
  /** Facts of the ended calls, in order. */
  readonly facts: readonly CallFacts[];
  /** Resolves when `count` calls have ended. */
  ended(count: number): Promise<readonly CallFacts[]>;
  /** Sends a request with the token. */
  send(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export interface BenchOptions extends Partial<StartGatewayOptions> {
  readonly simulator?: SimulatorOptions;
}

export async function startBench({ simulator: settings, ...options }: BenchOptions = {}): Promise<GatewayBench> {
  const simulator = createSimulator(settings);
  const { baseURL } = await simulator.listen();
  const token = options.token ?? generateToken();
  const facts: CallFacts[] = [];
  const waiting = new Set<() => void>();
  const gateway = await startGateway({
    apiKey: simulator.apiKey,
    baseURL,
    port: 0,
    logLevel: 'off',
    ...options,
    token,
    observers: [
      {
        callClosed(call) {
          facts.push(call);
          for (const check of waiting) {
            check();
          }
        },
      },
      ...(options.observers ?? []),
    ],
  });
  const send = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) {
      headers.set('authorization', `Bearer ${token}`);
    }
    return fetch(`http://127.0.0.1:${gateway.port}${path}`, { ...init, headers });
  };
  return {
    simulator,
    gateway,
    token,
    facts,
    ended: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (facts.length >= count) {
            waiting.delete(check);
            resolve(facts);
          }
        };
        waiting.add(check);
        check();
      }),
    send,
    post: (path, body, init = {}) =>
      send(path, {
        ...init,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...Object.fromEntries(new Headers(init.headers)) },
        body: JSON.stringify(body),
      }),
    async close() {
      await gateway.close({ drainMs: 0 });
      await simulator.close();
    },
  };
}

export const CHAT = { model: 'simulated-model', messages: [{ role: 'user', content: 'synthetic prompt' }] };
export const CHAT_STREAM = { ...CHAT, stream: true, stream_options: { include_usage: true } };
export const RESPONSE = { model: 'simulated-model', input: 'synthetic prompt' };
export const RESPONSE_STREAM = { ...RESPONSE, stream: true };
export const MESSAGE = {
  model: 'simulated-model',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'synthetic prompt' }],
};
