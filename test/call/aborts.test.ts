import { expect, test } from 'vitest';
import type { ClientOptions } from '../../src/index';
import { CountingClock, countedSignal, type Probe, probe } from '../support/call-probe';
import { FaultServer, type Step } from '../support/fault-server';
import {
  ask,
  checkOrder,
  ending,
  HALF_OF_THE_WAYS,
  healthy,
  nameOf,
  only,
  WAYS,
  type Way,
} from '../support/fault-story';
import { settlesInThisTurn } from '../support/turns';
import { bytes, delta, head, openEvents, silence, whole } from '../support/wire-bytes';

interface Moment {
  readonly mode?: Way['mode'];
  readonly entryPoint?: Way['entryPoint'];
  readonly steps: (way: Way) => readonly Step[];
  readonly options?: ClientOptions;
  /** Resolves at the moment of the abort. */
  readonly until: (subject: Probe<CountingClock>, server: FaultServer) => Promise<void>;
  readonly requests: number;
  readonly ending: (way: Way) => string;
  /** The part of the response that the caller received before the abort. */
  readonly before?: (way: Way) => string;
}

/** Resolves when `count` attempts have been recorded. */
const attemptClosed = async ({ log }: Probe, count: number): Promise<void> => {
  while (log.attempts.length < count) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};
const requestsOf = (count: number) => (_subject: Probe, server: FaultServer) =>
  server.until(() => server.requests.length === count);

const jsonHead = head({}, 500);

const MOMENTS: Readonly<Record<string, Moment>> = {
  'before the headers': {
    steps: () => [silence],
    until: requestsOf(1),
    requests: 1,
    ending: () => 'cancelled caller_abort cancelled in headers',
  },
  'in the headers': {
    steps: () => [bytes('HTTP/1.1 200 OK\r\nx-a')],
    until: requestsOf(1),
    requests: 1,
    ending: () => 'cancelled caller_abort cancelled in headers',
  },
  'in the wait before a retry': {
    steps: () => [whole('{}', { status: 503, headers: { 'retry-after': '30' } })],
    until: (subject) => attemptClosed(subject, 1),
    requests: 1,
    ending: () => 'cancelled caller_abort cancelled 503 in wait',
  },
  'while the body of an error hangs': {
    steps: () => [bytes(head({ status: 503 }, 100), '{')],
    until: requestsOf(1),
    requests: 1,
    ending: () => 'cancelled caller_abort cancelled in headers',
  },
  'in the middle of a JSON body': {
    mode: 'json',
    steps: () => [bytes(jsonHead, '{"id":')],
    until: async (_subject, server) => {
      await server.until(() => server.requests.length === 1);
      await turns(20);
    },
    requests: 1,
    ending: () => 'cancelled caller_abort cancelled 200 in body',
    before: ({ entryPoint }) => (entryPoint === 'fetch' ? '200, then ' : ''),
  },
  'in the middle of a stream': {
    mode: 'stream',
    steps: () => [openEvents(delta('a'))],
    until: (subject) => attemptClosed(subject, 1).then(() => turns(20)),
    requests: 1,
    ending: () => 'cancelled caller_abort cancelled 200 in stream',
    before: ({ entryPoint }) => (entryPoint === 'fetch' ? '200, then ' : '1 events, then '),
  },
  'while the rest of an error body hangs': {
    entryPoint: 'fetch',
    steps: () => [bytes(head({ status: 403 }, 100), '{')],
    until: (subject) => attemptClosed(subject, 1).then(() => turns(20)),
    requests: 1,
    ending: () => 'failed http_status permission_denied 403 in headers',
    before: () => '403, then ',
  },
};

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

class Reason extends Error {
  override readonly name = 'Reason';
}

async function abortAt(moment: Moment, way: Way): Promise<void> {
  const closed: Promise<void>[] = [];
  const steps = moment.steps(way).map<Step>((step) => (exchange) => {
    closed.push(exchange.closed);
    return step(exchange);
  });
  const server = await FaultServer.start({ steps });
  const { controller, listeners } = countedSignal();
  const subject = probe(new CountingClock(), {
    origin: server.origin,
    transport: way.transport,
    maxConnections: 1,
    ...moment.options,
  });
  const outcome = ask(way, subject, { signal: controller.signal });
  await moment.until(subject, server);
  controller.abort(new Reason('enough'));
  const isPrompt = await settlesInThisTurn(outcome);
  const caller = await outcome;
  if (moment.requests > 0 && !/wait/.test(moment.ending(way))) {
    // A connection in use is destroyed. During the wait before a retry there is none in use.
    await Promise.all(closed);
  }
  // The phase, with the status if the call had one.
  const place = moment.ending(way).replace(/^cancelled caller_abort cancelled /, '');
  const [, status = '', where = place] = /^(\d+ )?(.*)$/.exec(place) ?? [];
  expect({
    way: nameOf(way),
    isPrompt,
    caller,
    ending: ending(only(subject.log.calls)),
    requests: server.requests.length,
  }).toEqual({
    way: nameOf(way),
    isPrompt: true,
    caller: `${moment.before?.(way) ?? ''}${way.entryPoint === 'client' ? `APIUserAbortError ${status}cancelled final ${where}` : 'Reason'}`,
    ending: moment.ending(way),
    requests: moment.requests,
  });
  checkOrder(subject.log);
  // The connection slot must be free, and no timer or listener may be left.
  server.become({ steps: [healthy(way)] });
  expect(await ask(way, subject)).not.toMatch(/Error|then/);
  await subject.clock.whenNone();
  expect(listeners()).toBe(0);
  await server.close();
}

for (const [name, moment] of Object.entries(MOMENTS)) {
  test(`an abort ${name} ends the call at once, closes the connection, and is recorded once`, async () => {
    const ways = HALF_OF_THE_WAYS.concat(WAYS.slice(0, 2)).filter(
      ({ mode, entryPoint }) => (moment.mode ?? mode) === mode && (moment.entryPoint ?? entryPoint) === entryPoint,
    );
    await Promise.all(ways.map((way) => abortAt(moment, way)));
  });
}

test.each(WAYS.map((way) => [nameOf(way), way] as const))(
  'an abort before the start sends nothing and records no attempt: %s',
  async (_name, way) => {
    const server = await FaultServer.start({ steps: [healthy(way)] });
    const subject = probe(new CountingClock(), { origin: server.origin, transport: way.transport });
    const outcome = await ask(way, subject, { signal: AbortSignal.abort(new Reason('early')) });
    expect({
      outcome,
      lines: subject.log.lines,
      ending: ending(only(subject.log.calls)),
      connections: server.connectionCount,
    }).toEqual({
      outcome: way.entryPoint === 'client' ? 'APIUserAbortError cancelled final in queue' : 'Reason',
      lines: ['call opened', 'call closed'],
      ending: 'cancelled caller_abort cancelled in queue',
      connections: 0,
    });
    expect(subject.clock.openTimers).toBe(0);
    await server.close();
  },
);

test.each(HALF_OF_THE_WAYS.map((way) => [nameOf(way), way] as const))(
  'an abort in the queue sends nothing and keeps the order of the queue: %s',
  async (_name, way) => {
    const server = await FaultServer.start({ steps: [silence, healthy(way)] });
    const subject = probe(new CountingClock(), { origin: server.origin, transport: way.transport, maxConnections: 1 });
    const first = new AbortController();
    const second = countedSignal();
    const outcomes = [
      ask(way, subject, { signal: first.signal }),
      ask(way, subject, { signal: second.controller.signal }),
      ask(way, subject),
    ] as const;
    await server.until(() => server.requests.length === 1);
    second.controller.abort(new Reason('tired'));
    expect(await outcomes[1]).toBe(
      way.entryPoint === 'client' ? 'APIUserAbortError cancelled final in queue' : 'Reason',
    );
    expect([server.requests.length, second.listeners()]).toEqual([1, 0]);
    first.abort();
    await outcomes[0];
    expect(await outcomes[2]).not.toMatch(/Error|then/);
    expect(server.requests.length).toBe(2);
    await subject.clock.whenNone();
    await server.close();
  },
);
