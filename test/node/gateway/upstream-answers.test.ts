import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CHAT, type GatewayBench, startBench } from './gateway-bench';
import { type RawAnswer, rawRequest, sendRaw } from './raw-client';

/** Answers that no simulator of an API gives: whatever is asked, these bytes come. */
let upstream: Server;
let bench: GatewayBench;
let bytes = '';
const sockets = new Set<Socket>();

beforeAll(async () => {
  upstream = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      if (data.includes('\r\n\r\n')) {
        socket.write(bytes, 'latin1');
      }
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  bench = await startBench({ baseURL: `http://127.0.0.1:${port}/v1`, maxAttempts: 1 });
});
afterEach(() => {
  for (const socket of sockets) {
    socket.destroy();
  }
  sockets.clear();
});
afterAll(async () => {
  await bench.close();
  upstream.close();
});

async function ask(answer: string, line = 'POST /v1/chat/completions'): Promise<RawAnswer> {
  bytes = answer;
  const headers = {
    host: `127.0.0.1:${bench.gateway.port}`,
    authorization: `Bearer ${bench.token}`,
    'content-type': 'application/json',
  };
  return await sendRaw(
    bench.gateway.port,
    rawRequest(line, headers, line.startsWith('GET') ? '' : JSON.stringify(CHAT)),
  );
}

describe('answers of an upstream', () => {
  test('what is not modified is told so: that is no redirect', async () => {
    const answer = await ask('HTTP/1.1 304 Not Modified\r\netag: "made-up"\r\n\r\n', 'GET /v1/models');
    expect([answer.status, answer.headers['etag'], answer.body]).toEqual([304, '"made-up"', '']);
  });

  test.each([
    [
      'an upgrade that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: made-up\r\n\r\n',
    ],
    ['a status of no class', 'HTTP/1.1 600 Made Up\r\ncontent-length: 2\r\n\r\n{}'],
    ['what is no HTTP', 'made up\r\n\r\n'],
  ])('%s is a 502 at once', async (_name, answer) => {
    const { status, body, text } = await ask(answer);
    expect([status, JSON.parse(body).error.code, text.split('\r\n', 1)]).toEqual([
      502,
      'upstream_unreachable',
      ['HTTP/1.1 502 Bad Gateway'],
    ]);
    expect(body).toContain('(protocol_error)');
  });

  test('early hints are for the connection they came on, and the answer behind them comes', async () => {
    const answer = await ask(
      'HTTP/1.1 103 Early Hints\r\nlink: </made-up>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
    );
    expect([answer.status, answer.body, answer.headers['link']]).toEqual([200, '{}', undefined]);
  });

  test('a phrase that HTTP does not allow is left out, and several Retry-After stay what they were', async () => {
    const answer = await ask(
      'HTTP/1.1 429 caf\xe9\x01\r\ncontent-length: 2\r\nretry-after: 9\r\nretry-after: Wed, 21 Oct 2099 07:28:00 GMT\r\n\r\n{}',
    );
    expect([answer.text.split('\r\n', 1), answer.headers['retry-after']]).toEqual([
      ['HTTP/1.1 429 Too Many Requests'],
      '9, Wed, 21 Oct 2099 07:28:00 GMT',
    ]);
  });
});
