import { scenario } from 'cometapi-otel/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { type BenchOptions, CHAT, CHAT_STREAM, type GatewayBench, startBench } from './gateway-bench';

let bench: GatewayBench;
afterEach(() => bench.close());
/** Starts the bench and stores it for `afterEach`. */
const start = async (options: BenchOptions = {}): Promise<GatewayBench> => {
  bench = await startBench(options);
  return bench;
};

describe('errors', () => {
  test.each([400, 401, 403, 404, 413, 422, 409])(
    'sends a request once on %i, and returns the response unchanged',
    async (status) => {
      const { simulator, post } = await start();
      const body = `{"error":{"message":"Synthetic, with  spaces \\u00e9.","type":"t","code":"c","param":"p"}}\n`;
      simulator.use(
        scenario.respond({ status, headers: { 'content-type': 'application/json', 'x-request-id': 'r-1' }, body }),
      );
      const answer = await post('/v1/chat/completions', CHAT_STREAM);
      expect([answer.status, await answer.text(), answer.headers.get('x-request-id')]).toEqual([status, body, 'r-1']);
      expect(simulator.requests).toHaveLength(1);
    },
  );

  test('returns status, body and Retry-After of the last attempt', async () => {
    const { simulator, post } = await start();
    const fail = (status: number, retryAfterMs: number): ReturnType<typeof scenario.respond> =>
      scenario.respond({
        status,
        headers: { 'content-type': 'application/json', 'retry-after-ms': String(retryAfterMs), 'retry-after': '0.06' },
        body: `{"error":{"message":"attempt ${retryAfterMs}"}}`,
      });
    simulator.use(scenario.sequence(fail(503, 50), fail(429, 60)));
    const answer = await post('/v1/chat/completions', CHAT_STREAM);
    expect([
      answer.status,
      await answer.text(),
      answer.headers.get('retry-after'),
      answer.headers.get('retry-after-ms'),
    ]).toEqual([429, '{"error":{"message":"attempt 60"}}', '0.06', '60']);
    expect(simulator.requests).toHaveLength(2);
  });

  test('returns a 429 without Retry-After without adding one', async () => {
    const { simulator, post } = await start({ maxAttempts: 1 });
    simulator.use(scenario.fail(429));
    const answer = await post('/v1/chat/completions', CHAT);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, null]);
  });

  test('returns the error page of a proxy unchanged', async () => {
    const { simulator, post } = await start({ maxAttempts: 1 });
    simulator.use(scenario.fail(524));
    const answer = await post('/v1/chat/completions', CHAT);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([524, expect.stringContaining('text/html')]);
  });
});

describe('attempts', () => {
  test('makes two attempts by default, and only before the first byte', async () => {
    const { simulator, post, ended } = await start();
    simulator.use(scenario.fail(503, { retryAfterMs: 50 }).times(1));
    const answer = await post('/v1/chat/completions', CHAT_STREAM);
    expect(answer.status).toBe(200);
    await answer.text();
    const [facts] = await ended(1);
    expect(facts?.settings.maxAttempts).toBe(2);
    expect(facts?.attempts.map(({ status, decision }) => [status, decision])).toEqual([
      [503, 'retried'],
      [200, 'not_retried'],
    ]);
    expect(simulator.requests.map(({ headers }) => headers['x-stainless-retry-count'])).toEqual([undefined, undefined]);
    expect(simulator.requests.map(({ headers }) => headers['idempotency-key'])).toEqual([undefined, undefined]);
  });

  test.each([0, 1])('maxAttempts %i means one attempt', async (maxAttempts) => {
    const { simulator, post } = await start({ maxAttempts });
    simulator.use(scenario.fail(503, { retryAfterMs: 50 }));
    expect((await post('/v1/chat/completions', CHAT)).status).toBe(503);
    expect(simulator.requests).toHaveLength(1);
  });

  test('makes one attempt if the client reports a retry', async () => {
    const { simulator, post, ended } = await start();
    simulator.use(scenario.fail(503, { retryAfterMs: 50 }));
    await post('/v1/chat/completions', CHAT, { headers: { 'x-stainless-retry-count': '1' } });
    expect(simulator.requests).toHaveLength(1);
    expect((await ended(1))[0]).toMatchObject({
      outerRetryCount: 1,
      settings: { maxAttempts: 2 },
      attempts: [{ decision: 'not_retried', because: 'client_retries' }],
    });
  });

  test('returns a Retry-After of more than 5 seconds without waiting', async () => {
    const { simulator, post, ended } = await start();
    simulator.use(scenario.fail(429, { retryAfter: 6 }));
    const answer = await post('/v1/chat/completions', CHAT);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '6']);
    expect((await ended(1))[0]?.attempts.map(({ because }) => because)).toEqual(['retry_after_exceeds_budget']);
  });

  test.each([
    ['the same conversation', { 'session-id': 'conversation-1' }, CHAT, { ...CHAT, temperature: 1 }],
    ['the same body', {}, CHAT, CHAT],
  ])('makes one attempt if a failed request arrives again with %s', async (_name, headers, first, second) => {
    const { simulator, post } = await start({ retryBudget: false });
    simulator.use(scenario.fail(503, { retryAfterMs: 50 }));
    await post('/v1/chat/completions', first, { headers });
    expect(simulator.requests).toHaveLength(2);
    await post('/v1/chat/completions', second, { headers });
    expect(simulator.requests).toHaveLength(3);
    await post('/v1/chat/completions', { ...CHAT, seed: 7 }, { headers: { 'session-id': 'conversation-2' } });
    expect(simulator.requests).toHaveLength(5);
  });

  test('sends at most 1.2 times as many requests upstream when every request fails', async () => {
    const { simulator, post } = await start();
    simulator.use(scenario.fail(500, { retryAfterMs: 50 }));
    for (let turn = 0; turn < 30; turn++) {
      // The requests differ, so they do not count as repetitions. Only the budget limits retries.
      await post('/v1/chat/completions', { ...CHAT, seed: turn });
    }
    expect(simulator.requests.length / 30).toBeLessThanOrEqual(1.2);
    expect(simulator.requests.length).toBeGreaterThan(30);
  });

  test('applies the same limit to concurrent requests', async () => {
    const { simulator, post } = await start();
    simulator.use(scenario.fail(503, { retryAfterMs: 50 }));
    await Promise.all(Array.from({ length: 24 }, (_, turn) => post('/v1/chat/completions', { ...CHAT, seed: turn })));
    expect(simulator.requests.length / 24).toBeLessThanOrEqual(1.2);
  });
});
