import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallFacts, CometAPI } from '../../src/index';
import { CountingClock, countedSignal, type EventLog, NO_JITTER, probe } from '../support/call-probe';
import { type Exchange, FaultServer, type Step } from '../support/fault-server';
import { checkOrder, nameOf, only, WAYS, type Way } from '../support/fault-story';
import {
  both,
  bytes,
  CHAT_ANSWER,
  COMPLETED,
  CREATED,
  close,
  DONE,
  delta,
  errorBody,
  events,
  FINISH,
  head,
  openEvents,
  RESPONSES_ANSWER,
  reset,
  silence,
  TEXT_DELTA,
  whole,
} from '../support/wire-bytes';

/** What a server may do with a request, good and bad. */
const STEPS: Readonly<Record<string, Step>> = {
  'answers with chat JSON': whole(CHAT_ANSWER),
  'answers with responses JSON': whole(RESPONSES_ANSWER),
  'answers with a chat stream': events(delta('a'), delta('b'), FINISH, DONE),
  'answers with a responses stream': events(CREATED, TEXT_DELTA, COMPLETED),
  'stays after the last event': openEvents(delta('a') + FINISH + DONE),
  'stops in a stream': openEvents(delta('a')),
  'ends a stream early': events(delta('a')),
  'resets in a stream': both(openEvents(CREATED), reset),
  'tells of an error in a stream': events(delta('a'), `data: ${errorBody()}\n\n`),
  'breaks an event': events('data: {"broken\n\n', FINISH),
  'stops in a body': bytes(head({}, 500), '{"id":'),
  'resets in a body': both(bytes(head({}, 500), '{"id":'), reset),
  'says nothing': silence,
  'resets at once': reset,
  'closes at once': close,
  'sends an HTML page': whole('<html></html>', { headers: { 'content-type': 'text/html' } }),
  'sends nothing': whole(''),
  'answers 401': whole(errorBody('invalid_api_key'), { status: 401 }),
  'answers 429': whole(errorBody(), {
    status: 429,
    headers: { 'content-type': 'application/json', 'retry-after': '0' },
  }),
  'answers 503': whole(errorBody(), { status: 503 }),
  'hangs in an error': bytes(head({ status: 500 }, 100), '{'),
  redirects: whole('', { status: 307, headers: { location: '/' } }),
};

/** How the one who asked goes on. */
const CONSUMERS = ['reads all', 'leaves after one', 'leaves unread', 'reads nothing'] as const;
type Consumer = (typeof CONSUMERS)[number];

/** When the caller aborts, in turns of the event loop; never, mostly. */
const abortAfter = fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined, freq: 2 });

const LEGAL: Readonly<Record<CallFacts['ending'], readonly CallFacts['endingReason'][]>> = {
  completed: ['terminal_event', 'body_complete', 'no_body'],
  failed: [
    'http_status',
    'redirect',
    'connection',
    'header_timeout',
    'body_timeout',
    'deadline',
    'queue_deadline',
    'body_error',
    'unexpected_response',
    'stream_truncated',
    'stream_idle_timeout',
    'stream_error_event',
    'response_failed',
  ],
  cancelled: ['caller_abort', 'consumer_cancel'],
  abandoned: ['never_read', 'garbage_collected'],
};

let server: FaultServer;
const scripts = new Map<string, readonly Step[]>();
const sends = new Map<string, number>();

beforeAll(async () => {
  // One server for all calls; each says by a header which script is his.
  const step = (exchange: Exchange): void | Promise<void> => {
    const id = exchange.request.headers['x-script'] ?? '';
    const steps = scripts.get(id) ?? [];
    const sent = sends.get(id) ?? 0;
    sends.set(id, sent + 1);
    return steps[Math.min(sent, steps.length - 1)]?.(exchange);
  };
  server = await FaultServer.start({ steps: [step] });
});
afterAll(() => server.close());

async function consume(client: CometAPI, way: Way, how: Consumer, id: string, signal: AbortSignal): Promise<unknown> {
  const stream = way.mode === 'stream';
  const headers = { 'x-script': id };
  if (way.door === 'fetch') {
    const path = way.endpoint === 'chat' ? 'chat/completions' : 'responses';
    const response = await client.fetch(`${client.baseURL}/${path}`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', stream }),
      headers,
      signal,
    });
    switch (how) {
      case 'reads all':
        await response.text();
        return undefined;
      case 'leaves after one': {
        const reader = response.body?.getReader();
        await reader?.read();
        await reader?.cancel();
        return undefined;
      }
      case 'leaves unread':
        await response.body?.cancel();
        return undefined;
      case 'reads nothing':
        return response;
    }
  }
  const answer: unknown = await (way.endpoint === 'chat'
    ? client.chat.completions.create({ model: 'm', messages: [], stream }, { headers, signal })
    : client.responses.create({ model: 'm', input: 'q', stream }, { headers, signal }));
  if (how === 'reads nothing' || typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer)) {
    return answer;
  }
  // It has just been looked at.
  for await (const _item of answer as AsyncIterable<unknown>) {
    if (how !== 'reads all') {
      break;
    }
  }
  return undefined;
}

const call = fc.record({
  way: fc.constantFrom(...WAYS),
  how: fc.constantFrom(...CONSUMERS),
  steps: fc.array(fc.constantFrom(...Object.keys(STEPS)), { minLength: 1, maxLength: 4 }),
  abortAfter,
});

let scriptCount = 0;

describe('whatever the server does, and however the caller goes on: one ending, told once, after attempts told in pairs', () => {
  // Most of a run is waiting for limits, so a few go on at once.
  test.concurrent.each(['one lane', 'a second', 'a third', 'a fourth'])('%s', () => meetServers(15), 120_000);

  test('nothing is open but what is kept for the next call', () => {
    expect(server.openConnections).toBeLessThan(200);
  });
});

async function meetServers(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 8, maxLength: 24 }),
      fc.integer({ min: 1, max: 4 }),
      async (calls, maxConnections) => {
        const options = {
          origin: server.origin,
          maxConnections,
          backoffBaseMs: 0,
          timeout: 60,
          idleTimeoutMs: 60,
          deadlineMs: 1_500,
          unreadTimeoutMs: 60,
        };
        await Promise.all(
          calls.map(async ({ way, how, steps, abortAfter: turns }) => {
            const id = `script-${scriptCount++}`;
            scripts.set(
              id,
              steps.map((name) => STEPS[name] ?? silence),
            );
            const { client, log, clock } = probe(
              new CountingClock(),
              { ...options, transport: way.transport },
              NO_JITTER,
            );
            const { controller, listeners } = countedSignal();
            const told = Promise.withResolvers<void>();
            log.onCallClosed = () => told.resolve();
            const consumed = consume(client, way, how, id, controller.signal).catch(() => undefined);
            for (let turn = 0; turns !== undefined && turn < turns; turn++) {
              await new Promise((resolve) => setImmediate(resolve));
            }
            if (turns !== undefined) {
              controller.abort();
            }
            await consumed;
            await told.promise;
            await clock.whenNone();
            const what = `${nameOf(way)}, ${how}, ${steps.join(', ')}, abort after ${turns}`;
            check(log, what);
            expect([what, listeners()]).toEqual([what, 0]);
            scripts.delete(id);
          }),
        );
      },
    ),
    { numRuns, endOnFailure: true },
  );
}

/** What is true of every call. */
function check(log: EventLog, what: string): void {
  checkOrder(log);
  const facts = only(log.calls);
  expect([what, LEGAL[facts.ending].includes(facts.endingReason)]).toEqual([what, true]);
  expect(Object.isFrozen(facts) && Object.isFrozen(facts.attempts)).toBe(true);
  expect(facts.attempts).toEqual(log.attempts);
  expect(facts.category === 'none').toBe(facts.ending === 'completed');
  expect(facts.errorType === undefined).toBe(facts.ending !== 'failed');
  // The last attempt, and no other, is the one that was not followed by another.
  expect(facts.attempts.slice(0, -1).every(({ decision }) => decision === 'retried')).toBe(true);
  // Retried after the commit point: never.
  expect(facts.attempts.slice(0, -1).some(({ status }) => status !== undefined && status < 400)).toBe(false);
}
