import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CHAT, type GatewayBench, startBench } from './gateway-bench';
import { type RawAnswer, rawRequest, sendRaw } from './raw-client';

/** An upstream that answers every request with fixed bytes, which the simulator cannot do. */
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

describe('upstream responses', () => {
  test('forwards a 304, which is not a redirect', async () => {
    const answer = await ask('HTTP/1.1 304 Not Modified\r\netag: "made-up"\r\n\r\n', 'GET /v1/models');
    expect([answer.status, answer.headers['etag'], answer.body]).toEqual([304, '"made-up"', '']);
  });

  test.each([
    ['an unrequested upgrade', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: made-up\r\n\r\n'],
    ['a status above 599', 'HTTP/1.1 600 Made Up\r\ncontent-length: 2\r\n\r\n{}'],
    ['a response that is not HTTP', 'made up\r\n\r\n'],
  ])('%s results in a 502', async (_name, answer) => {
    const { status, body, text } = await ask(answer);
    expect([status, JSON.parse(body).error.code, text.split('\r\n', 1)]).toEqual([
      502,
      'upstream_unreachable',
      ['HTTP/1.1 502 Bad Gateway'],
    ]);
    expect(body).toContain('(protocol_error)');
  });

  test('drops early hints and forwards the response that follows', async () => {
    const answer = await ask(
      'HTTP/1.1 103 Early Hints\r\nlink: </made-up>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
    );
    expect([answer.status, answer.body, answer.headers['link']]).toEqual([200, '{}', undefined]);
  });

  test('drops an invalid reason phrase, and keeps several Retry-After lines', async () => {
    const answer = await ask(
      'HTTP/1.1 429 caf\xe9\x01\r\ncontent-length: 2\r\nretry-after: 9\r\nretry-after: Wed, 21 Oct 2099 07:28:00 GMT\r\n\r\n{}',
    );
    expect([answer.text.split('\r\n', 1), answer.headers['retry-after']]).toEqual([
      ['HTTP/1.1 429 Too Many Requests'],
      '9, Wed, 21 Oct 2099 07:28:00 GMT',
    ]);
  });
});
