import { createGateway, type Gateway } from 'cometapi-otel/gateway';
import { createSimulator, scenario } from 'cometapi-otel/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRunLedger } from '../../src/gateway/runs/run-ledger';
import { createRunScope } from '../../src/gateway/runs/run-scope';
import { aCall, closedCall } from '../support/facts';
import { NO_LIMIT } from '../support/no-limit';
import { CHAT, CHAT_STREAM } from './gateway-bench';

const TOKEN = 'local-token-1';
const simulator = createSimulator();
const gateway: Gateway = createGateway({
  token: TOKEN,
  apiKey: simulator.apiKey,
  fetch: simulator.fetch,
  logLevel: 'off',
});
beforeEach(() => simulator.reset());

const request = (path: string, init: RequestInit = {}): Request =>
  new Request(`http://127.0.0.1:8787${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
      ...Object.fromEntries(new Headers(init.headers)),
    },
  });

describe('createGateway', () => {
  test('answers web-standard requests', async () => {
    const answer = await gateway(
      request('/v1/chat/completions', { method: 'POST', body: JSON.stringify(CHAT_STREAM) }),
    );
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(await answer.text()).toContain('data: [DONE]');
    expect((await gateway(request('/v1/models'))).status).toBe(200);
    expect((await gateway(request('/v1/models', { headers: { authorization: 'Bearer wrong' } }))).status).toBe(401);
    expect((await gateway(request('/v1/models', { headers: { host: 'example.com' } }))).status).toBe(421);
    expect((await gateway(new Request('http://example.com/v1/models'))).status).toBe(421);
    expect((await gateway(request('/healthz'))).status).toBe(200);
  });

  test('errors the body of a cut response, and cancels the upstream request when the client aborts', async () => {
    simulator.use(scenario.cut({ afterEvents: 2 }));
    const cut = await gateway(request('/v1/chat/completions', { method: 'POST', body: JSON.stringify(CHAT_STREAM) }));
    await expect(cut.text()).rejects.toThrow();

    simulator.reset();
    simulator.use(scenario.stall({ at: 'mid_stream', afterEvents: 1 }));
    const client = new AbortController();
    const stalled = await gateway(
      request('/v1/chat/completions', { method: 'POST', body: JSON.stringify(CHAT_STREAM), signal: client.signal }),
    );
    const reading = stalled.text().catch(() => 'broken off');
    client.abort();
    expect(await reading).toBe('broken off');
    await simulator.waitFor(([received]) => received?.closedByClient === true, NO_LIMIT);
  });

  test('limits the size of a body without a content length', async () => {
    const small = createGateway({
      token: TOKEN,
      apiKey: simulator.apiKey,
      fetch: simulator.fetch,
      maxBodyBytes: 100,
      logLevel: 'off',
    });
    const answer = await small(
      request('/v1/chat/completions', { method: 'POST', body: JSON.stringify(CHAT).repeat(2) }),
    );
    expect(answer.status).toBe(413);
  });

  test('names invalid options and never quotes their values', () => {
    expect(() => createGateway({ token: 'short', apiKey: simulator.apiKey })).toThrow(/Use at least 8/);
    expect(() => createGateway({ token: TOKEN, apiKey: simulator.apiKey, maxAttempts: 1.5 })).toThrow(
      /maxAttempts must be a whole number/,
    );
    expect(() => createGateway({ token: TOKEN, apiKey: ' ' })).toThrow(/API key is required/);
  });
});

describe('runs', () => {
  test('have the configured id, or the conversation id, or one id until requests pause', () => {
    let nowMs = Date.UTC(2026, 10, 21, 10, 0);
    const scope = createRunScope(undefined, () => nowMs);
    expect(scope('conversation-1')).toBe('conversation-1');
    const first = scope(undefined);
    expect(first).toMatch(/^agent-run-20261121-1000-[0-9a-f]{4}$/);
    nowMs += 9 * 60_000;
    expect(scope(undefined)).toBe(first);
    nowMs += 9 * 60_000;
    expect(scope(undefined)).toBe(first);
    nowMs += 11 * 60_000;
    expect(scope(undefined)).not.toBe(first);
    expect(createRunScope('run-1', () => nowMs)('conversation-1')).toBe('run-1');
  });

  test('drops the oldest run first, and never the whole current run', () => {
    const ledger = createRunLedger(3);
    const call = closedCall(aCall());
    ledger.add('a', call);
    ledger.add('a', call);
    ledger.add('b', call);
    expect([ledger.runIds, ledger.callsOf('a').length]).toEqual([['a', 'b'], 2]);
    ledger.add('b', call);
    expect([ledger.runIds, ledger.callsOf('b').length]).toEqual([['b'], 2]);
    ledger.add('b', call);
    ledger.add('b', call);
    expect(ledger.callsOf('b')).toHaveLength(3);
    expect(ledger.callsOf('a')).toEqual([]);
  });
});
