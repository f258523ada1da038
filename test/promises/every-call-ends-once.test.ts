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

/** The possible reactions of a server, good and bad. */
const STEPS: Readonly<Record<string, Step>> = {
  'answers with chat JSON': whole(CHAT_ANSWER),
  'answers with responses JSON': whole(RESPONSES_ANSWER),
  'answers with a chat stream': events(delta('a'), delta('b'), FINISH, DONE),
  'answers with a responses stream': events(CREATED, TEXT_DELTA, COMPLETED),
  'stays connected after the last event': openEvents(delta('a') + FINISH + DONE),
  'stops in a stream': openEvents(delta('a')),
  'ends a stream early': events(delta('a')),
  'resets in a stream': both(openEvents(CREATED), reset),
  'sends an error event': events(delta('a'), `data: ${errorBody()}\n\n`),
  'sends invalid JSON in an event': events('data: {"broken\n\n', FINISH),
  'stops in a body': bytes(head({}, 500), '{"id":'),
  'resets in a body': both(bytes(head({}, 500), '{"id":'), reset),
  'never responds': silence,
  'resets at once': reset,
  'closes at once': close,
  'sends an HTML page': whole('<html></html>', { headers: { 'content-type': 'text/html' } }),
  'sends an empty body': whole(''),
  'answers 401': whole(errorBody('invalid_api_key'), { status: 401 }),
  'answers 429': whole(errorBody(), {
    status: 429,
    headers: { 'content-type': 'application/json', 'retry-after': '0' },
  }),
  'answers 503': whole(errorBody(), { status: 503 }),
  'stops in an error body': bytes(head({ status: 500 }, 100), '{'),
  redirects: whole('', { status: 307, headers: { location: '/' } }),
};

/** The steps that leave the response incomplete and the connection open. The client must close that connection. */
const INCOMPLETE: readonly string[] = [
  'stays connected after the last event',
  'stops in a stream',
  'stops in a body',
  'never responds',
  'stops in an error body',
];

/** How the caller consumes the answer. */
const CONSUMERS = ['reads all', 'stops after one', 'cancels unread', 'never reads'] as const;
type Consumer = (typeof CONSUMERS)[number];

/** The time of the caller's abort, in turns of the event loop. Often there is none. */
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
/** The reactions to the requests of one call, by name. */
interface Script {
  readonly steps: readonly string[];
  sends: number;
  /** One promise per incomplete response. It resolves when the connection is closed. */
  readonly closed: Promise<void>[];
}
const scripts = new Map<string, Script>();

beforeAll(async () => {
  // All calls use one server. A header names the script of the call.
  const step = (exchange: Exchange): void | Promise<void> => {
    const script = scripts.get(exchange.request.headers['x-script'] ?? '');
    if (script === undefined) {
      return undefined;
    }
    const name = script.steps[Math.min(script.sends++, script.steps.length - 1)] ?? '';
    if (INCOMPLETE.includes(name)) {
      script.closed.push(exchange.closed);
    }
    return STEPS[name]?.(exchange);
  };
  server = await FaultServer.start({ steps: [step] });
});
afterAll(() => server.close());

async function consume(client: CometAPI, way: Way, how: Consumer, id: string, signal: AbortSignal): Promise<unknown> {
  const stream = way.mode === 'stream';
  const headers = { 'x-script': id };
  if (way.entryPoint === 'fetch') {
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
      case 'stops after one': {
        const reader = response.body?.getReader();
        await reader?.read();
        await reader?.cancel();
        return undefined;
      }
      case 'cancels unread':
        await response.body?.cancel();
        return undefined;
      case 'never reads':
        return response;
    }
  }
  const answer: unknown = await (way.endpoint === 'chat'
    ? client.chat.completions.create({ model: 'm', messages: [], stream }, { headers, signal })
    : client.responses.create({ model: 'm', input: 'q', stream }, { headers, signal }));
  if (how === 'never reads' || typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer)) {
    return answer;
  }
  // The check above proves the type.
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

describe('for any server and any caller, a call ends once, notifies its observers in order, and leaves nothing open', () => {
  // A run mostly waits for limits, so four runs share the time.
  test.concurrent.each([1, 2, 3, 4])('random calls, run %i', () => runRandomCalls(15), 120_000);
});

async function runRandomCalls(numRuns: number): Promise<void> {
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
            const script: Script = { steps, sends: 0, closed: [] };
            scripts.set(id, script);
            const { client, log, clock } = probe(
              new CountingClock(),
              { ...options, transport: way.transport },
              NO_JITTER,
            );
            const { controller, listeners } = countedSignal();
            const recorded = Promise.withResolvers<void>();
            log.onCallClosed = () => recorded.resolve();
            const consumed = consume(client, way, how, id, controller.signal).catch(() => undefined);
            for (let turn = 0; turns !== undefined && turn < turns; turn++) {
              await new Promise((resolve) => setImmediate(resolve));
            }
            if (turns !== undefined) {
              controller.abort();
            }
            await consumed;
            await recorded.promise;
            await clock.whenNone();
            const what = `${nameOf(way)}, ${how}, ${steps.join(', ')}, abort after ${turns}`;
            check(log, what);
            expect([what, listeners()]).toEqual([what, 0]);
            await Promise.all(script.closed);
            scripts.delete(id);
          }),
        );
      },
    ),
    { numRuns, endOnFailure: true },
  );
}

/** Checks what must be true of every call. */
function check(log: EventLog, what: string): void {
  checkOrder(log);
  const facts = only(log.calls);
  expect([what, LEGAL[facts.ending].includes(facts.endingReason)]).toEqual([what, true]);
  expect(Object.isFrozen(facts) && Object.isFrozen(facts.attempts)).toBe(true);
  expect(facts.attempts).toEqual(log.attempts);
  expect(facts.category === 'none').toBe(facts.ending === 'completed');
  expect(facts.errorType === undefined).toBe(facts.ending !== 'failed');
  // Every attempt except the last one was retried.
  expect(facts.attempts.slice(0, -1).every(({ decision }) => decision === 'retried')).toBe(true);
  // No attempt after the commit point was retried.
  expect(facts.attempts.slice(0, -1).some(({ status }) => status !== undefined && status < 400)).toBe(false);
}
