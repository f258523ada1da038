import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { APIError, CometAPI, RateLimitError } from '../../src/index';
import { type Scenario, scenario } from '../../src/simulator/index';
import { CHAT, collect, compare, connect, type Library, linesOfPage, OURS, RESPONSES } from '../support/drop-in';

const { different, tested } = compare();

/* Intentional differences from `openai`. The name of a test is a line of docs/compatibility.md. */

/** The error of one chat call that fails. */
async function failureOf(
  upstream: Scenario,
  options: ConstructorParameters<Library>[0] & { readonly compat?: 'openai' } = {},
): Promise<APIError> {
  await using connected = await connect(OURS, upstream, { maxRetries: 0, ...options });
  const error = await connected.client.chat.completions.create(CHAT).catch((reason: unknown) => reason);
  if (!(error instanceof APIError)) {
    throw new TypeError('The call did not fail as expected.', { cause: error });
  }
  return error;
}

async function streamFailure(upstream: Scenario, options: object = {}): Promise<unknown> {
  await using connected = await connect(OURS, upstream, { maxRetries: 0, ...options });
  const stream = await connected.client.chat.completions.create({ ...CHAT, stream: true });
  return await collect(stream).catch((reason: unknown) => reason);
}

/** The number of requests that one call sends. */
async function sendsOf(upstream: Scenario, options: object = {}): Promise<number> {
  await using connected = await connect(OURS, upstream, { maxRetries: 2, ...options });
  await connected.client.chat.completions.create(CHAT).catch(() => undefined);
  return connected.simulator.requests.length;
}

describe('errors', () => {
  different("`error.message` is this client's own text and contains no text of the server", async () => {
    const error = await failureOf(scenario.fail(400, { message: 'words of the server' }));
    expect(error.message).not.toContain('words of the server');
    expect(error.serverMessage).toContain('words of the server');
    expect(inspect(error) + JSON.stringify(error)).not.toContain('words of the server');
  });

  different('An error has no parsed body: `error.error` is absent', async () => {
    const error = await failureOf(scenario.fail(400, { code: 'bad_thing', type: 'a_type' }));
    expect(error).toMatchObject({ code: 'bad_thing', type: 'a_type' });
    expect('error' in error).toBe(false);
  });

  different('`error.headers` contains only the request id, `retry-after` and rate limits', async () => {
    const headers = { 'x-ratelimit-remaining-requests': '0', 'x-secret': 'private' };
    const error = await failureOf(scenario.fail(429, { retryAfter: 1, headers }));
    expect([...(error.headers?.keys() ?? [])]).toEqual([
      'retry-after',
      'x-ratelimit-remaining-requests',
      'x-request-id',
    ]);
  });

  different("`error.cause` is only the caller's abort reason", async () => {
    const reason = new Error('enough');
    const client = new CometAPI({
      apiKey: 'a-key-for-causes',
      fetch: () => Promise.reject(new Error('inner')),
      maxRetries: 0,
    });
    await expect(client.models.list({ signal: AbortSignal.abort(reason) })).rejects.toMatchObject({ cause: reason });
    const failed = await client.models.list().catch((error: unknown) => error);
    expect(failed).not.toHaveProperty('cause');
  });

  different('Errors are constructed from one object: `new RateLimitError({ message, status: 429 })`', () => {
    const error = new RateLimitError({ message: 'slow down', status: 429 });
    expect([error.message, error.status, error instanceof APIError, 'generate' in APIError]).toEqual([
      'slow down',
      429,
      true,
      false,
    ]);
  });
});

describe('the key and the configuration', () => {
  different('`inspect` and JSON show no key, and `client.apiKey` does not exist', (Client) => {
    const client = new Client({ apiKey: 'the-key-itself', defaultHeaders: { 'x-private': 'the-header-itself' } });
    expect(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client)).not.toMatch(/itself/);
    expect('apiKey' in client).toBe(false);
  });

  different('No log level prints a header, a body or a text of the server', async () => {
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    await failureOf(scenario.fail(400, { message: 'words of the server' }), {
      logger,
      logLevel: 'debug',
      defaultHeaders: { 'x-private': 'header words' },
    });
    const lines = JSON.stringify(Object.values(logger).flatMap(({ mock }) => mock.calls));
    expect(logger.debug).toHaveBeenCalledTimes(1);
    expect(lines).not.toMatch(/words|something short/i);
  });

  different(
    'The key is read from `COMETAPI_API_KEY` or `COMETAPI_KEY`, never from a variable of `openai`; a key under 8 characters is refused',
    (Client) => {
      vi.stubEnv('OPENAI_API_KEY', 'a-key-of-openai');
      vi.stubEnv('COMETAPI_API_KEY', '');
      vi.stubEnv('COMETAPI_KEY', '');
      expect(() => new Client()).toThrow(/COMETAPI_API_KEY/);
      vi.stubEnv('COMETAPI_KEY', 'a-key-of-comet');
      expect(() => new Client()).not.toThrow();
      vi.unstubAllEnvs();
      expect(() => new Client({ apiKey: 'seven77' })).toThrow(/8 characters/);
    },
  );

  different('Unsupported options of `openai` and misspelled options are refused by name', () => {
    const construct = (options: object) => () => new CometAPI({ apiKey: 'a-key-for-options', ...options });
    const openai = [
      'organization',
      'project',
      'adminAPIKey',
      'webhookSecret',
      'provider',
      'workloadIdentity',
      'dataResidency',
    ];
    for (const name of [...openai, 'maxRetrys']) {
      expect(construct({ [name]: 'a value' })).toThrow(name);
      expect(construct({ [name]: null })).not.toThrow();
    }
  });

  different('An environment variable with an invalid value is an error', (Client) => {
    vi.stubEnv('COMETAPI_LOG', 'loud');
    expect(() => new Client({ apiKey: 'a-key-for-levels' })).toThrow(/COMETAPI_LOG/);
    expect(() => new Client({ apiKey: 'a-key-for-levels', logLevel: 'off' })).not.toThrow();
    vi.unstubAllEnvs();
  });

  different('`baseURL`, `maxRetries` and `timeout` are read-only', (Client) => {
    const client = new Client({ apiKey: 'a-key-to-keep' });
    for (const name of ['baseURL', 'maxRetries', 'timeout'] as const) {
      expect(() => Object.assign(client, { [name]: 1 })).toThrow(TypeError);
    }
  });
});

describe('retries', () => {
  different('More than four retries are reduced to four, with one warning', (Client) => {
    const warn = vi.fn();
    const logger = { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() };
    expect(new Client({ apiKey: 'a-key-for-retries', maxRetries: 9, logger }).maxRetries).toBe(4);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  different('Each retry spends from a budget that every call refills a little; no budget, no retry', async () => {
    const retryBudget = { capacity: 1, depositPerCall: 0, refillPerSecond: 0 };
    expect(await sendsOf(scenario.fail(503, { retryAfterMs: 0 }), { retryBudget })).toBe(2);
  });

  different(
    'A 409, a 429 with a quota code, and a final status with `x-should-retry: true` are not retried',
    async () => {
      const sends = [
        await sendsOf(scenario.fail(409, { retryAfterMs: 0 })),
        await sendsOf(scenario.fail(429, { retryAfterMs: 0, code: 'insufficient_quota' })),
        await sendsOf(scenario.fail(400, { retryAfterMs: 0, headers: { 'x-should-retry': 'true' } })),
      ];
      expect(sends).toEqual([1, 1, 1]);
    },
  );

  different('A `Retry-After` beyond `maxRetryAfterMs` or the deadline fails at once, with `retryAfterMs`', async () => {
    const error = await failureOf(scenario.fail(429, { retryAfter: 120 }), { maxRetries: 2 });
    expect([error.retryAfterMs, error.attempts.length, error.retryable]).toEqual([120_000, 1, true]);
  });

  different('A redirect is not followed and throws `RedirectError`', async () => {
    expect(await failureOf(scenario.redirect(302, 'https://elsewhere.example/'))).toBeInstanceOf(
      CometAPI.RedirectError,
    );
  });

  different('A path on another origin is refused', async (Client) => {
    const fetch = vi.fn();
    const client = new Client({ apiKey: 'a-key-that-stays', fetch });
    await expect(client.get('https://elsewhere.example/')).rejects.toThrow(/another origin/);
    expect(fetch).not.toHaveBeenCalled();
  });

  different('Each POST call sends a new `idempotency-key`, the same for all its attempts', async () => {
    await using connected = await connect(OURS, scenario.fail(503, { retryAfterMs: 0 }).then(scenario.ok), {
      maxRetries: 1,
    });
    await connected.client.chat.completions.create(CHAT);
    await connected.client.chat.completions.create(CHAT);
    const [first, second, third] = connected.simulator.requests.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect([second === first, third === first]).toEqual([true, false]);
  });
});

describe('streams and answers', () => {
  different('A stream that ends before its answer is complete throws `StreamTruncatedError`', async () => {
    expect(await streamFailure(scenario.truncatedStream())).toBeInstanceOf(CometAPI.StreamTruncatedError);
    expect(await streamFailure(scenario.truncatedStream(), { compat: 'openai' })).toBeInstanceOf(Array);
  });

  different('A stream that stops sending data throws `StreamIdleError`', async () => {
    const stall = scenario.stall({ at: 'mid_stream', commentsOnly: true, commentEveryMs: 5 });
    expect(await streamFailure(stall, { idleTimeoutMs: 30 })).toBeInstanceOf(CometAPI.StreamIdleError);
  });

  different("An abort by the caller's signal during a stream throws `APIUserAbortError`", async (Client) => {
    await using connected = await connect(OURS, scenario.stall({ at: 'mid_stream', afterEvents: 2 }));
    const controller = new AbortController();
    const stream = await connected.client.responses.create(
      { ...RESPONSES, stream: true },
      { signal: controller.signal },
    );
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort(new Error('enough'));
    await expect(collect({ [Symbol.asyncIterator]: () => iterator })).rejects.toThrow(Client.APIUserAbortError);
    expect(stream.controller.signal.aborted).toBe(true);
  });

  different('HTML, invalid JSON, or JSON of a wrong shape throws `UnexpectedResponseError`', async () => {
    for (const upstream of [
      scenario.html200(),
      scenario.truncatedJson(),
      scenario.errorIn200(),
      scenario.respond({ body: '[]' }),
    ]) {
      expect(await failureOf(upstream)).toBeInstanceOf(CometAPI.UnexpectedResponseError);
    }
    const headers = { 'content-type': 'application/json' };
    await using connected = await connect(OURS, scenario.respond({ headers, body: '{"half":' }));
    await expect(connected.client.get('/probe')).rejects.toThrow(CometAPI.UnexpectedResponseError);
  });

  different('An event that is not JSON throws `UnexpectedResponseError`, and nothing is logged', async () => {
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const body = 'data: {"choices":\n\n';
    const upstream = scenario.respond({ headers: { 'content-type': 'text/event-stream' }, body });
    expect(await streamFailure(upstream, { logger, logLevel: 'error' })).toBeInstanceOf(
      CometAPI.UnexpectedResponseError,
    );
    expect(logger.error).not.toHaveBeenCalled();
  });

  different('`[DONE]` ends a stream even if white space surrounds it', async () => {
    const body = 'data:  [DONE] \n\n';
    expect(await streamFailure(scenario.respond({ headers: { 'content-type': 'text/event-stream' }, body }))).toEqual(
      [],
    );
  });

  different('JSON is parsed for any content type', async () => {
    await using connected = await connect(
      OURS,
      scenario.respond({ headers: { 'content-type': 'text/plain' }, body: '{"a":1}' }),
    );
    expect(await connected.client.get('/probe')).toEqual({ a: 1 });
  });

  different('`.asResponse()` returns a new Response with the same status, headers, URL and bytes', async (Client) => {
    const given = new Response('{"a":1}', { status: 201, headers: { 'x-own': 'yes' } });
    const client = new Client({ apiKey: 'a-key-for-responses', fetch: async () => given });
    const response = await client.get('/probe').asResponse();
    expect(response).not.toBe(given);
    expect([response.status, response.headers.get('x-own'), await response.text()]).toEqual([201, 'yes', '{"a":1}']);
  });

  different('`buildRequest()` shows a request without its key', async (Client) => {
    const client = new Client({ apiKey: 'a-key-that-stays', defaultHeaders: { 'x-team': 'search' } });
    const { req, url, timeout } = await client.buildRequest({
      method: 'put',
      path: '/probe',
      body: { a: 1 },
      timeout: 5,
    });
    expect([req.method, req.body, url, timeout]).toEqual(['PUT', '{"a":1}', 'https://api.cometapi.com/v1/probe', 5]);
    expect(Object.fromEntries(req.headers)).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^cometapi-otel\//),
      'x-team': 'search',
    });
  });
});

test('docs/compatibility.md lists exactly the tests of this file', () => {
  expect(linesOfPage(/^Intentional differences/)).toEqual(tested.different);
});
