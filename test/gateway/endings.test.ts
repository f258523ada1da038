import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { scenario } from 'cometapi-otel/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { NO_LIMIT } from '../support/no-limit';
import {
  type BenchOptions,
  CHAT,
  CHAT_STREAM,
  type GatewayBench,
  MESSAGE,
  RESPONSE_STREAM,
  startBench,
} from './gateway-bench';
import { openRaw, type RawClient, rawRequest } from './raw-client';

let bench: GatewayBench;
afterEach(() => bench.close());
const start = async (options?: BenchOptions): Promise<GatewayBench> => {
  bench = await startBench(options);
  return bench;
};

async function open(path: string, body: unknown): Promise<RawClient> {
  const { gateway, token } = bench;
  const client = await openRaw(gateway.port);
  const headers = {
    host: `127.0.0.1:${gateway.port}`,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
  };
  client.write(rawRequest(`POST ${path}`, headers, JSON.stringify(body)));
  return client;
}

const LAST_CHUNK = '\r\n0\r\n\r\n';

describe('an incomplete response never ends cleanly', () => {
  test.each([
    ['chat, cut', '/v1/chat/completions', CHAT_STREAM, scenario.cut({ afterEvents: 3 }), 'stream_truncated'],
    [
      'chat, reset',
      '/v1/chat/completions',
      CHAT_STREAM,
      scenario.reset({ at: 'mid_stream', afterEvents: 3 }),
      'stream_truncated',
    ],
    [
      'chat, ended without a finish reason',
      '/v1/chat/completions',
      CHAT_STREAM,
      scenario.truncatedStream(),
      'stream_truncated',
    ],
    [
      'chat, an invalid chunk',
      '/v1/chat/completions',
      CHAT_STREAM,
      scenario.chunkError({ afterEvents: 3 }),
      'stream_truncated',
    ],
    ['responses, cut', '/v1/responses', RESPONSE_STREAM, scenario.cut({ afterEvents: 3 }), 'stream_truncated'],
    [
      'responses, ended without response.completed',
      '/v1/responses',
      RESPONSE_STREAM,
      scenario.truncatedStream(),
      'stream_truncated',
    ],
    [
      'messages, cut',
      '/v1/messages?beta=true',
      { ...MESSAGE, stream: true },
      scenario.cut({ afterEvents: 3 }),
      'stream_truncated',
    ],
    [
      'an empty stream',
      '/v1/chat/completions',
      CHAT_STREAM,
      scenario.respond({ headers: { 'content-type': 'text/event-stream' }, body: '' }),
      'stream_truncated',
    ],
    ['JSON, cut', '/v1/chat/completions', CHAT, scenario.cut({ at: 'mid_body' }), 'body_error'],
  ])('%s', async (_name, path, body, fault, endingReason) => {
    const { simulator, ended } = await start();
    simulator.use(fault);
    const client = await open(path, body);
    const answer = await client.ended();
    expect(answer.status).toBe(200);
    expect(answer.text.endsWith(LAST_CHUNK)).toBe(false);
    expect(Number(answer.headers['content-length'] ?? Number.POSITIVE_INFINITY)).toBeGreaterThan(answer.body.length);
    expect((await ended(1))[0]).toMatchObject({ ending: 'failed', endingReason });
  });

  test('delivers every byte received before a cut', async () => {
    const { simulator } = await start();
    simulator.use(scenario.cut({ afterEvents: 4, of: scenario.ok({ chunks: ['one ', 'two ', 'three ', 'four '] }) }));
    const answer = await (await open('/v1/chat/completions', CHAT_STREAM)).ended();
    expect([...answer.text.matchAll(/"content":"(\w+) /g)].map(([, word]) => word)).toEqual(['one', 'two', 'three']);
  });

  test('resets the connection of an HTTP/1.0 client, because a normal close would end the body', async () => {
    const { simulator, gateway, token } = await start();
    simulator.use(scenario.truncatedStream());
    const client = await openRaw(gateway.port);
    const request = rawRequest(
      'POST /v1/chat/completions',
      { host: `127.0.0.1:${gateway.port}`, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      JSON.stringify(CHAT_STREAM),
    );
    client.write(request.replace('HTTP/1.1', 'HTTP/1.0'));
    expect(await client.ended()).toMatchObject({ status: 200, end: 'reset' });
  });

  test.each([
    [
      'an error event',
      '/v1/chat/completions',
      CHAT_STREAM,
      scenario.errorEvent({ afterEvents: 2 }),
      'stream_error_event',
    ],
    ['response.failed', '/v1/responses', RESPONSE_STREAM, scenario.responseFailed(), 'response_failed'],
  ])(
    'forwards an error that the stream reports, and its clean end: %s',
    async (_name, path, body, fault, endingReason) => {
      const { simulator, ended } = await start();
      simulator.use(fault);
      const answer = await (await open(path, body)).ended();
      expect(answer.text.endsWith(LAST_CHUNK)).toBe(true);
      expect((await ended(1))[0]).toMatchObject({ ending: 'failed', endingReason });
    },
  );

  test('aborts a stream that stays silent, and does not end it cleanly', async () => {
    const { simulator, ended } = await start({ idleTimeoutMs: 100 });
    simulator.use(scenario.stall({ at: 'mid_stream', afterEvents: 2 }));
    const answer = await (await open('/v1/chat/completions', CHAT_STREAM)).ended();
    expect(answer.text.endsWith(LAST_CHUNK)).toBe(false);
    expect((await ended(1))[0]).toMatchObject({ ending: 'failed', endingReason: 'stream_idle_timeout' });
    await simulator.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
  });
});

describe('when the client disconnects, its upstream request is cancelled', () => {
  test.each([
    ['before the headers', scenario.stall({ at: 'before' })],
    ['during a silent stream', scenario.stall({ at: 'mid_stream', afterEvents: 2 })],
    ['during an active stream', scenario.drip({ bytesPerWrite: 8, delayMs: 2, of: scenario.ok({ chunks: 500 }) })],
  ])('%s: closes the upstream connection, and the call ends as cancelled', async (_name, pause) => {
    const { simulator, ended } = await start();
    simulator.use(pause);
    const client = await open('/v1/chat/completions', CHAT_STREAM);
    await simulator.waitFor((requests) => requests.length === 1, NO_LIMIT);
    client.socket.destroy();
    await simulator.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
    expect((await ended(1))[0]).toMatchObject({ ending: 'cancelled', category: 'cancelled' });
    expect(bench.facts[0]?.errorType).toBeUndefined();
    expect(simulator.requests).toHaveLength(1);
  });

  test('during the wait before a retry: does not retry', async () => {
    const { simulator, ended } = await start();
    simulator.use(scenario.fail(503, { retryAfter: 4 }));
    const client = await open('/v1/chat/completions', CHAT_STREAM);
    await simulator.waitFor(([request]) => request?.finished === true, NO_LIMIT);
    client.socket.destroy();
    expect((await ended(1))[0]).toMatchObject({ ending: 'cancelled', phase: 'wait' });
    expect(simulator.requests).toHaveLength(1);
  });

  test('before its body is complete: sends nothing upstream', async () => {
    const { simulator, gateway, token } = await start();
    const client = await openRaw(gateway.port);
    client.write(
      `POST /v1/responses HTTP/1.1\r\nhost: localhost:${gateway.port}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"model":`,
    );
    client.socket.destroy();
    const probe = await bench.send('/v1/models');
    expect(probe.status).toBe(200);
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/v1/models']);
    expect(gateway.openRequests).toBe(0);
  });
});

describe('no usable response', () => {
  test('an unreachable upstream results in a 502 with an error code, after two attempts', async () => {
    const { simulator, post, ended } = await start();
    await simulator.close();
    const answer = await post('/v1/chat/completions', CHAT);
    expect([answer.status, await answer.json()]).toEqual([
      502,
      {
        error: {
          message:
            'The local gateway could not reach CometAPI (connection_refused). Check its network and COMETAPI_BASE_URL.',
          type: 'gateway_error',
          code: 'upstream_unreachable',
          param: null,
        },
      },
    ]);
    expect((await ended(1))[0]?.attempts.map(({ errorType }) => errorType)).toEqual([
      'connection_refused',
      'connection_refused',
    ]);
  });

  test('an upstream that never answers results in a 504', async () => {
    const { simulator, post } = await start({ timeout: 100, maxAttempts: 1 });
    simulator.use(scenario.stall({ at: 'before' }));
    const answer = await post('/v1/chat/completions', CHAT);
    expect([answer.status, (await answer.json()).error.code]).toEqual([504, 'upstream_timeout']);
  });

  test('a redirect is neither followed nor forwarded', async () => {
    const { simulator, post } = await start();
    simulator.use(scenario.redirect(307, 'https://example.com/elsewhere'));
    const answer = await post('/v1/chat/completions', CHAT);
    expect([answer.status, (await answer.json()).error.code]).toEqual([502, 'upstream_redirect']);
    expect(simulator.requests).toHaveLength(1);
  });

  test('an upstream that does not speak HTTP results in a 502', async () => {
    const server = createTcpServer((socket) => socket.end('this is not HTTP\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { post } = await start({ baseURL: `http://127.0.0.1:${port}/v1` });
    const answer = await post('/v1/chat/completions', CHAT);
    expect([answer.status, (await answer.json()).error.message]).toEqual([
      502,
      expect.stringContaining('The local gateway could not reach CometAPI (protocol_error). '),
    ]);
    server.close();
  });

  test('forwards a 204 without a body', async () => {
    const server = createServer((_request, response) => response.writeHead(204).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { send } = await start({ baseURL: `http://127.0.0.1:${port}/v1` });
    const answer = await send('/v1/models');
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    server.closeAllConnections();
    server.close();
  });
});
