import { expect, test } from 'vitest';
import { CountingClock, countedSignal, probe, scriptedFetch } from '../support/call-probe';
import { FaultServer } from '../support/fault-server';
import { CHAT_ANSWER, DONE, delta, events, FINISH, whole } from '../support/wire-bytes';

const CHAT = { model: 'gpt-test', messages: [] };

test('10,000 concurrent calls use at most 64 connections, are sent once each, and all complete', async () => {
  const server = await FaultServer.start({ steps: [whole(CHAT_ANSWER)] });
  const { client, log, clock } = probe(new CountingClock(), {
    origin: server.origin,
    retryBudget: { capacity: 10, depositPerCall: 0.1, refillPerSecond: 0.1 },
  });
  const { controller, listeners } = countedSignal();
  const answers = await Promise.all(
    Array.from({ length: 10_000 }, () => client.chat.completions.create(CHAT, { signal: controller.signal })),
  );
  expect({
    answers: answers.filter(({ id }) => id === 'chatcmpl-1').length,
    requests: server.requests.length,
    isBounded: server.connectionCount <= 64,
    recorded: log.calls.length,
    completed: log.calls.filter(({ ending }) => ending === 'completed').length,
    attempts: log.attempts.length,
    listeners: listeners(),
    timers: clock.openTimers,
    denied: client.retryBudget?.snapshot().denied,
  }).toEqual({
    answers: 10_000,
    requests: 10_000,
    isBounded: true,
    recorded: 10_000,
    completed: 10_000,
    attempts: 10_000,
    listeners: 0,
    timers: 0,
    denied: 0,
  });
  await server.close();
}, 120_000);

test('calls receive a slot in the order in which they were started', async () => {
  const order: number[] = [];
  const gate = Promise.withResolvers<void>();
  const fetch = scriptedFetch(async ({ init }) => {
    order.push(Number(new Headers(init.headers).get('x-call')));
    await gate.promise;
    return new Response(CHAT_ANSWER, { headers: { 'content-type': 'application/json' } });
  });
  const { client } = probe(new CountingClock(), { fetch, maxConnections: 2 });
  const calls = Array.from({ length: 50 }, (_, at) =>
    client.chat.completions.create(CHAT, { headers: { 'x-call': String(at) } }),
  );
  gate.resolve();
  await Promise.all(calls);
  expect(order).toEqual(Array.from({ length: 50 }, (_, at) => at));
});

test('4,000 calls leave no listener on the signal they share', async () => {
  const server = await FaultServer.start({ steps: [events(delta('a'), FINISH, DONE)] });
  const fetch = scriptedFetch(() => new Response(CHAT_ANSWER, { headers: { 'content-type': 'application/json' } }));
  const { client, clock } = probe(new CountingClock(), { fetch });
  const streaming = probe(new CountingClock(), { origin: server.origin });
  const { controller, listeners } = countedSignal();
  const { signal } = controller;
  for (let batch = 0; batch < 8; batch++) {
    await Promise.all(Array.from({ length: 490 }, () => client.chat.completions.create(CHAT, { signal })));
    await Promise.all(
      Array.from({ length: 10 }, async (_, at) => {
        for await (const _chunk of await streaming.client.chat.completions.create(
          { ...CHAT, stream: true },
          { signal },
        )) {
          if (at % 2 === 0) {
            break;
          }
        }
      }),
    );
  }
  await clock.whenNone();
  await streaming.clock.whenNone();
  expect([listeners(), streaming.log.calls.length]).toEqual([0, 80]);
  await server.close();
}, 120_000);
