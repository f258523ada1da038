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

/** One way to ask: endpoint, how the answer is to come, through which door, and over what. */
export interface Way {
  readonly endpoint: 'chat' | 'responses';
  readonly mode: 'json' | 'stream';
  readonly door: 'typed' | 'fetch';
  readonly transport: 'auto' | 'fetch';
}

const ENDPOINTS = ['chat', 'responses'] as const;
const MODES = ['json', 'stream'] as const;
const DOORS = ['typed', 'fetch'] as const;
const TRANSPORTS = ['auto', 'fetch'] as const;

export const WAYS: readonly Way[] = ENDPOINTS.flatMap((endpoint) =>
  MODES.flatMap((mode) =>
    DOORS.flatMap((door) => TRANSPORTS.map((transport) => ({ endpoint, mode, door, transport }))),
  ),
);

export const nameOf = (way: Way): string =>
  `${way.endpoint} ${way.mode} through ${way.door} over ${way.transport === 'auto' ? 'the dispatcher' : 'fetch'}`;

/** What a healthy server answers. */
export function healthy({ endpoint, mode }: Way): Step {
  if (mode === 'json') {
    return whole(endpoint === 'chat' ? CHAT_ANSWER : RESPONSES_ANSWER);
  }
  return endpoint === 'chat' ? events(delta('hel'), delta('lo'), FINISH, DONE) : events(CREATED, TEXT_DELTA, COMPLETED);
}

const PATH = { chat: '/chat/completions', responses: '/responses' } as const;

const CHAT = { model: 'gpt-test', messages: [{ role: 'user' as const, content: 'synthetic question' }] };
const RESPONSES = { model: 'gpt-test', input: 'synthetic question' };

/** Asks in one way, takes everything, and says what the caller got, in one line. */
export async function ask(way: Way, { client }: Pick<Probe, 'client'>, options: RequestOptions = {}): Promise<string> {
  try {
    return way.door === 'fetch' ? await askFetch(way, client, options) : await askTyped(way, client, options);
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
    return `${response.status}, ${told(bytes, 100_000)} bytes`;
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
    return `${told(count, 5)} events, then ${describe(error)}`;
  }
  return `${told(count, 5)} events`;
}

/** How many of what goes on for ever is a matter of chance. */
const told = (count: number, many: number): string => (count > many ? 'many' : `${count}`);

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** An error in one line, and nothing that it may not say. */
export function describe(error: unknown): string {
  if (CometAPIError.isInstance(error) && 'category' in error) {
    // The category is APIError's.
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

/** The facts of a call in one line. */
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

/** What became of each attempt. */
export function attempts(log: EventLog): string {
  return log.attempts
    .map(
      (attempt) =>
        `${attempt.status ?? attempt.errorType ?? attempt.category} ${attempt.because}${attempt.maybeSentTwice ? ' (maybe twice)' : ''}`,
    )
    .join(', ');
}

export interface Story {
  readonly requests: number;
  readonly attempts: string;
  readonly ending: string;
  readonly caller: string;
}

/** No limit is met, unless a fault sets one of its own. */
const LIMITS = { timeout: 10_000, idleTimeoutMs: 10_000, deadlineMs: 15_000 };

/** One fault, and what is to come of it. */
export interface Fault extends Partial<Omit<FaultServerOptions, 'steps'>> {
  /** @default every way */
  readonly mode?: Way['mode'];
  readonly steps: (way: Way) => readonly Step[];
  readonly options?: ClientOptions;
  /** Where the client looks for the server, when that is not where it is: then nothing can heal. */
  readonly origin?: (server: FaultServer) => string;
  /** Nobody listens. */
  readonly isDown?: true;
  readonly story: (way: Way) => Story;
}

/** Each door, endpoint and mode once, over one transport or the other. */
export const HALF_OF_THE_WAYS = WAYS.filter(({ door, transport }) => (door === 'typed') === (transport === 'auto'));

/**
 * Meets each fault in every way, all ways at once. A few faults at a time, since most of each is waiting; but those that
 * set limits of their own one after the other, so that no limit passes while others are at work.
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

/** A port that the system gives to nobody who asks for any; one that was just closed may be another test's next. */
const NOBODY = 'http://127.0.0.1:2';

/**
 * Meets one fault in one way, and gives back what happened. Then proves what must hold after every call: it was told
 * once and in order, no timer and no listener is left, and its connection is free for the next call.
 */
export async function meet(way: Way, fault: Fault): Promise<Story> {
  const server = await Server.start({ ...fault, steps: fault.steps(way) });
  const origin = fault.isDown ? NOBODY : (fault.origin?.(server) ?? server.origin);
  try {
    const subject = probe(new CountingClock(), {
      // The shortest waits there are: 50 ms.
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
      // The last may still be on its way when the client has given it up.
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
      throw new Error(`${listeners()} listeners are left.`);
    }
    return story;
  } finally {
    await server.close();
  }
}

/** The server is well again: the only slot must be free, for a client that shares it. */
async function askNext(way: Way, server: FaultServer, { client }: Pick<Probe, 'client'>): Promise<void> {
  server.become({ steps: [healthy(way)] });
  const next = await ask(way, { client: client.withOptions(LIMITS) });
  if (/then|Error/.test(next) || server.requests.length !== 1) {
    throw new Error(`The next call was disturbed: ${server.requests.length} requests, ${next}.`);
  }
}

/** @throws Error when the events of one call are not those of one call */
export function checkOrder({ lines, attempts: closed }: EventLog): void {
  const expected = [
    'call opened',
    ...closed.flatMap(({ index }) => [`attempt ${index} opened`, `attempt ${index} closed`]),
    'call closed',
  ];
  if (lines.join() !== expected.join() || closed.some(({ index }, at) => index !== at + 1)) {
    throw new Error(`Told out of order: ${lines.join(', ')}.`);
  }
}

export function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined || items.length !== 1) {
    throw new Error(`There are ${items.length}, not one.`);
  }
  return item;
}

/** The story of a healthy answer, as far as it is the same for every fault. */
export function completed({ endpoint, mode, door }: Way): Pick<Story, 'ending' | 'caller'> {
  const bytes = { json: { chat: 240, responses: 217 }, stream: { chat: 450, responses: 607 } }[mode][endpoint];
  const value = `a value of ${{ chat: 240, responses: 239 }[endpoint]} characters`;
  return {
    ending: mode === 'json' ? 'completed body_complete 200 in body' : 'completed terminal_event 200 in stream',
    caller: door === 'fetch' ? `200, ${bytes} bytes` : mode === 'json' ? value : '3 events',
  };
}
