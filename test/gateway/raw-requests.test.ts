import { scenario } from 'cometapi-otel/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CHAT, CHAT_STREAM, type GatewayBench, MESSAGE, startBench } from './gateway-bench';
import { openRaw, type RawAnswer, sendRaw } from './raw-client';

/** One gateway for all tests: each probe uses a separate connection and leaves no state. */
let bench: GatewayBench;
beforeAll(async () => {
  bench = await startBench();
});
afterEach(() => bench.simulator.reset());
afterAll(() => bench.close());

type Header = readonly [name: string, value: string];
const TOKEN: Header = ['authorization', 'Bearer TOKEN'];
const JSON_TYPE: Header = ['content-type', 'application/json'];
const CLOSE: Header = ['connection', 'close'];
const OWN_HOST: Header = ['host', '127.0.0.1:PORT'];
const COMMON: readonly Header[] = [OWN_HOST, TOKEN, JSON_TYPE, CLOSE];
const BODY = JSON.stringify(CHAT);
const lengthOf = (body: string): Header => ['content-length', String(Buffer.byteLength(body))];

/** Returns the raw bytes of a request, without any correction. */
function wire(line: string, headers: readonly Header[], body = '', version = 'HTTP/1.1'): string {
  const lines = headers.map(
    ([name, value]) =>
      `${name}: ${value.replace('PORT', String(bench.gateway.port)).replace('TOKEN', bench.token)}\r\n`,
  );
  return `${line} ${version}\r\n${lines.join('')}\r\n${body}`;
}

const send = (...request: Parameters<typeof wire>): Promise<RawAnswer> => sendRaw(bench.gateway.port, wire(...request));
const codeOf = (answer: RawAnswer): unknown => JSON.parse(answer.body).error.code;

describe('invalid requests get a JSON error, and nothing is sent upstream', () => {
  test.each<readonly [string, number, string, () => Promise<RawAnswer>]>([
    ['no Host', 400, 'missing_host', () => send('GET /v1/models', [TOKEN, CLOSE])],
    ['no Host, HTTP/1.0', 400, 'missing_host', () => send('GET /v1/models', [TOKEN], '', 'HTTP/1.0')],
    [
      'two content lengths',
      400,
      'bad_request',
      () => send('POST /v1/responses', [...COMMON, lengthOf(BODY), ['content-length', '3']], BODY),
    ],
    [
      'a content length and chunks',
      400,
      'bad_request',
      () => send('POST /v1/responses', [...COMMON, lengthOf(BODY), ['transfer-encoding', 'chunked']], `0\r\n\r\n`),
    ],
    [
      'invalid chunks',
      400,
      'bad_request',
      () => send('POST /v1/responses', [...COMMON, ['transfer-encoding', 'chunked']], 'zz\r\n'),
    ],
    [
      'an unknown expectation',
      417,
      'expectation_failed',
      () => send('POST /v1/responses', [...COMMON, lengthOf(BODY), ['expect', '200-ok']], BODY),
    ],
    [
      'two tokens',
      401,
      'invalid_gateway_token',
      () => send('POST /v1/responses', [...COMMON, TOKEN, lengthOf(BODY)], BODY),
    ],
    [
      'a token without Bearer',
      401,
      'invalid_gateway_token',
      () => send('POST /v1/responses', [OWN_HOST, JSON_TYPE, CLOSE, ['authorization', 'TOKEN'], lengthOf(BODY)], BODY),
    ],
    [
      'a token of nearly the maximum header size',
      401,
      'invalid_gateway_token',
      () => send('GET /v1/models', [OWN_HOST, CLOSE, ['authorization', `Bearer ${'x'.repeat(15_000)}`]]),
    ],
    [
      'two content types',
      415,
      'unsupported_media_type',
      () => send('POST /v1/responses', [...COMMON, ['content-type', 'text/plain'], lengthOf(BODY)], BODY),
    ],
    [
      'two codings',
      415,
      'unsupported_content_encoding',
      () => send('POST /v1/responses', [...COMMON, ['content-encoding', 'gzip, zstd'], lengthOf(BODY)], BODY),
    ],
    ['a path with a trailing slash', 404, 'not_found', () => send('GET /v1/models/', COMMON)],
    ['a path with two slashes', 404, 'not_found', () => send('GET //v1/models', COMMON)],
    ['a path with dots', 404, 'not_found', () => send('GET /v1/messages/../models', COMMON)],
    ['a percent-encoded path', 404, 'not_found', () => send('GET /v1/%6dodels', COMMON)],
    ['a path without /v1', 404, 'not_found', () => send('POST /chat/completions', [...COMMON, lengthOf(BODY)], BODY)],
    ['HTTP/2', 400, 'bad_request', () => sendRaw(bench.gateway.port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    [
      'TLS',
      400,
      'bad_request',
      () => sendRaw(bench.gateway.port, new Uint8Array([22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3])),
    ],
  ])('%s: %i %s', async (_name, status, code, probe) => {
    const answer = await probe();
    expect([answer.status, codeOf(answer), answer.headers['content-type']]).toEqual([status, code, 'application/json']);
    expect(bench.simulator.requests).toEqual([]);
  });

  test.each([
    ['an unknown path', 'POST /v1/unknown', TOKEN, 404],
    ['a wrong token', 'POST /v1/responses', ['authorization', 'Bearer of-another-login'], 401],
    ['a wrong method', 'POST /v1/models', TOKEN, 405],
  ] as const)('before the body has arrived: %s', async (_name, line, token, status) => {
    const client = await openRaw(bench.gateway.port);
    client.write(wire(line, [OWN_HOST, token, JSON_TYPE, ['content-length', '5000']], 'the first of it'));
    await client.seen('"param":null}}');
    expect(client.answer().status).toBe(status);
    client.socket.destroy();
  });
});

describe('valid HTTP is forwarded in every form', () => {
  test('chunks with extensions and trailers', async () => {
    const size = BODY.length.toString(16);
    const chunked = `${size};name=value\r\n${BODY}\r\n0\r\nx-trailer: 1\r\n\r\n`;
    const answer = await send(
      'POST /v1/chat/completions',
      [...COMMON, ['transfer-encoding', 'chunked'], ['trailer', 'x-trailer']],
      chunked,
    );
    expect(answer.status).toBe(200);
    const [request] = bench.simulator.requests;
    expect(request?.bodyText).toBe(BODY);
    expect([
      request?.headers['content-length'],
      request?.headers['transfer-encoding'],
      request?.headers['trailer'],
    ]).toEqual([String(BODY.length), undefined, undefined]);
  });

  test('header values outside of ASCII, and one header in several lines', async () => {
    const bytes = Buffer.from(
      wire(
        'POST /v1/chat/completions',
        [...COMMON, ['x-note', 'caf\u00e9'], ['openai-beta', 'a=1'], ['openai-beta', 'b=2'], lengthOf(BODY)],
        BODY,
      ),
      'latin1',
    );
    expect((await sendRaw(bench.gateway.port, bytes)).status).toBe(200);
    expect(bench.simulator.requests[0]?.headers).toMatchObject({ 'x-note': 'caf\u00e9', 'openai-beta': 'a=1, b=2' });
  });

  test('pipelined requests are answered in order', async () => {
    const stream = JSON.stringify(CHAT_STREAM);
    bench.simulator.use(scenario.ok({ chunks: 3, delayMs: 5 }));
    const open: readonly Header[] = [OWN_HOST, TOKEN, JSON_TYPE];
    const answer = await sendRaw(
      bench.gateway.port,
      wire('POST /v1/chat/completions', [...open, lengthOf(stream)], stream) +
        wire('GET /v1/models', open) +
        wire('GET /healthz', [OWN_HOST, CLOSE]),
    );
    const [, streamed = '', models = '', health = ''] = answer.text.split(/HTTP\/1\.1 200 OK\r\n/);
    expect([
      streamed.includes('data: [DONE]'),
      models.includes('"object":"list"'),
      health.includes('{"status":"ok"}'),
    ]).toEqual([true, true, true]);
  });

  test('ignores an h2c upgrade and answers the request', async () => {
    const headers: readonly Header[] = [
      OWN_HOST,
      TOKEN,
      JSON_TYPE,
      ['connection', 'Upgrade, HTTP2-Settings, close'],
      ['upgrade', 'h2c'],
      ['http2-settings', 'AA'],
    ];
    expect((await send('POST /v1/chat/completions', [...headers, lengthOf(BODY)], BODY)).status).toBe(200);
    expect(Object.keys(bench.simulator.requests[0]?.headers ?? {})).not.toContain('http2-settings');
  });

  test('accepts the token as x-api-key, even with a foreign bearer token', async () => {
    const body = JSON.stringify(MESSAGE);
    const headers: readonly Header[] = [
      OWN_HOST,
      JSON_TYPE,
      CLOSE,
      ['x-api-key', 'TOKEN'],
      ['authorization', 'Bearer of-a-login'],
      ['anthropic-version', '2023-06-01'],
    ];
    expect((await send('POST /v1/messages?beta=true', [...headers, lengthOf(body)], body)).status).toBe(200);
    expect(
      bench.simulator.requests.map(({ headers: sent, path }) => [path, sent['x-api-key'], sent['authorization']]),
    ).toEqual([['/v1/messages?beta=true', bench.simulator.apiKey, undefined]]);
  });

  test('forwards an invalid or empty body, so that the upstream reports the error', async () => {
    for (const body of ['not JSON', '']) {
      const answer = await send('POST /v1/chat/completions', [...COMMON, lengthOf(body)], body);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
    }
    expect(bench.simulator.requests.map(({ bodyText }) => bodyText)).toEqual(['not JSON', '']);
  });
});
