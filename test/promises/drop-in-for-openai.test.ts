import { getEventListeners } from 'node:events';
import OpenAI from 'openai';
import { describe, expect, test, vi } from 'vitest';
import * as library from '../../src/index';
import { scenario } from '../../src/simulator/index';
import { CHAT, collect, compare, connect, linesOfPage, RESPONSES } from '../support/drop-in';
import { NO_LIMIT } from '../support/no-limit';

const { same, tested } = compare();

/*
 * Each test runs with `openai` and with this client, against the simulator on a real socket. The name of a test is a line
 * of docs/compatibility.md.
 */

const ERRORS = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
  500: 'InternalServerError',
} as const;

const NAMED = [
  ...Object.values(ERRORS),
  'OpenAIError',
  'APIError',
  'APIConnectionError',
  'APIConnectionTimeoutError',
  'APIUserAbortError',
] as const;

describe('imports', () => {
  same('The class is the default export, a named one, and its own static member', async (Client) => {
    expect(Client.OpenAI).toBe(Client === OpenAI ? OpenAI : library.OpenAI);
    expect(library.default).toBe(library.OpenAI);
    expect(library.default).toBe(library.CometAPI);
  });

  same('Every error class is a named export and a static member', async (Client) => {
    expect(NAMED.map((name) => typeof Client[name])).toEqual(NAMED.map(() => 'function'));
    const exported = new Map<string, unknown>(Object.entries(library));
    expect(NAMED.map((name) => library.OpenAI[name])).toEqual(NAMED.map((name) => exported.get(name)));
  });

  same('A status throws the same class as in `openai`, and `instanceof` works for the same tree', async (Client) => {
    for (const [status, name] of Object.entries(ERRORS)) {
      await using connected = await connect(Client, scenario.fail(Number(status)), { maxRetries: 0 });
      const error = await connected.client.chat.completions.create(CHAT).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Client[name]);
      expect(error).toBeInstanceOf(Client.APIError);
      expect(error).toBeInstanceOf(Client.OpenAIError);
      expect(error).toMatchObject({ status: Number(status), requestID: connected.simulator.requests[0]?.requestId });
    }
  });
});

describe('options', () => {
  same(
    '`apiKey`, `baseURL` with or without a trailing slash, `defaultHeaders` and `defaultQuery` are sent',
    async (Client) => {
      await using connected = await connect(Client);
      const { simulator } = connected;
      const client = new Client({
        apiKey: simulator.apiKey,
        baseURL: `${simulator.baseURL}/`,
        defaultHeaders: { 'X-Team': 'search', 'X-Twice': ['one', 'two'] },
        defaultQuery: { tier: 'batch' },
      });
      await client.chat.completions.create(CHAT);
      expect(simulator.requests[0]).toMatchObject({
        method: 'POST',
        path: '/v1/chat/completions?tier=batch',
        headers: {
          authorization: `Bearer ${simulator.apiKey}`,
          accept: 'application/json',
          'content-type': 'application/json',
          'x-stainless-retry-count': '0',
          'x-team': 'search',
          'x-twice': 'one, two',
        },
        json: CHAT,
      });
    },
  );

  same(
    'Options of a call override those of the client: `headers`, `query`, `timeout`, `maxRetries`, `idempotencyKey`',
    async (Client) => {
      await using connected = await connect(Client, scenario.fail(503, { retryAfterMs: 0 }), {
        defaultHeaders: { 'X-Team': 'search' },
        defaultQuery: { tier: 'batch', page: '1' },
        maxRetries: 2,
      });
      await expect(
        connected.client.chat.completions.create(CHAT, {
          maxRetries: 1,
          timeout: 5_000,
          headers: { 'x-team': 'ranking' },
          query: { tier: undefined, page: '2', include: ['a', 'b'], filter: { before: 5 } },
        }),
      ).rejects.toThrow(Client.InternalServerError);
      const [first, second, ...rest] = connected.simulator.requests;
      expect([first?.path, second?.headers['x-team'], rest.length]).toEqual([
        '/v1/chat/completions?page=2&include%5B%5D=a&include%5B%5D=b&filter%5Bbefore%5D=5',
        'ranking',
        0,
      ]);
    },
  );

  same(
    '`null` removes a header, including Authorization; `undefined` keeps it; of names that differ in case, the last wins',
    async (Client) => {
      await using connected = await connect(Client, scenario.respond({ body: '{}' }), {
        defaultHeaders: { 'X-Removed': 'default', 'X-Left': 'default' },
      });
      await connected.client.get('/probe', {
        headers: { 'X-Removed': null, 'X-Left': undefined, Authorization: null, 'X-Case': 'first', 'x-case': 'last' },
      });
      const { headers } = connected.simulator.requests[0] ?? { headers: {} };
      expect(headers).toMatchObject({ 'x-left': 'default', 'x-case': 'last' });
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-removed']));
      expect(headers).not.toHaveProperty('authorization');
    },
  );

  same('`apiKey` may be an async function, which is called for each attempt', async (Client) => {
    let asked = 0;
    await using connected = await connect(
      Client,
      scenario.fail(503, { retryAfterMs: 0 }).then(scenario.respond({ body: '{}' })),
      {
        apiKey: async () => `rotating-${++asked}`,
      },
    );
    await connected.client.get('/probe');
    expect(connected.simulator.requests.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer rotating-1',
      'Bearer rotating-2',
    ]);
  });

  same(
    '`maxRetries` counts retries; each attempt sends its number in `x-stainless-retry-count`, which you can set or remove',
    async (Client) => {
      await using connected = await connect(Client, scenario.fail(429, { retryAfter: '0.01' }), { maxRetries: 2 });
      const sent = (): unknown[] =>
        connected.simulator.requests.map(({ headers }) => headers['x-stainless-retry-count'] ?? null);
      for (const [headers, expected] of [
        [undefined, ['0', '1', '2']],
        [{ 'X-Stainless-Retry-Count': null }, [null, null, null]],
        [{ 'X-Stainless-Retry-Count': '42' }, ['42', '42', '42']],
      ] as const) {
        connected.simulator.reset();
        await expect(connected.client.models.list({ headers })).rejects.toThrow(Client.RateLimitError);
        expect(sent()).toEqual(expected);
      }
    },
  );

  same('`timeout` ends a call without a response with APIConnectionTimeoutError', async (Client) => {
    await using connected = await connect(Client, scenario.stall(), { maxRetries: 0 });
    await expect(connected.client.chat.completions.create(CHAT, { timeout: 20 })).rejects.toThrow(
      Client.APIConnectionTimeoutError,
    );
  });

  same(
    '`signal` ends a call with APIUserAbortError, before it is sent and while it waits, and no listener stays on it',
    async (Client) => {
      await using connected = await connect(Client, scenario.stall());
      const before = AbortSignal.abort();
      await expect(connected.client.responses.create(RESPONSES, { signal: before })).rejects.toThrow(
        Client.APIUserAbortError,
      );
      expect(connected.simulator.requests).toEqual([]);

      const controller = new AbortController();
      const call = connected.client.responses.create(RESPONSES, { signal: controller.signal });
      const failed = expect(call).rejects.toThrow(Client.APIUserAbortError);
      await connected.simulator.waitFor((requests) => requests.length === 1, NO_LIMIT);
      controller.abort();
      await failed;
      await connected.simulator.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    },
  );

  same(
    '`fetch` receives the URL as text and an init with method, Headers, body and signal, merged with `fetchOptions`',
    async (Client) => {
      const fetch = vi.fn(async (_input: string | URL | Request, _init?: RequestInit) => Response.json({ ok: true }));
      const client = new Client({
        apiKey: 'fetch-gets-this',
        baseURL: 'http://127.0.0.1:1/v1',
        fetch,
        fetchOptions: { keepalive: true },
      });
      await expect(client.post('/probe', { body: { a: 1 } })).resolves.toEqual({ ok: true });
      expect(fetch.mock.calls).toEqual([
        [
          'http://127.0.0.1:1/v1/probe',
          expect.objectContaining({
            method: 'POST',
            headers: expect.any(Headers),
            body: '{"a":1}',
            signal: expect.any(AbortSignal),
            keepalive: true,
          }),
        ],
      ]);
    },
  );

  same('`withOptions()` creates another client of the same class with some options changed', async (Client) => {
    const client = new Client({
      apiKey: 'with-options',
      baseURL: 'http://127.0.0.1:1/v1',
      maxRetries: 3,
      timeout: 2_000,
    });
    const other = client.withOptions({ baseURL: 'http://127.0.0.1:2/v1', timeout: 1_000 });
    expect([other.baseURL, other.timeout, other.maxRetries, other.logLevel]).toEqual([
      'http://127.0.0.1:2/v1',
      1_000,
      3,
      'warn',
    ]);
    expect([client.baseURL, client.timeout, client.constructor]).toEqual([
      'http://127.0.0.1:1/v1',
      2_000,
      other.constructor,
    ]);
    expect(other).not.toBe(client);
  });

  same(
    '`get`, `post`, `put`, `patch`, `delete` and `request` reach any path; `buildURL` returns its URL',
    async (Client) => {
      await using connected = await connect(Client, scenario.respond({ body: '{"a":1}' }), {
        defaultQuery: { q: 'x' },
      });
      const { client, simulator } = connected;
      const body = { b: 2 };
      await client.get('/probe');
      await client.post('/probe', { body });
      await client.put('/probe', { body });
      await client.patch('/probe', { body });
      await client.delete('/probe');
      expect(await client.request({ method: 'post', path: '/probe', body })).toEqual({ a: 1 });
      expect(simulator.requests.map(({ method, json }) => [method, json])).toEqual([
        ['GET', undefined],
        ['POST', body],
        ['PUT', body],
        ['PATCH', body],
        ['DELETE', undefined],
        ['POST', body],
      ]);
      expect(client.buildURL('/probe', { p: 1 })).toBe(`${simulator.baseURL}/probe?q=x&p=1`);
    },
  );

  same(
    'Bytes, forms and streams are sent unchanged, iterators as streams, text with a content type as text, the rest as JSON',
    async (Client) => {
      await using connected = await connect(Client, scenario.respond({ body: '{}' }), { maxRetries: 0 });
      const { client, simulator } = connected;
      const bytes = new TextEncoder().encode('bytes');
      const iterated = async function* (): AsyncGenerator<Uint8Array> {
        yield bytes;
      };
      await client.post('/probe', { body: bytes });
      await client.post('/probe', { body: new URLSearchParams({ a: '1' }) });
      await client.post('/probe', { body: new Response('streamed').body });
      await client.post('/probe', { body: iterated() });
      await client.post('/probe', { body: 'text', headers: { 'content-type': 'text/plain' } });
      await client.post('/probe', { body: 'text' });
      await client.post('/probe', {
        body: { a: ['b'] },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(simulator.requests.map(({ bodyText, headers }) => [bodyText, headers['content-type']])).toEqual([
        ['bytes', undefined],
        ['a=1', 'application/x-www-form-urlencoded;charset=UTF-8'],
        ['streamed', undefined],
        ['bytes', undefined],
        ['text', 'text/plain'],
        ['"text"', 'application/json'],
        [expect.stringMatching(/^a(\[\]|%5B%5D)=b$/), 'application/x-www-form-urlencoded'],
      ]);
    },
  );
});

describe('promises', () => {
  same('The promise of a call returns the parsed answer any number of times, and parses it once', async (Client) => {
    await using connected = await connect(Client);
    const call = connected.client.chat.completions.create(CHAT);
    const completion = await call;
    expect(await call).toBe(completion);
    expect((await call.withResponse()).data).toBe(completion);
    expect(await call.then(({ object }) => object).finally(() => undefined)).toBe('chat.completion');
    expect(connected.simulator.requests).toHaveLength(1);
  });

  same('`.asResponse()` returns the Response as soon as its headers arrive, with its body unread', async (Client) => {
    await using connected = await connect(Client, scenario.stall({ at: 'mid_stream' }));
    const response = await connected.client.responses.create({ ...RESPONSES, stream: true }).asResponse();
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.bodyUsed, response.headers.get('content-type')]).toEqual([
      200,
      false,
      expect.stringContaining('text/event-stream'),
    ]);
    await response.body?.cancel();
  });

  same('`.withResponse()` returns data, the same Response and the request id', async (Client) => {
    await using connected = await connect(Client);
    const call = connected.client.responses.create(RESPONSES);
    const response = await call.asResponse();
    const whole = await call.withResponse();
    expect(whole).toEqual({ data: await call, response, request_id: connected.simulator.requests[0]?.requestId });
    expect(whole.response).toBe(response);
  });

  same('`_request_id` is a property of answers, and not part of their JSON', async (Client) => {
    await using connected = await connect(Client);
    const completion = await connected.client.chat.completions.create(CHAT);
    expect(completion._request_id).toBe(connected.simulator.requests[0]?.requestId);
    expect(JSON.stringify(completion)).not.toContain('_request_id');
    expect(Object.keys({ ...completion })).not.toContain('_request_id');
  });

  same('A response has `output_text` with all text of its messages', async (Client) => {
    await using connected = await connect(Client, scenario.ok({ text: 'Simulated words.' }));
    expect((await connected.client.responses.create(RESPONSES)).output_text).toBe('Simulated words.');
  });

  same('`models.list()` returns a page, and can be iterated directly or page by page', async (Client) => {
    await using connected = await connect(Client, scenario.ok(), {}, { models: ['first', 'second'] });
    const { models } = connected.client;
    const page = await models.list();
    expect([page.data.map(({ id }) => id), page.hasNextPage()]).toEqual([['first', 'second'], false]);
    expect((await collect(models.list())).map(({ id }) => id)).toEqual(['first', 'second']);
    expect((await collect(page.iterPages())).map((one) => one.getPaginatedItems().length)).toEqual([2]);
  });

  same('Every await of a failed call throws its error, without an unhandled rejection', async (Client) => {
    await using connected = await connect(Client, scenario.fail(400));
    const call = connected.client.chat.completions.create(CHAT);
    const outcomes = await Promise.allSettled([
      call,
      call.asResponse(),
      call.withResponse(),
      call.catch((error) => Promise.reject(error)),
    ]);
    expect(
      outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason instanceof Client.BadRequestError),
    ).toEqual([true, true, true, true]);
  });
});

test('docs/compatibility.md lists exactly the tests of this file', () => {
  expect(linesOfPage(/^(?:Imports|Options|Promises)/)).toEqual(tested.same);
});
