import { expect, test } from 'vitest';
import { CountingClock, probe, scriptedFetch } from '../support/call-probe';
import { FaultServer } from '../support/fault-server';
import { describe, ending, only } from '../support/fault-story';
import { CHAT_ANSWER, chunk, delta, EVENT_STREAM, head, openEvents, whole } from '../support/wire-bytes';

class Reason extends Error {
  override readonly name = 'Reason';
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('an abort in the turn that grants the slot ends the call and frees the slot', async () => {
  const server = await FaultServer.start({ steps: [openEvents(delta('a')), whole(CHAT_ANSWER)] });
  const subject = probe(new CountingClock(), { origin: server.origin, maxConnections: 1 });
  const stream = await subject.client.chat.completions.create({ model: 'gpt-test', messages: [], stream: true });
  const controller = new AbortController();
  const waiting = subject.client.chat.completions
    .create({ model: 'gpt-test', messages: [] }, { signal: controller.signal })
    .catch(describe);
  await turns(2);
  // The slot is granted, and the caller aborts before the call can take it.
  stream.controller.abort();
  for await (const _chunk of stream) {
    // Ends without an error.
  }
  controller.abort();
  expect(await waiting).toMatch(/^APIUserAbortError cancelled final in (?:queue|headers)$/);
  expect(await subject.client.chat.completions.create({ model: 'gpt-test', messages: [] })).toMatchObject({
    id: 'chatcmpl-1',
  });
  await server.close();
});

test('an apiKey function that never settles ends at the abort and at the timeout', async () => {
  const server = await FaultServer.start({ steps: [whole(CHAT_ANSWER)] });
  const never = () => new Promise<string>(() => undefined);
  const subject = probe(new CountingClock(), { origin: server.origin, apiKey: never, timeout: 100, maxRetries: 0 });
  const controller = new AbortController();
  const call = subject.client.chat.completions
    .create({ model: 'gpt-test', messages: [] }, { signal: controller.signal })
    .catch(describe);
  await turns(2);
  controller.abort();
  expect(await call).toBe('APIUserAbortError cancelled final in headers');
  expect(await subject.client.chat.completions.create({ model: 'gpt-test', messages: [] }).catch(describe)).toBe(
    'APIConnectionTimeoutError timeout retryable in connect',
  );
  expect(server.connectionCount).toBe(0);
  expect(subject.log.attempts.map(({ maybeSentTwice }) => maybeSentTwice)).toEqual([false, false]);
  await server.close();
});

test('the call ends at once even if a custom fetch ignores the signal, and a late response is cancelled', async () => {
  const late = Promise.withResolvers<Response>();
  let isCancelled = false;
  const body = new ReadableStream({
    cancel() {
      isCancelled = true;
    },
  });
  const subject = probe(new CountingClock(), { fetch: scriptedFetch(() => late.promise) });
  const controller = new AbortController();
  const call = subject.client.chat.completions
    .create({ model: 'gpt-test', messages: [] }, { signal: controller.signal })
    .catch(describe);
  await turns(2);
  controller.abort();
  expect(await call).toBe('APIUserAbortError cancelled final in headers');
  late.resolve(new Response(body));
  await turns(2);
  expect(isCancelled).toBe(true);
});

test('the abort reason is the cause of the error, unless it contains the key', async () => {
  const subject = probe(new CountingClock(), {
    fetch: scriptedFetch(() => new Promise(() => undefined)),
    apiKey: 'synthetic-key-value',
  });
  const { client } = subject;
  const causeOf = async (reason: unknown): Promise<unknown> => {
    const controller = new AbortController();
    const call = client.chat.completions.create({ model: 'gpt-test', messages: [] }, { signal: controller.signal });
    controller.abort(reason);
    return call.then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.cause : undefined),
    );
  };
  const reason = new Reason('enough');
  expect(await causeOf(reason)).toBe(reason);
  expect(await causeOf('a string')).toBe('a string');
  expect(await causeOf(new Reason('Bearer synthetic-key-value'))).toBe(undefined);
});

test('an abort after the end has no effect', async () => {
  const server = await FaultServer.start({ steps: [whole(CHAT_ANSWER)] });
  const subject = probe(new CountingClock(), { origin: server.origin });
  const controller = new AbortController();
  await subject.client.chat.completions.create({ model: 'gpt-test', messages: [] }, { signal: controller.signal });
  controller.abort();
  await turns(2);
  expect([subject.log.lines, ending(only(subject.log.calls)), server.openConnections]).toEqual([
    ['call opened', 'attempt 1 opened', 'attempt 1 closed', 'call closed'],
    'completed body_complete 200 in body',
    1,
  ]);
  await server.close();
});

test('an abort after the last event does not change a completed call, even if the server keeps the connection open', async () => {
  const server = await FaultServer.start({
    steps: [
      async (exchange) => {
        await exchange.write(head({ headers: EVENT_STREAM, framing: 'chunked' }));
        await exchange.write(chunk('data: [DONE]\n\n'));
      },
    ],
  });
  const subject = probe(new CountingClock(), { origin: server.origin });
  const controller = new AbortController();
  const response = await subject.client.fetch(`${subject.client.baseURL}/chat/completions`, {
    method: 'POST',
    body: '{"stream":true}',
    signal: controller.signal,
  });
  const reader = response.body?.getReader();
  expect((await reader?.read())?.value?.length).toBe(14);
  controller.abort();
  expect(await reader?.read()).toEqual({ done: true, value: undefined });
  expect(ending(only(subject.log.calls))).toBe('completed terminal_event 200 in stream');
  await server.until(() => server.openConnections === 0);
  await server.close();
});
