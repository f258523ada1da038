import { gzipSync, zstdCompressSync } from 'node:zlib';
import { scenario } from 'cometapi-otel/testing';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type BenchOptions,
  CHAT,
  CHAT_STREAM,
  type GatewayBench,
  MESSAGE,
  RESPONSE_STREAM,
  startBench,
} from './gateway-bench';
import { openRaw, rawRequest, sendRaw } from './raw-client';

let bench: GatewayBench;
afterEach(() => bench.close());
const start = async (options?: BenchOptions): Promise<GatewayBench> => {
  bench = await startBench(options);
  return bench;
};
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A body with undocumented fields and tool types, formatted as no serializer would. */
const ODD_BODY =
  '{ "model":"simulated-model" , "input":[{"type":"message","role":"user","content":"synthetic"}],\n "tools":[{"type":"namespace"},{"type":"custom","grammar":"\\u0041"},{"type":"tool_search"}],"zz_unknown":1.50,"zz_unknown":2 }';

describe('requests', () => {
  test('serves the endpoints of agents with their query, and answers every other path with a JSON 404', async () => {
    const { post, send, simulator } = await start();
    const statuses = [
      (await post('/v1/chat/completions', CHAT)).status,
      (await post('/v1/responses', RESPONSE_STREAM)).status,
      (await send('/v1/models?client_version=0.169.0')).status,
      (await post('/v1/messages?beta=true', MESSAGE)).status,
      (await post('/v1/messages/count_tokens', MESSAGE)).status,
    ];
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(simulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/chat/completions',
      'POST /v1/responses',
      'GET /v1/models?client_version=0.169.0',
      'POST /v1/messages?beta=true',
      'POST /v1/messages/count_tokens',
    ]);

    for (const path of [
      '/',
      '/v1',
      '/v1/',
      '/v1/unknown',
      '/chat/completions',
      '/v1//models',
      '/v1/models/',
      '/v1/chat/../models',
    ]) {
      const answer = await sendRaw(
        bench.gateway.port,
        rawRequest(`GET ${path}`, { host: `127.0.0.1:${bench.gateway.port}` }),
      );
      expect([path, answer.status, JSON.parse(answer.body).error.code]).toEqual([path, 404, 'not_found']);
    }
    expect(simulator.requests).toHaveLength(5);
  });

  test('forwards a body byte for byte', async () => {
    const { send, simulator } = await start();
    const answer = await send('/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ODD_BODY,
    });
    expect(answer.status).toBe(200);
    expect(decode(simulator.requests[0]?.body ?? new Uint8Array())).toBe(ODD_BODY);
  });

  test.each([
    ['zstd', zstdCompressSync],
    ['gzip', gzipSync],
  ])('forwards a %s body unchanged, and traces its content', async (coding, compress) => {
    const { send, simulator, ended } = await start();
    const bytes = compress(Buffer.from(ODD_BODY));
    const answer = await send('/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': coding },
      body: new Uint8Array(bytes),
    });
    expect(answer.status).toBe(200);
    await answer.text();
    const [request] = simulator.requests;
    expect(Buffer.from(request?.body ?? []).equals(bytes)).toBe(true);
    expect(request?.headers['content-encoding']).toBe(coding);
    const [facts] = await ended(1);
    expect(facts?.request).toMatchObject({
      model: 'simulated-model',
      toolCount: 3,
      messageCount: 1,
      bodyBytes: bytes.length,
    });
  });

  test('forwards headers except hop-by-hop headers and credentials, and adds only the key', async () => {
    const { simulator, gateway, token } = await start();
    const body = JSON.stringify(CHAT);
    const kept = {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'session-id': 's-1',
      session_id: 's-2',
      'thread-id': 't-1',
      'x-client-request-id': 'r-1',
      originator: 'codex_exec',
      'x-codex-window-id': 'w-1',
      'openai-beta': 'responses=experimental',
      'anthropic-version': '2023-06-01',
      'x-session-affinity': 'a-1',
      'x-stainless-lang': 'js',
      'x-stainless-retry-count': '0',
      'user-agent': 'codex_exec/0.169.0 (Debian 13; x86_64)',
    };
    const answer = await sendRaw(
      gateway.port,
      rawRequest(
        'POST /v1/chat/completions',
        {
          host: `127.0.0.1:${gateway.port}`,
          ...kept,
          authorization: `Bearer ${token}`,
          'x-api-key': 'made-up-value',
          cookie: 'made=up',
          connection: 'close, x-hop',
          'x-hop': 'one',
          'keep-alive': 'timeout=5',
          te: 'trailers',
          'proxy-authorization': 'Basic made-up',
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
          tracestate: 'made=up',
          baggage: 'made=up',
        },
        body,
      ),
    );
    expect(answer.status).toBe(200);
    expect(simulator.requests[0]?.headers).toEqual({
      ...kept,
      authorization: `Bearer ${simulator.apiKey}`,
      'content-length': String(body.length),
      host: new URL(simulator.baseURL).host,
      connection: 'keep-alive',
    });
  });

  test('requests an uncompressed response, so that bytes can be forwarded unchanged', async () => {
    const { post, simulator } = await start();
    await post('/v1/chat/completions', CHAT, { headers: { 'accept-encoding': 'gzip, br, zstd' } });
    expect(simulator.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('replaces a token in x-api-key with the upstream key', async () => {
    const { send, simulator, token } = await start();
    const answer = await send('/v1/messages?beta=true', {
      method: 'POST',
      headers: { authorization: 'Bearer of-another-login', 'x-api-key': token, 'content-type': 'application/json' },
      body: JSON.stringify(MESSAGE),
    });
    expect(answer.status).toBe(200);
    expect(simulator.requests[0]?.headers['x-api-key']).toBe(simulator.apiKey);
    expect(simulator.requests[0]?.headers['authorization']).toBeUndefined();
  });
});

describe('responses', () => {
  test('forwards response headers except hop-by-hop, CORS and alt-svc headers', async () => {
    const { post, simulator } = await start();
    simulator.use(
      scenario.respond({
        headers: [
          ['content-type', 'application/json; charset=utf-8; odd="yes"'],
          ['x-request-id', 'r-1'],
          ['retry-after', '3'],
          ['x-ratelimit-remaining-requests', '7'],
          ['openai-processing-ms', '12'],
          ['x-codex-turn-state', 'state'],
          ['access-control-allow-origin', '*'],
          ['alt-svc', 'h3=":443"'],
          ['proxy-authenticate', 'Basic'],
        ],
        body: '{"id":"x","object":"chat.completion","choices":[]}',
      }),
    );
    const answer = await post('/v1/chat/completions', CHAT);
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toEqual({
      'content-type': 'application/json; charset=utf-8; odd="yes"',
      'x-request-id': 'r-1',
      'retry-after': '3',
      'x-ratelimit-remaining-requests': '7',
      'openai-processing-ms': '12',
      'x-codex-turn-state': 'state',
      'x-cometapi-simulator': '1',
      'content-length': '50',
      connection: 'keep-alive',
      'keep-alive': 'timeout=120',
      date: expect.any(String),
    });
  });

  test.each([
    ['one byte per write', scenario.framing({ bytesPerWrite: 1 })],
    [
      'CRLF, comments, no space after the colon',
      scenario.framing({ lineEnd: '\r\n', comments: true, spaceAfterColon: false }),
    ],
    [
      'a byte-order mark and unknown events',
      scenario.framing({ byteOrderMark: true, unknownEvents: true, idAndRetry: true }),
    ],
    ['invalid UTF-8', scenario.framing({ invalidUtf8: true })],
  ])('forwards a stream byte for byte: %s', async (_name, framing) => {
    const { post, simulator } = await start();
    const seen: Uint8Array[] = [];
    simulator.use(framing);
    const direct = await fetch(`${simulator.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(CHAT_STREAM),
    });
    seen.push(new Uint8Array(await direct.arrayBuffer()));
    const answer = await post('/v1/chat/completions', CHAT_STREAM);
    seen.push(new Uint8Array(await answer.arrayBuffer()));
    // The simulator generates new ids and times for each response.
    const [expected, got] = seen.map((bytes) =>
      Buffer.from(bytes)
        .toString('latin1')
        .replaceAll(/chatcmpl-\w+|"created":\d+/g, '*'),
    );
    expect(got).toBe(expected);
  });

  test('forwards headers and each chunk immediately, while the upstream is still working', async () => {
    const { simulator, gateway, token } = await start();
    simulator.use(scenario.stall({ at: 'mid_stream', afterEvents: 2 }));
    const client = await openRaw(gateway.port);
    client.write(
      rawRequest(
        'POST /v1/chat/completions',
        { host: `localhost:${gateway.port}`, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        JSON.stringify(CHAT_STREAM),
      ),
    );
    await client.seen('\r\n\r\n');
    await client.seen('"content":"');
    expect(client.answer().end).toBe('open');
    client.socket.destroy();
  });

  test('decodes a response that is compressed although identity was requested, and removes content-encoding', async () => {
    const { post, simulator, ended } = await start();
    simulator.use(scenario.gzip());
    const answer = await post('/v1/chat/completions', CHAT_STREAM);
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.text()).toContain('data: [DONE]');
    expect((await ended(1))[0]).toMatchObject({ ending: 'completed', endingReason: 'terminal_event' });
  });

  test('forwards usage to the client and records it; missing usage is not a failure', async () => {
    const { post, simulator, ended } = await start();
    const withUsage = await (await post('/v1/chat/completions', CHAT_STREAM)).text();
    expect(withUsage).toContain('"choices":[],"usage":{');
    const responses = await (await post('/v1/responses', RESPONSE_STREAM)).text();
    expect(responses).toContain('"usage":{"input_tokens":12');
    simulator.use(scenario.ok({ usage: false }));
    await (await post('/v1/responses', RESPONSE_STREAM)).text();
    const facts = await ended(3);
    expect(
      facts.map(({ ending, response }) => [ending, response?.usage?.inputTokens, response?.usage?.outputTokens]),
    ).toEqual([
      ['completed', 12, 7],
      ['completed', 12, 7],
      ['completed', undefined, undefined],
    ]);
  });
});
