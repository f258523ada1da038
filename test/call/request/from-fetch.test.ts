import { describe, expect, test } from 'vitest';
import { CountingClock, probe, scriptedFetch } from '../../support/call-probe';
import { FaultServer } from '../../support/fault-server';
import { attempts, only } from '../../support/fault-story';
import { CHAT_ANSWER, whole } from '../../support/wire-bytes';

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A client whose first attempt receives a 503, so that it sends every request twice. Also returns the requests. */
function twice(options: Parameters<typeof probe>[1] = {}) {
  const sent: Sent[] = [];
  const fetch = scriptedFetch(async ({ index, init, url }) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    sent.push({ url, method: init.method, body: await new Response(init.body ?? null).text(), headers });
    return index === 1
      ? new Response('{}', { status: 503 })
      : new Response(CHAT_ANSWER, { headers: { 'content-type': 'application/json' } });
  });
  return { sent, ...probe(new CountingClock(), { fetch, backoffBaseMs: 0, ...options }) };
}

const QUESTION = '{"model":"gpt-test","messages":[]}';
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const REPLAYED: Readonly<Record<string, (url: string) => Parameters<typeof fetch>>> = {
  text: (url) => [url, { method: 'POST', body: QUESTION }],
  bytes: (url) => [url, { method: 'POST', body: bytesOf(QUESTION) }],
  'part of a buffer': (url) => [
    url,
    { method: 'POST', body: new DataView(bytesOf(`xx${QUESTION}xx`).buffer, 2, QUESTION.length) },
  ],
  'a buffer': (url) => [url, { method: 'POST', body: bytesOf(QUESTION).buffer }],
  'a blob': (url) => [url, { method: 'POST', body: new Blob([QUESTION]) }],
  'a Request': (url) => [new Request(url, { method: 'POST', body: QUESTION })],
  'a Request made of a stream': (url) => [
    new Request(url, { method: 'POST', body: new Blob([QUESTION]).stream(), duplex: 'half' } as RequestInit),
  ],
  'a Request and another body': (url) => [new Request(url, { method: 'POST', body: 'of no use' }), { body: QUESTION }],
  'a URL object': (url) => [new URL(url), { method: 'post', body: QUESTION }],
};

test.each(Object.entries(REPLAYED))('a retry sends the same body again: %s', async (_name, argumentsFor) => {
  const { client, sent, log } = twice();
  const response = await client.fetch(...argumentsFor(`${client.baseURL}/chat/completions?a=b`));
  expect([response.status, await response.text()]).toEqual([200, CHAT_ANSWER]);
  expect(sent.map(({ url, method, body }) => ({ url, method, body }))).toEqual(
    Array(2).fill({ url: `${client.baseURL}/chat/completions?a=b`, method: 'POST', body: QUESTION }),
  );
  expect(attempts(log)).toBe('503 retryable_status, 200 success');
});

test('a retry sends the original bytes, even if the caller overwrites the buffer', async () => {
  const { client, sent, log } = twice();
  const body = bytesOf(QUESTION);
  const call = client.fetch(`${client.baseURL}/chat/completions`, { method: 'POST', body });
  body.fill(0);
  await (await call).text();
  expect(sent.map((request) => request.body)).toEqual([QUESTION, QUESTION]);
  expect(log.calls.length).toBe(1);
});

const ONCE: Readonly<Record<string, () => BodyInit>> = {
  'a stream': () => new Blob([QUESTION]).stream(),
  // Node accepts async iterables, but lib.dom does not declare them.
  'an async iterable': () =>
    (async function* () {
      yield bytesOf(QUESTION);
    })() as unknown as BodyInit,
};

test.each(Object.entries(ONCE))('a body that can be read only once is not retried: %s', async (_name, body) => {
  const { client, sent, log } = twice();
  const response = await client.fetch(`${client.baseURL}/chat/completions`, {
    method: 'POST',
    body: body(),
    duplex: 'half',
  } as RequestInit);
  expect([response.status, sent.length, attempts(log)]).toEqual([503, 1, '503 body_not_replayable']);
});

test('an abort while a Request body is read ends the call, and nothing is sent', async () => {
  const { client, sent, log } = twice();
  const controller = new AbortController();
  const body = new ReadableStream();
  const call = client.fetch(
    new Request(`${client.baseURL}/responses`, {
      method: 'POST',
      body,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit),
  );
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
  expect([sent, log.lines]).toEqual([[], []]);
});

describe('the API key', () => {
  const keyOf = async (headers: HeadersInit | undefined): Promise<readonly (string | undefined)[]> => {
    const { client, sent } = twice({ apiKey: 'synthetic-key-value' });
    await (
      await client.fetch(`${client.baseURL}/chat/completions`, {
        method: 'POST',
        body: QUESTION,
        ...(headers !== undefined && { headers }),
      })
    ).text();
    expect(sent[0]?.headers['authorization']).toBe(sent[1]?.headers['authorization']);
    return [sent[0]?.headers['authorization'], sent[0]?.headers['x-api-key']];
  };

  test('is the client’s, if the caller sends none or the placeholder', async () => {
    expect(await keyOf(undefined)).toEqual(['Bearer synthetic-key-value', undefined]);
    expect(await keyOf({ authorization: 'Bearer cometapi-otel-placeholder' })).toEqual([
      'Bearer synthetic-key-value',
      undefined,
    ]);
    expect(await keyOf({ 'x-api-key': 'cometapi-otel-placeholder' })).toEqual([undefined, 'synthetic-key-value']);
  });

  test('is the caller’s, if the caller sends one', async () => {
    expect(await keyOf({ authorization: 'Bearer another-synthetic-key' })).toEqual([
      'Bearer another-synthetic-key',
      undefined,
    ]);
    expect(await keyOf({ 'x-api-key': 'another-synthetic-key' })).toEqual([undefined, 'another-synthetic-key']);
  });

  test('is not sent to another origin, and the request passes through unchanged', async () => {
    const { client, sent, log } = twice({ apiKey: 'synthetic-key-value' });
    await client.fetch('http://127.0.0.1:1/elsewhere', { method: 'POST', body: QUESTION });
    expect([sent.length, sent[0]?.headers['authorization'], log.lines]).toEqual([1, undefined, []]);
  });
});

describe('an invalid request throws a TypeError that quotes no value', () => {
  const messageOf = (call: Promise<Response>): Promise<string> =>
    call.then(
      () => 'no error',
      (error: unknown) => (error instanceof TypeError ? error.message : 'another error'),
    );

  test('for a header with a line break', async () => {
    const { client } = twice();
    expect(await messageOf(client.fetch(`${client.baseURL}/models`, { headers: { 'x-a': 'secret\nvalue' } }))).toBe(
      'A request header has an invalid name or value. Use Latin-1 text without line breaks.',
    );
  });

  test('for a password in the URL', async () => {
    const { client } = twice();
    const url = client.baseURL.replace('http://', 'http://user:password@');
    expect(await messageOf(client.fetch(`${url}/models`))).toBe(
      'The request URL contains a user name or password. Remove them and pass the key as apiKey.',
    );
  });

  test.each(['GET', 'HEAD', undefined])('for a body with the method %s', async (method) => {
    const { client, sent } = twice();
    const init = { body: QUESTION, ...(method !== undefined && { method }) };
    expect(await messageOf(client.fetch(`${client.baseURL}/models`, init))).toBe(
      'A GET or HEAD request cannot have a body. Remove the body or use POST.',
    );
    expect(sent).toEqual([]);
  });
});

describe('the response', () => {
  test.each(['auto', 'fetch'] as const)('has the URL without its fragment, over %s', async (transport) => {
    const server = await FaultServer.start({ steps: [whole(CHAT_ANSWER)] });
    const { client } = probe(new CountingClock(), { origin: server.origin, transport });
    const url = `${client.baseURL}/chat/completions?a=b`;
    const response = await client.fetch(`${url}#part`, { method: 'POST', body: QUESTION });
    expect([response.url, await response.text(), server.requests[0]?.target]).toEqual([
      url,
      CHAT_ANSWER,
      '/v1/chat/completions?a=b',
    ]);
    await server.close();
  });

  test('has the same properties as the response of the platform’s fetch', async () => {
    const server = await FaultServer.start({
      steps: [
        whole('{"error":{}}', {
          status: 404,
          reason: 'Not Here',
          headers: { 'content-type': 'application/json', 'x-two': ['1', '2'] },
        }),
      ],
    });
    for (const transport of ['auto', 'fetch'] as const) {
      const { client } = probe(new CountingClock(), { origin: server.origin, transport });
      const url = `${client.baseURL}/chat/completions`;
      const theirs = await fetch(url, { method: 'POST' });
      const ours = await client.fetch(url, { method: 'POST' });
      const shape = ({ url: at, status, statusText, ok, redirected, type, bodyUsed, headers }: Response) => ({
        at,
        status,
        statusText,
        ok,
        redirected,
        type,
        bodyUsed,
        headers: [...headers],
      });
      expect(shape(ours)).toEqual(shape(theirs));
      expect(await ours.clone().json()).toEqual(await theirs.json());
      expect([ours instanceof Response, await ours.text(), ours.bodyUsed]).toEqual([true, '{"error":{}}', true]);
    }
    await server.close();
  });

  test('of any other CometAPI path is retried and recorded, but its body is not parsed', async () => {
    const { client, log } = twice();
    const response = await client.fetch(`${client.baseURL}/embeddings`, { method: 'POST', body: '{}' });
    expect([response.status, (await response.json()).id]).toEqual([200, 'chatcmpl-1']);
    const facts = only(log.calls);
    expect([facts.family, facts.routeTemplate, attempts(log), facts.response]).toEqual([
      'cometapi-other',
      '_OTHER',
      '503 retryable_status, 200 success',
      undefined,
    ]);
  });
});

test('calls succeed even if the server closes the connection after each response', async () => {
  // The server closes at once, so the next request may still use the closing connection.
  const server = await FaultServer.start({
    steps: [
      async (exchange) => {
        await whole(CHAT_ANSWER)(exchange);
        exchange.end();
      },
    ],
  });
  for (const transport of ['auto', 'fetch'] as const) {
    const { client, log } = probe(new CountingClock(), { origin: server.origin, transport, backoffBaseMs: 0 });
    for (let calls = 0; calls < 30; calls++) {
      await client.chat.completions.create({ model: 'gpt-test', messages: [] });
    }
    expect(log.calls.map(({ ending }) => ending)).toEqual(Array(30).fill('completed'));
  }
  await server.close();
});

test('a reused connection that the server resets is replaced by a retry', async () => {
  const server = await FaultServer.start({
    steps: [whole(CHAT_ANSWER), (exchange) => exchange.reset(), whole(CHAT_ANSWER)],
  });
  const { client, log } = probe(new CountingClock(), { origin: server.origin, backoffBaseMs: 0 });
  await client.chat.completions.create({ model: 'gpt-test', messages: [] });
  await client.chat.completions.create({ model: 'gpt-test', messages: [] });
  expect([attempts(log), server.requests.length]).toEqual([
    '200 success, connection_reset retryable_transport_failure (maybe twice), 200 success',
    3,
  ]);
  await server.close();
});
