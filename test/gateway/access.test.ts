import { networkInterfaces } from 'node:os';
import { startGateway } from 'cometapi-otel/gateway';
import { afterEach, describe, expect, test } from 'vitest';
import { CHAT, type GatewayBench, startBench } from './gateway-bench';
import { openRaw, rawRequest, sendRaw } from './raw-client';

let bench: GatewayBench;
afterEach(() => bench.close());

const chatWith = (headers: Readonly<Record<string, string>>): string =>
  rawRequest('POST /v1/chat/completions', { 'content-type': 'application/json', ...headers }, JSON.stringify(CHAT));

describe('the token', () => {
  test.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer of-another-login' }],
    ['the token with an extra letter', { authorization: 'Bearer TOKENx' }],
    ['the token without its last letter', { authorization: 'Bearer TOKEN-1' }],
    ['the token as Basic', { authorization: 'Basic TOKEN' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['the token in the query', { 'x-note': 'query' }],
  ])('%s: returns a JSON 401 and sends nothing upstream', async (name, sent) => {
    bench = await startBench();
    const { gateway, simulator, token } = bench;
    const headers = Object.fromEntries(
      Object.entries(sent).map(([key, value]) => [
        key,
        value.replace('TOKEN-1', token.slice(0, -1)).replace('TOKEN', token),
      ]),
    );
    const path = name === 'the token in the query' ? `/v1/chat/completions?api_key=${token}` : '/v1/chat/completions';
    const answer = await sendRaw(
      gateway.port,
      rawRequest(
        `POST ${path}`,
        { host: `127.0.0.1:${gateway.port}`, 'content-type': 'application/json', ...headers },
        '{}',
      ),
    );
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(JSON.parse(answer.body)).toEqual({
      error: {
        message: "The local gateway's token is missing or wrong. Set it as the API key of your agent.",
        type: 'authentication_error',
        code: 'invalid_gateway_token',
        param: null,
      },
    });
    expect(simulator.requests).toEqual([]);
    expect(answer.text).not.toContain(token.slice(0, 8));
  });

  test('accepts the token in x-cometapi-gateway-token, and forwards neither it nor Authorization', async () => {
    bench = await startBench();
    const { send, simulator, token } = bench;
    const answer = await send('/v1/models', {
      headers: { authorization: 'Bearer of-a-login-somewhere', 'x-cometapi-gateway-token': token },
    });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(simulator.requests[0]?.headers)).not.toMatch(/of-a-login|gateway-token/);
  });

  test('rejects a short token without quoting it', async () => {
    bench = await startBench();
    await expect(startGateway({ token: 'short', apiKey: 'made-up-key-1', port: 0 })).rejects.toThrow(
      "The local gateway's token is invalid. Use at least 8 printable ASCII characters, no spaces.",
    );
  });
});

describe('allowed clients', () => {
  test('listens on loopback only, on IPv4 and IPv6', async () => {
    bench = await startBench();
    const { gateway } = bench;
    expect(gateway.addresses).toEqual(['127.0.0.1', '::1']);
    const host = { host: `localhost:${gateway.port}` };
    expect((await sendRaw(gateway.port, rawRequest('GET /healthz', host), '127.0.0.1')).status).toBe(200);
    expect((await sendRaw(gateway.port, rawRequest('GET /healthz', host), '::1')).status).toBe(200);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address !== undefined && !address.internal && address.family === 'IPv4')?.address;
    if (outside !== undefined) {
      await expect(openRaw(gateway.port, outside)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
    for (const address of ['0.0.0.0', '::', '192.168.0.1', 'example.com']) {
      await expect(startGateway({ token: gateway.baseURL, apiKey: 'made-up-key-1', host: address })).rejects.toThrow(
        'The local gateway listens on loopback only',
      );
    }
  });

  test.each([
    ['example.com', 421],
    ['127.0.0.1.example.com:PORT', 421],
    ['localhost:1', 421],
    ['localhost', 421],
    ['[::2]:PORT', 421],
    ['user@localhost:PORT', 421],
    ['', 421],
    ['localhost:PORT', 200],
    ['LOCALHOST:PORT', 200],
    ['127.0.0.1:PORT', 200],
    ['[::1]:PORT', 200],
  ])('Host %s: returns %i', async (host, status) => {
    bench = await startBench();
    const { gateway, token, simulator } = bench;
    const answer = await sendRaw(
      gateway.port,
      chatWith({ host: host.replace('PORT', String(gateway.port)), authorization: `Bearer ${token}` }),
    );
    expect(answer.status).toBe(status);
    expect(simulator.requests).toHaveLength(status === 200 ? 1 : 0);
  });

  test('refuses two Host headers', async () => {
    bench = await startBench();
    const { gateway } = bench;
    const own = `127.0.0.1:${gateway.port}`;
    const answer = await sendRaw(
      gateway.port,
      `GET /healthz HTTP/1.1\r\nHost: ${own}\r\nHost: example.com\r\nConnection: close\r\n\r\n`,
    );
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([400, 'missing_host']);
  });

  test.each([
    ['origin', 'https://example.com', 403],
    ['origin', 'null', 403],
    ['origin', 'http://localhost:1', 403],
    ['origin', 'http://127.0.0.1:PORT', 200],
    ['sec-fetch-site', 'cross-site', 403],
    ['sec-fetch-site', 'same-site', 403],
  ])('%s %s: returns %i and no CORS header', async (name, value, status) => {
    bench = await startBench();
    const { gateway, token, simulator } = bench;
    const answer = await sendRaw(
      gateway.port,
      chatWith({
        host: `127.0.0.1:${gateway.port}`,
        authorization: `Bearer ${token}`,
        [name]: value.replace('PORT', String(gateway.port)),
      }),
    );
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.headers).filter((header) => header.startsWith('access-control'))).toEqual([]);
    expect(simulator.requests).toHaveLength(status === 200 ? 1 : 0);
  });

  test('refuses the preflight request of a browser', async () => {
    bench = await startBench();
    const { gateway } = bench;
    const answer = await sendRaw(
      gateway.port,
      rawRequest('OPTIONS /v1/chat/completions', {
        host: `127.0.0.1:${gateway.port}`,
        origin: 'https://example.com',
        'access-control-request-method': 'POST',
      }),
    );
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([403, 'foreign_origin']);
  });
});

describe('allowed requests', () => {
  test('answers a WebSocket upgrade with 426, with and without a token', async () => {
    bench = await startBench();
    const { gateway, simulator } = bench;
    const upgrade = (path: string, headers = {}): string =>
      rawRequest(`GET ${path}`, {
        host: `127.0.0.1:${gateway.port}`,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'bWFkZSB1cCBrZXkuLi4uLg==',
        'openai-beta': 'responses_websockets=2026-02-06',
        ...headers,
      });
    const answer = await sendRaw(gateway.port, upgrade('/v1/responses'));
    expect(answer.text.startsWith('HTTP/1.1 426 Upgrade Required\r\n')).toBe(true);
    expect([answer.headers['connection'], JSON.parse(answer.body).error.code, answer.end]).toEqual([
      'close',
      'upgrade_required',
      'end',
    ]);
    expect(
      (await sendRaw(gateway.port, upgrade('/v1/responses', { authorization: `Bearer ${bench.token}` }))).status,
    ).toBe(426);
    expect((await sendRaw(gateway.port, upgrade('/v1/unknown'))).status).toBe(404);
    expect((await sendRaw(gateway.port, upgrade('/v1/responses', { origin: 'https://example.com' }))).status).toBe(403);
    expect((await sendRaw(gateway.port, upgrade('/v1/responses', { host: 'example.com' }))).status).toBe(421);
    expect(simulator.requests).toEqual([]);
  });

  test.each([
    ['GET /v1/chat/completions', {}, 405],
    ['POST /v1/models', {}, 405],
    ['TRACE /v1/models', {}, 405],
    ['POST /healthz', {}, 405],
    ['POST /v1/chat/completions', { 'content-type': 'text/plain' }, 415],
    ['POST /v1/chat/completions', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['POST /v1/chat/completions', {}, 415],
    ['POST /v1/chat/completions', { 'content-type': 'application/json', 'content-encoding': 'compress' }, 415],
    ['GET http://127.0.0.1:1/v1/models', {}, 400],
    ['GET http://api.cometapi.com/v1/models', {}, 400],
    ['OPTIONS *', {}, 400],
    ['CONNECT api.cometapi.com:443', {}, 405],
    ['BREW /v1/models', {}, 400],
  ])('%s %j: returns %i in JSON', async (line, headers, status) => {
    bench = await startBench();
    const { gateway, token, simulator } = bench;
    const answer = await sendRaw(
      gateway.port,
      rawRequest(line, { host: `127.0.0.1:${gateway.port}`, authorization: `Bearer ${token}`, ...headers }, '{}'),
    );
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({
      error: { message: expect.any(String), type: expect.any(String), code: expect.any(String), param: null },
    });
    expect(simulator.requests).toEqual([]);
  });

  test('accepts every form of a JSON content type', async () => {
    bench = await startBench();
    for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/vnd.api+json']) {
      const answer = await bench.send('/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(CHAT),
      });
      expect(answer.status).toBe(200);
    }
  });

  test('errors of the gateway have the shape that clients of the path expect', async () => {
    bench = await startBench();
    const answer = await bench.send('/v1/messages', {
      method: 'POST',
      headers: { authorization: 'Bearer wrong' },
      body: '{}',
    });
    expect(await answer.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  });

  test('/healthz needs no token and returns only a status', async () => {
    bench = await startBench();
    const answer = await sendRaw(
      bench.gateway.port,
      rawRequest('GET /healthz', { host: `localhost:${bench.gateway.port}` }),
    );
    expect([answer.status, answer.body]).toEqual([200, '{"status":"ok"}']);
  });

  test('returns 431 for headers over 16 KiB and 400 for invalid HTTP, in JSON', async () => {
    bench = await startBench();
    const { gateway, token } = bench;
    const large = await sendRaw(
      gateway.port,
      rawRequest('GET /v1/models', {
        host: `127.0.0.1:${gateway.port}`,
        authorization: `Bearer ${token}`,
        'x-large': 'x'.repeat(20_000),
      }),
    );
    expect([large.status, JSON.parse(large.body).error.code]).toEqual([431, 'headers_too_large']);
    const garbage = await sendRaw(gateway.port, 'this is not a request\r\n\r\n');
    expect([garbage.status, JSON.parse(garbage.body).error.code]).toEqual([400, 'bad_request']);
  });
});
