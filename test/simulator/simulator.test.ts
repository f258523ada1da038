import { createServer, type Server } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createSimulator, scenario } from '../../src/simulator/index';
import { NO_LIMIT } from '../support/no-limit';
import { CHAT, DRIVERS, reach } from './drivers';

const origins = (): unknown => Reflect.get(globalThis, Symbol.for('cometapi-otel.simulators'));

test('each simulator generates a different key in the format of CometAPI', () => {
  const keys = [createSimulator().apiKey, createSimulator().apiKey];
  expect(keys[0]).toMatch(/^sk-[A-Za-z0-9]{48}$/);
  expect(keys[0]).not.toBe(keys[1]);
});

test('the fetch, origin and answers of a simulator are distinguishable from CometAPI', async () => {
  const simulator = createSimulator();
  expect(Reflect.get(simulator.fetch, Symbol.for('cometapi-otel.simulator'))).toBe(true);
  expect(simulator.baseURL).toBe('https://api.cometapi.com/v1');
  const { baseURL, port, close } = await simulator.listen();
  expect(baseURL).toBe(`http://127.0.0.1:${port}/v1`);
  expect(simulator.baseURL).toBe(baseURL);
  expect(origins()).toEqual(new Set([`http://127.0.0.1:${port}`]));
  const response = await fetch(`${baseURL}/models`);
  expect([response.status, response.headers.get('x-cometapi-simulator')]).toEqual([401, '1']);
  await response.body?.cancel();
  await close();
  expect(origins()).toEqual(new Set());
  expect(simulator.baseURL).toBe('https://api.cometapi.com/v1');
});

test('listen can be called again only after the server is closed', async () => {
  const simulator = createSimulator();
  const first = await simulator.listen();
  await expect(simulator.listen()).rejects.toThrow(
    'The simulator is already listening. Close the running server first.',
  );
  await first.close();
  const second = await simulator.listen({ port: first.port });
  expect(second.port).toBe(first.port);
  await simulator.close();
  await simulator.close();
  await expect(simulator.listen()).rejects.toThrow('The simulator is closed.');
});

test('a server that is closed during its start does not stay open', async () => {
  const simulator = createSimulator();
  const starting = expect(simulator.listen()).rejects.toThrow('The simulator is closed.');
  await simulator.close();
  await starting;
  expect(origins()).toEqual(new Set());
});

test('closing a server does not count as closed by the client', async () => {
  const simulator = createSimulator({ scenario: scenario.stall() });
  const { baseURL, close } = await simulator.listen();
  const ended = expect(fetch(`${baseURL}/models`)).rejects.toThrow('fetch failed');
  await simulator.waitFor((requests) => requests.length === 1, NO_LIMIT);
  await close();
  await ended;
  expect(simulator.requests[0]).toMatchObject({ closedByClient: false, finished: false });
});

test('rejects a taken port, and can listen again afterwards', async () => {
  const taken: Server = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const simulator = createSimulator();
  await expect(simulator.listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await simulator.listen();
  await simulator.close();
  taken.close();
});

describe.each(DRIVERS)('over %s', (driver) => {
  test('records a request completely, and counts a bill', async () => {
    await using reached = await reach(driver);
    const { simulator } = reached;
    const before = performance.timeOrigin + performance.now();
    const response = await reached.post('/chat/completions?version=2', CHAT, {
      headers: { 'x-client-note': 'first' },
    });
    await response.text();
    await simulator.waitFor((requests) => requests[0]?.finished === true, NO_LIMIT);
    const [request] = simulator.requests;
    expect(request).toEqual({
      method: 'POST',
      path: '/v1/chat/completions?version=2',
      origin: reached.baseURL.slice(0, -3),
      headers: expect.objectContaining({
        authorization: `Bearer ${simulator.apiKey}`,
        'content-type': 'application/json',
        'x-client-note': 'first',
      }),
      body: expect.any(Uint8Array),
      bodyText: JSON.stringify(CHAT),
      json: CHAT,
      at: expect.any(Number),
      requestId: expect.stringMatching(/^\d{14}\d{1,9}[A-Za-z0-9]{8}$/),
      closedByClient: false,
      finished: true,
    });
    expect(request?.at).toBeGreaterThanOrEqual(before);
    expect(simulator.bills).toBe(1);
  });

  test('counts every billable POST, including failed ones', async () => {
    await using reached = await reach(driver, {
      scenario: scenario.sequence(scenario.reset(), scenario.fail(503), scenario.ok()),
    });
    await expect(reached.post('/chat/completions', CHAT)).rejects.toThrow(TypeError);
    for (const path of ['/responses', '/messages', '/messages/count_tokens', '/chat/nowhere']) {
      await (await reached.post(path, CHAT)).text();
    }
    await (await reached.fetch(`${reached.baseURL}/models`)).text();
    expect(reached.simulator.bills).toBe(3);
    const { requests } = reached.simulator;
    // fetch followed the redirect of the wrong path.
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/chat/completions',
      'POST /v1/responses',
      'POST /v1/messages',
      'POST /v1/messages/count_tokens',
      'POST /v1/chat/nowhere',
      'GET /',
      'GET /v1/models',
    ]);
  });

  test('reset clears requests and bills, and restores the first scenario', async () => {
    await using reached = await reach(driver, { scenario: scenario.fail(500).times(1) });
    const { simulator } = reached;
    const status = async (): Promise<number> => {
      const response = await reached.post('/chat/completions', CHAT);
      await response.text();
      return response.status;
    };
    expect([await status(), await status()]).toEqual([500, 200]);
    simulator.use(scenario.fail(429));
    expect(await status()).toBe(429);
    expect([simulator.bills, simulator.requests.length]).toEqual([3, 3]);
    simulator.reset();
    expect([simulator.bills, simulator.requests.length]).toEqual([0, 0]);
    expect([await status(), await status()]).toEqual([500, 200]);
  });

  test('use replaces the scenario for later requests only', async () => {
    await using reached = await reach(driver, { scenario: scenario.stall({ at: 'after_headers' }) });
    const stop = new AbortController();
    const silent = await reached.post('/chat/completions', CHAT, { signal: stop.signal });
    reached.simulator.use(scenario.fail(429));
    const next = await reached.post('/chat/completions', CHAT);
    expect([silent.status, next.status]).toEqual([200, 429]);
    await next.text();
    stop.abort();
    await expect(silent.text()).rejects.toThrow('aborted');
  });

  test.each(['before', 'after_headers', 'mid_stream'] as const)(
    'an abort during a stall (%s) rejects immediately, and the simulator records it',
    async (at) => {
      await using reached = await reach(driver, { scenario: scenario.stall({ at }) });
      const stop = new AbortController();
      const reason = new Error('aborted by the caller');
      const call = reached.post('/chat/completions', { ...CHAT, stream: true }, { signal: stop.signal });
      await reached.simulator.waitFor((requests) => requests.length === 1, NO_LIMIT);
      if (at === 'before') {
        stop.abort(reason);
        await expect(call).rejects.toBe(reason);
      } else {
        const response = await call;
        const text = response.text();
        stop.abort(reason);
        await expect(text).rejects.toBe(reason);
      }
      await reached.simulator.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
      expect(reached.simulator.requests[0]).toMatchObject({ closedByClient: true, finished: false });
    },
  );

  test('the simulator records a reader that cancels', async () => {
    await using reached = await reach(driver, { scenario: scenario.endless('events') });
    const response = await reached.post('/responses', { model: 'm', input: 'hello', stream: true });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toContain('event: response.created');
    await reader?.cancel();
    await reached.simulator.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
    expect(reached.simulator.requests[0]?.finished).toBe(false);
  });

  test('a signal that has already fired sends nothing', async () => {
    await using reached = await reach(driver);
    const reason = new Error('too late');
    await expect(reached.post('/chat/completions', CHAT, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(reached.simulator.requests).toEqual([]);
  });

  test('close ends unfinished answers immediately, and their clients report a broken connection', async () => {
    const reached = await reach(driver, {
      scenario: scenario.sequence(
        scenario.stall(),
        scenario.slowFirstByte(3_600_000),
        scenario.stall({ at: 'mid_stream', commentsOnly: true, commentEveryMs: 3_600_000 }),
      ),
    });
    const body = { ...CHAT, stream: true };
    const calls = [reached.post('/chat/completions', body), reached.post('/chat/completions', body)];
    const streamed = await reached.post('/chat/completions', body).then((response) => ({ text: response.text() }));
    await reached.simulator.waitFor((requests) => requests.length === 3, NO_LIMIT);
    expect(reached.simulator.openConnections).toBe(3);
    const ends = Promise.allSettled([...calls, streamed.text]);
    await reached.simulator.close();
    expect((await ends).map((end) => end.status === 'rejected' && end.reason.message)).toEqual([
      'fetch failed',
      'fetch failed',
      'terminated',
    ]);
    expect(reached.simulator.openConnections).toBe(0);
    expect(reached.simulator.requests.map(({ closedByClient, finished }) => [closedByClient, finished])).toEqual([
      [false, false],
      [false, false],
      [false, false],
    ]);
    await expect(reached.post('/chat/completions', CHAT)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  test('answers a thousand concurrent calls, each with a different id', async () => {
    await using reached = await reach(driver);
    const ids = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const response = await reached.post('/chat/completions', CHAT);
        const body: unknown = await response.json();
        return Reflect.get(Object(body), 'id');
      }),
    );
    expect(new Set(ids).size).toBe(1_000);
    expect(reached.simulator.bills).toBe(1_000);
  });

  test('records a compressed body as sent, and decodes it', async () => {
    const { gzipSync, zstdCompressSync } = await import('node:zlib');
    await using reached = await reach(driver);
    const text = JSON.stringify(CHAT);
    for (const [encoding, body] of [
      ['gzip', gzipSync(text)],
      ['zstd', zstdCompressSync(text)],
    ] as const) {
      const response = await reached.post('/chat/completions', undefined, {
        body,
        headers: { 'content-encoding': encoding },
      });
      expect(response.status).toBe(200);
      await response.text();
      const { body: sent, json } = reached.simulator.requests.at(-1) ?? {};
      expect(Buffer.from(sent ?? []).equals(body)).toBe(true);
      expect(json).toEqual(CHAT);
    }
  });
});

describe('in memory', () => {
  test('a finished call leaves no listener on its signal', async () => {
    const simulator = createSimulator();
    const added = new Set<unknown>();
    const { signal } = new AbortController();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (type: string, listener: EventListener): void => {
      added.add(listener);
      add(type, listener);
    };
    signal.removeEventListener = (type: string, listener: EventListener): void => {
      added.delete(listener);
      remove(type, listener);
    };
    simulator.use(scenario.sequence(scenario.ok(), scenario.reset(), scenario.cut(), scenario.fail(503)));
    for (let index = 0; index < 4; index++) {
      await simulator
        .fetch(`${simulator.baseURL}/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${simulator.apiKey}` },
          body: JSON.stringify(CHAT),
          signal,
        })
        .then((response) => response.text())
        .catch(() => {});
    }
    expect(simulator.requests.length).toBe(4);
    expect(added.size).toBe(0);
  });

  test('accepts a Request with its signal and body', async () => {
    const simulator = createSimulator();
    const stop = new AbortController();
    simulator.use(scenario.stall());
    const call = simulator.fetch(
      new Request(`${simulator.baseURL}/responses`, {
        method: 'POST',
        headers: { authorization: `Bearer ${simulator.apiKey}` },
        body: JSON.stringify({ model: 'm', input: 'hello' }),
        signal: stop.signal,
      }),
    );
    await simulator.waitFor((requests) => requests.length === 1, NO_LIMIT);
    expect(simulator.requests[0]?.json).toEqual({ model: 'm', input: 'hello' });
    stop.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(simulator.requests[0]?.closedByClient).toBe(true);
  });

  test('answers a redirected request itself, without the key on another host, and records both requests', async () => {
    const simulator = createSimulator({
      scenario: scenario.redirect(307, 'https://elsewhere.invalid/v1/chat/completions').then(scenario.ok()),
    });
    const response = await simulator.fetch(`${simulator.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.apiKey}` },
      body: JSON.stringify(CHAT),
    });
    expect([response.status, response.redirected, response.url]).toEqual([
      401,
      true,
      'https://elsewhere.invalid/v1/chat/completions',
    ]);
    expect(
      simulator.requests.map(({ method, origin, headers, bodyText }) => [
        method,
        origin,
        headers['authorization'] !== undefined,
        bodyText === JSON.stringify(CHAT),
      ]),
    ).toEqual([
      ['POST', 'https://api.cometapi.com', true, true],
      ['POST', 'https://elsewhere.invalid', false, true],
    ]);
  });

  test('a redirect loop fails as in fetch', async () => {
    const simulator = createSimulator({ scenario: scenario.redirect(302, '/v1/models') });
    await expect(simulator.fetch(`${simulator.baseURL}/models`)).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { message: 'redirect count exceeded' },
    });
    expect(simulator.requests.length).toBe(21);
    await expect(simulator.fetch(`${simulator.baseURL}/models`, { redirect: 'error' })).rejects.toMatchObject({
      cause: { message: 'unexpected redirect' },
    });
  });

  test('unreachable records and bills nothing', async () => {
    const simulator = createSimulator({ scenario: scenario.unreachable('ENOTFOUND').then(scenario.ok()) });
    const send = (): Promise<Response> =>
      simulator.fetch(`${simulator.baseURL}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${simulator.apiKey}` },
        body: JSON.stringify(CHAT),
      });
    await expect(send()).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ENOTFOUND' } });
    expect([simulator.requests.length, simulator.bills]).toEqual([0, 0]);
    expect((await send()).status).toBe(200);
    expect([simulator.requests.length, simulator.bills]).toEqual([1, 1]);
  });

  test('an error thrown by a scenario rejects the call', async () => {
    const simulator = createSimulator({
      scenario: scenario.respond({
        body() {
          throw new Error('an error in the test');
        },
      }),
    });
    await expect(simulator.fetch(`${simulator.baseURL}/models`)).rejects.toThrow('an error in the test');
  });
});

describe('waitFor', () => {
  test('resolves immediately if the condition is already true', async () => {
    await createSimulator().waitFor((requests) => requests.length === 0);
  });

  test('rejects with the wait time if the condition is never true', async () => {
    await expect(createSimulator().waitFor(() => false, { timeoutMs: 1 })).rejects.toThrow(
      'simulator.waitFor: the condition was not met within 1 ms (option timeoutMs).',
    );
  });

  test('a condition that throws rejects the wait, not the request', async () => {
    await using reached = await reach('memory');
    const waiting = reached.simulator.waitFor((requests) => {
      if (requests.length > 0) {
        throw new Error('an error in the condition');
      }
      return false;
    });
    const [wait, call] = await Promise.allSettled([waiting, reached.post('/chat/completions', CHAT)]);
    expect(wait).toMatchObject({ status: 'rejected', reason: { message: 'an error in the condition' } });
    expect(call.status).toBe('fulfilled');
  });

  test('close rejects a pending wait', async () => {
    const simulator = createSimulator();
    const waiting = simulator.waitFor(() => false);
    const ended = expect(waiting).rejects.toThrow('simulator.waitFor: the simulator was closed.');
    await simulator.close();
    await ended;
  });
});
