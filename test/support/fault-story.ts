import { expect, test } from 'vitest';
import type { CallFacts } from '../../src/facts/call-facts';
import type { APIError, ClientOptions, RequestOptions } from '../../src/index';
import { CometAPIError } from '../../src/index';
import { CountingClock, countedSignal, type EventLog, type Probe, probe } from './call-probe';
import { type FaultServer, type FaultServerOptions, FaultServer as Server, type Step } from './fault-server';
import {
  CHAT_ANSWER,
  COMPLETED,
  CREATED,
  DONE,
  delta,
  events,
  FINISH,
  RESPONSES_ANSWER,
  TEXT_DELTA,
  whole,
} from './wire-bytes';

/** One way to send a request: endpoint, form of the response, entry point and transport. */
export interface Way {
  readonly endpoint: 'chat' | 'responses';
  readonly mode: 'json' | 'stream';
  readonly entryPoint: 'client' | 'fetch';
  readonly transport: 'auto' | 'fetch';
}

const ENDPOINTS = ['chat', 'responses'] as const;
const MODES = ['json', 'stream'] as const;
const ENTRY_POINTS = ['client', 'fetch'] as const;
const TRANSPORTS = ['auto', 'fetch'] as const;

export const WAYS: readonly Way[] = ENDPOINTS.flatMap((endpoint) =>
  MODES.flatMap((mode) =>
    ENTRY_POINTS.flatMap((entryPoint) => TRANSPORTS.map((transport) => ({ endpoint, mode, entryPoint, transport }))),
  ),
);

export const nameOf = (way: Way): string =>
  `${way.endpoint} ${way.mode}, ${way.entryPoint} entry point, over ${way.transport === 'auto' ? 'the dispatcher' : 'fetch'}`;

/** The response of a healthy server. */
export function healthy({ endpoint, mode }: Way): Step {
  if (mode === 'json') {
    return whole(endpoint === 'chat' ? CHAT_ANSWER : RESPONSES_ANSWER);
  }
  return endpoint === 'chat' ? events(delta('hel'), delta('lo'), FINISH, DONE) : events(CREATED, TEXT_DELTA, COMPLETED);
}

const PATH = { chat: '/chat/completions', responses: '/responses' } as const;

const CHAT = { model: 'gpt-test', messages: [{ role: 'user' as const, content: 'synthetic question' }] };
const RESPONSES = { model: 'gpt-test', input: 'synthetic question' };

/** Sends a request in one way, reads the whole response, and returns the caller's result as one line. */
export async function ask(way: Way, { client }: Pick<Probe, 'client'>, options: RequestOptions = {}): Promise<string> {
  try {
    return way.entryPoint === 'fetch' ? await askFetch(way, client, options) : await askTyped(way, client, options);
  } catch (error) {
    return describe(error);
  }
}

async function askFetch(way: Way, client: Probe['client'], { signal }: RequestOptions): Promise<string> {
  const response = await client.fetch(`${client.baseURL}${PATH[way.endpoint]}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...(way.endpoint === 'chat' ? CHAT : RESPONSES), stream: way.mode === 'stream' }),
    signal: signal ?? null,
  });
  try {
    const bytes = (await response.arrayBuffer()).byteLength;
    return `${response.status}, ${shown(bytes, 100_000)} bytes`;
  } catch (error) {
    return `${response.status}, then ${describe(error)}`;
  }
}

async function askTyped(way: Way, client: Probe['client'], options: RequestOptions): Promise<string> {
  const stream = way.mode === 'stream';
  const answer: unknown =
    way.endpoint === 'chat'
      ? await client.chat.completions.create({ ...CHAT, stream }, options)
      : await client.responses.create({ ...RESPONSES, stream }, options);
  if (!isIterable(answer)) {
    return `a value of ${JSON.stringify(answer).length} characters`;
  }
  let count = 0;
  try {
    for await (const _item of answer) {
      count++;
    }
  } catch (error) {
    return `${shown(count, 5)} events, then ${describe(error)}`;
  }
  return `${shown(count, 5)} events`;
}

/** Shows a large count as `many`, because the length of an endless response is random. */
const shown = (count: number, many: number): string => (count > many ? 'many' : `${count}`);

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** An error as one line, without its message. */
export function describe(error: unknown): string {
  if (CometAPIError.isInstance(error) && 'category' in error) {
    // Only `APIError` has a category, so the cast is safe.
    const { name, status, category, retryable, phase, code, retryAfterMs } = error as APIError;
    return [
      name,
      ...(status === undefined ? [] : [status]),
      category,
      ...(code === undefined ? [] : [code]),
      retryable ? 'retryable' : 'final',
      `in ${phase}`,
      ...(retryAfterMs === undefined ? [] : [`retry after ${retryAfterMs}`]),
    ].join(' ');
  }
  if (error instanceof Error) {
    return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
  }
  return typeof error;
}

/** The facts of a call as one line. */
export function ending(facts: CallFacts): string {
  const { status, errorType } = facts;
  return [
    facts.ending,
    facts.endingReason,
    ...(facts.category === 'none' ? [] : [facts.category]),
    ...(status === undefined ? [] : [status]),
    ...(errorType === undefined || errorType === `${status}` ? [] : [errorType]),
    `in ${facts.phase}`,
  ].join(' ');
}

/** The attempts of a call as one line: status or error type, and the reason for the decision. */
export function attempts(log: EventLog): string {
  return log.attempts
    .map(
      (attempt) =>
        `${attempt.status ?? attempt.errorType ?? attempt.category} ${attempt.because}${attempt.maybeSentTwice ? ' (maybe twice)' : ''}`,
    )
    .join(', ');
}

/** The outcome of one call, as text that a test can compare. See test/README.md. */
export interface Story {
  /** Number of requests that the server received. */
  readonly requests: number;
  /** See {@link attempts}. */
  readonly attempts: string;
  /** See {@link ending}. */
  readonly ending: string;
  /** See {@link ask}. */
  readonly caller: string;
}

/** Limits that no fault reaches, unless the fault overrides them. */
const LIMITS = { timeout: 10_000, idleTimeoutMs: 10_000, deadlineMs: 15_000 };

/** One fault of the server, and the outcome that the test expects. */
export interface Fault extends Partial<Omit<FaultServerOptions, 'steps'>> {
  /** @default both modes */
  readonly mode?: Way['mode'];
  /** The server's reaction to each request; the last step repeats. */
  readonly steps: (way: Way) => readonly Step[];
  readonly options?: ClientOptions;
  /** The origin that the client uses instead of the server's. The final check with a healthy call is then skipped. */
  readonly origin?: (server: FaultServer) => string;
  /** The client connects to a closed port. */
  readonly isDown?: true;
  /** The expected outcome for each way. */
  readonly story: (way: Way) => Story;
}

/** Half of the ways: the typed entry point over the dispatcher, and the fetch entry point over `fetch`. */
export const HALF_OF_THE_WAYS = WAYS.filter(
  ({ entryPoint, transport }) => (entryPoint === 'client') === (transport === 'auto'),
);

/**
 * Defines one test per fault. A test runs the fault in every way, all ways at once, and compares all stories.
 * Tests run concurrently, because most of their time is waiting. A fault with client options runs alone: its short
 * limits must not pass while other tests keep the process busy.
 */
export function testFaults(faults: Readonly<Record<string, Fault>>, allWays = WAYS): void {
  for (const [name, fault] of Object.entries(faults)) {
    const meets = fault.options === undefined ? test.concurrent : test;
    meets(name, async () => {
      const ways = allWays.filter(({ mode }) => fault.mode === undefined || fault.mode === mode);
      const met = await Promise.all(ways.map(async (way) => [nameOf(way), await meet(way, fault)] as const));
      expect(Object.fromEntries(met)).toEqual(Object.fromEntries(ways.map((way) => [nameOf(way), fault.story(way)])));
    });
  }
}

/** A port that the system never assigns. A port that was just closed could be assigned to another test. */
const CLOSED_PORT = 'http://127.0.0.1:2';

/**
 * Runs one fault in one way and returns what happened. Also checks what must be true after every call: observers were
 * notified once and in order, no timer and no listener is left, and the connection slot is free for the next call.
 */
export async function meet(way: Way, fault: Fault): Promise<Story> {
  const server = await Server.start({ ...fault, steps: fault.steps(way) });
  const origin = fault.isDown ? CLOSED_PORT : (fault.origin?.(server) ?? server.origin);
  try {
    const subject = probe(new CountingClock(), {
      // Every backoff takes the minimum of 50 ms.
      backoffBaseMs: 0,
      maxConnections: 1,
      transport: way.transport,
      ...LIMITS,
      origin,
      ...fault.options,
    });
    const { controller, listeners } = countedSignal();
    const caller = await ask(way, subject, { signal: controller.signal });
    const { log, clock } = subject;
    const sent = log.attempts.filter(({ phase }) => phase !== 'connect').length;
    if (fault.onAccept === undefined) {
      // The last request may still be in transit when the client gives up.
      await server.until(() => server.requests.length >= sent);
    }
    const story = {
      requests: server.requests.length,
      attempts: attempts(log),
      ending: ending(only(log.calls)),
      caller,
    };
    checkOrder(log);
    if (fault.origin === undefined && !fault.isDown) {
      await askNext(way, server, subject);
    }
    await clock.whenNone();
    if (listeners() !== 0) {
      throw new Error(`${listeners()} listeners were not removed from the caller's signal.`);
    }
    return story;
  } finally {
    await server.close();
  }
}

/** Makes the server healthy and sends another call. It succeeds only if the single connection slot is free. */
async function askNext(way: Way, server: FaultServer, { client }: Pick<Probe, 'client'>): Promise<void> {
  server.become({ steps: [healthy(way)] });
  const next = await ask(way, { client: client.withOptions(LIMITS) });
  if (/then|Error/.test(next) || server.requests.length !== 1) {
    throw new Error(`The next call did not succeed: ${server.requests.length} requests, ${next}.`);
  }
}

/** @throws Error if the observer events are not exactly those of one call, in order */
export function checkOrder({ lines, attempts: closed }: EventLog): void {
  const expected = [
    'call opened',
    ...closed.flatMap(({ index }) => [`attempt ${index} opened`, `attempt ${index} closed`]),
    'call closed',
  ];
  if (lines.join() !== expected.join() || closed.some(({ index }, at) => index !== at + 1)) {
    throw new Error(`The observer events are out of order: ${lines.join(', ')}.`);
  }
}

/** @throws Error if `items` does not contain exactly one item */
export function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined || items.length !== 1) {
    throw new Error(`Expected one item, found ${items.length}.`);
  }
  return item;
}

/** The ending and the caller's result for a healthy response. */
export function completed({ endpoint, mode, entryPoint }: Way): Pick<Story, 'ending' | 'caller'> {
  const bytes = { json: { chat: 240, responses: 217 }, stream: { chat: 450, responses: 607 } }[mode][endpoint];
  const value = `a value of ${{ chat: 240, responses: 239 }[endpoint]} characters`;
  return {
    ending: mode === 'json' ? 'completed body_complete 200 in body' : 'completed terminal_event 200 in stream',
    caller: entryPoint === 'fetch' ? `200, ${bytes} bytes` : mode === 'json' ? value : '3 events',
  };
}
