import { createSimulator, type Scenario, type Simulator, type SimulatorOptions } from '../../src/simulator/index';

/** The transport between a test and the simulator. */
export type Driver = 'socket' | 'memory';

export const DRIVERS: readonly Driver[] = ['socket', 'memory'];

/** A simulator and a `fetch` for it. `await using` closes it. */
export interface Reached extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly baseURL: string;
  readonly fetch: typeof globalThis.fetch;
  /** Sends a POST with the correct key. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
}

/** Starts a simulator on a real socket or in memory. */
export async function reach(driver: Driver, options: SimulatorOptions = {}): Promise<Reached> {
  const simulator = createSimulator(options);
  if (driver === 'socket') {
    await simulator.listen();
  }
  const fetch = driver === 'socket' ? globalThis.fetch : simulator.fetch;
  const { baseURL } = simulator;
  return {
    simulator,
    baseURL,
    fetch,
    post: (path, body, init) =>
      fetch(`${baseURL}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: { authorization: `Bearer ${simulator.apiKey}`, 'content-type': 'application/json', ...init?.headers },
      }),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

export const CHAT = { model: 'simulated-model', messages: [{ role: 'user', content: 'Say something short.' }] };
export const RESPONSES = { model: 'simulated-model', input: 'Say something short.' };
export const MESSAGES = { ...CHAT, max_tokens: 64 };

export const ENDPOINTS = [
  { family: 'chat', path: '/chat/completions', body: CHAT },
  { family: 'responses', path: '/responses', body: RESPONSES },
  { family: 'messages', path: '/messages', body: MESSAGES },
] as const;

/** The result of a call, without the parts that change from run to run. */
export interface Outcome {
  readonly failed?: string;
  readonly code?: unknown;
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Headers that exist only on a connection. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'];

/** Reads a call to its end. Replaces random parts of `body`, also after a failure. */
export async function outcomeOf(call: Promise<Response>): Promise<Outcome> {
  let response: Response;
  try {
    response = await call;
  } catch (error) {
    return failure(error);
  }
  const seen = {
    status: response.status,
    headers: Object.fromEntries(
      [...response.headers]
        .filter(([name]) => !HOP_HEADERS.includes(name))
        .map(([name, value]) => [name, normalise(value)]),
    ),
  };
  const parts: Uint8Array[] = [];
  try {
    for await (const part of response.body ?? []) {
      parts.push(part);
    }
    return { ...seen, body: normalise(latin1(parts)) };
  } catch (error) {
    return { ...seen, ...failure(error), body: normalise(latin1(parts)) };
  }
}

function latin1(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('latin1');
}

function normalise(text: string): string {
  return text
    .replace(/(chatcmpl-|resp_|msg_|fc_|call_|toolu_)[A-Za-z0-9]{24}/g, '$1ID')
    .replace(/\d{14}\d{1,9}[A-Za-z0-9]{8}/g, 'REQUEST_ID')
    .replace(/ {100,}/g, (spaces) => `<${spaces.length} spaces>`)
    .replace(/"(created|created_at)":(\s*)\d+/g, '"$1":$2SECONDS');
}

function failure(error: unknown): Outcome {
  const { name, message, cause } = error as { name: string; message: string; cause?: { code?: unknown } };
  return { failed: `${name}: ${message}`, ...(cause?.code === undefined ? {} : { code: cause.code }) };
}

/** Sends one request through both drivers. */
export async function bothOutcomes(
  scenario: Scenario,
  path: string,
  body: unknown,
  init?: () => RequestInit,
): Promise<Readonly<Record<Driver, Outcome>>> {
  const seen = { socket: {}, memory: {} };
  for (const driver of DRIVERS) {
    await using reached = await reach(driver, { scenario });
    seen[driver] = await outcomeOf(reached.post(path, body, init?.()));
  }
  return seen;
}
