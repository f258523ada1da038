import { channel } from 'node:diagnostics_channel';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type Dispatcher, dispatch } from '../../src/transport/dispatch';
import { HeaderList } from '../../src/transport/header-list';
import type { SendRequest } from '../../src/transport/send';
import type { TransportResponse } from '../../src/transport/transport-response';
import { countedSignal } from '../support/call-probe';
import { FaultServer, type Step } from '../support/fault-server';
import { chunk, head, LAST_CHUNK, whole } from '../support/wire-bytes';
import { asLegacyHandler, nodesDispatcher } from './dispatchers';

let server: FaultServer | undefined;

afterEach(() => server?.close());

async function serve(...steps: Step[]): Promise<FaultServer> {
  server = await FaultServer.start({ steps });
  return server;
}

function requestTo(at: FaultServer, more: Partial<SendRequest> = {}): SendRequest {
  return {
    url: `${at.origin}/v1/chat/completions?query=a%20b#hash`,
    method: 'POST',
    headers: new HeaderList([['x-own', 'value']]),
    body: '{"model":"m"}',
    signal: new AbortController().signal,
    fetchOptions: undefined,
    ...more,
  };
}

async function textOf({ body }: TransportResponse): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = '';
  for (let taken = await reader?.read(); taken?.done === false; taken = await reader?.read()) {
    text += decoder.decode(taken.value, { stream: true });
  }
  return text;
}

describe.each([
  ['the platform’s dispatcher', nodesDispatcher, true],
  ['a custom dispatcher', nodesDispatcher, false],
  ['a dispatcher with the handler API of undici 6', () => asLegacyHandler(nodesDispatcher()), false],
] as const)('through %s', (_name, dispatcherOf, supportsLegacyHandler) => {
  const traits = { hasOwnTimeouts: false, supportsLegacyHandler };
  const send = (request: SendRequest): Promise<TransportResponse> => dispatch(dispatcherOf(), request, traits);

  test('sends the request with the default headers of fetch, and asks for no compression', async () => {
    const at = await serve(whole('{"a":1}', { headers: { 'content-type': 'application/json', 'x-two': ['1', '2'] } }));
    const response = await send(requestTo(at));

    expect(await textOf(response)).toBe('{"a":1}');
    expect(at.requests).toEqual([
      {
        method: 'POST',
        target: '/v1/chat/completions?query=a%20b',
        headers: {
          host: at.origin.slice(7),
          connection: 'keep-alive',
          accept: '*/*',
          'accept-encoding': 'identity',
          'content-length': '13',
          'user-agent': 'node',
          'x-own': 'value',
        },
        body: '{"model":"m"}',
      },
    ]);
    const { status, statusText, ok, redirected, type, url } = response;
    expect({ status, statusText, ok, redirected, type, url, two: response.headers.get('x-two') }).toEqual({
      status: 200,
      statusText: 'Some reason',
      ok: true,
      redirected: false,
      type: 'basic',
      url: `${at.origin}/v1/chat/completions?query=a%20b#hash`,
      two: '1, 2',
    });
  });

  test('sends bytes, an empty body and no body with the right length', async () => {
    const at = await serve(whole('{}'));
    for (const body of [new TextEncoder().encode('é'), '', undefined]) {
      await textOf(await send(requestTo(at, { body })));
    }
    await textOf(await send(requestTo(at, { body: undefined, method: 'GET' })));
    expect(at.requests.map(({ method, body, headers }) => [method, body, headers['content-length']])).toEqual([
      ['POST', 'é', '2'],
      ['POST', '', '0'],
      ['POST', '', '0'],
      ['GET', '', undefined],
    ]);
  });

  test('reuses a connection after a body that was read, and after a response without a body', async () => {
    const at = await serve(whole('{}'), whole('{}'), whole('', { status: 204 }));
    await textOf(await send(requestTo(at)));
    await turn();
    await textOf(await send(requestTo(at)));
    await turn();
    const empty = await send(requestTo(at));
    expect([empty.status, empty.body]).toEqual([204, null]);
    expect([at.requests.length, at.connectionCount]).toEqual([3, 1]);
  });

  test('returns no body for HEAD, even if the headers contain a length', async () => {
    const at = await serve(({ write }) => write(head({}, 5)));
    const { status, body, headers } = await send(requestTo(at, { method: 'HEAD', body: undefined }));
    expect([status, body, headers.get('content-length')]).toEqual([200, null, '5']);
  });

  test('skips informational responses and drops trailers', async () => {
    const at = await serve(async ({ write }) => {
      await write('HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n');
      await write(head({ framing: 'chunked' }));
      await write(chunk('{}'));
      await write('0\r\nx-trailer: late\r\n\r\n');
    });
    const response = await send(requestTo(at));
    expect([response.status, await textOf(response), response.headers.get('link')]).toEqual([200, '{}', null]);
  });

  test('returns a redirect and does not follow it', async () => {
    const at = await serve(whole('', { status: 307, headers: { location: '/elsewhere' } }));
    const response = await send(requestTo(at));
    expect([response.status, response.ok, response.headers.get('location'), at.requests.length]).toEqual([
      307,
      false,
      '/elsewhere',
      1,
    ]);
  });

  test('pauses the socket for a slow reader, which still gets every byte', async () => {
    const piece = Buffer.alloc(65_536, 'x');
    const pieces = 640;
    let written = 0;
    const at = await serve(async (exchange) => {
      await exchange.write(head({}, piece.length * pieces));
      for (; written < pieces && !exchange.isClosed; written++) {
        await exchange.write(piece);
      }
    });
    let arrived = 0;
    const count = (): void => {
      arrived++;
    };
    const response = await dispatch(counting(dispatcherOf(), count), requestTo(at), traits);
    // Do not read until no more chunks arrive: the socket is paused then.
    for (let seen = -1; seen !== arrived || arrived === 0; ) {
      seen = arrived;
      await turn();
    }
    const whileUnread = arrived;
    const reader = response.body?.getReader();
    let bytes = 0;
    for (let taken = await reader?.read(); taken?.done === false; taken = await reader?.read()) {
      bytes += taken.value.byteLength;
    }
    expect(bytes).toBe(piece.length * pieces);
    // A chunk has up to 64 KiB: one exceeds the limit, and a few more were already on their way.
    expect(whileUnread).toBeLessThan(16);
  });

  test('rejects with the abort reason before, during and after the headers, and leaves no listener', async () => {
    const reason = new Error('enough');
    const at = await serve(
      () => undefined,
      async ({ write }) => {
        await write(head({ framing: 'chunked' }));
        await write(chunk('{'));
      },
    );
    const early = countedSignal();
    early.controller.abort(reason);
    await expect(send(requestTo(at, { signal: early.controller.signal }))).rejects.toBe(reason);

    const waiting = countedSignal();
    const unanswered = send(requestTo(at, { signal: waiting.controller.signal }));
    await at.until(() => at.requests.length === 1);
    waiting.controller.abort(reason);
    await expect(unanswered).rejects.toBe(reason);
    await at.until(() => at.openConnections === 0);

    const reading = countedSignal();
    const response = await send(requestTo(at, { signal: reading.controller.signal }));
    const reader = response.body?.getReader();
    expect(await reader?.read()).toMatchObject({ done: false });
    const next = reader?.read();
    reading.controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await at.until(() => at.openConnections === 0);

    expect([early, waiting, reading].map(({ listeners }) => listeners())).toEqual([0, 0, 0]);
  });

  test('closes the connection if a reader cancels, and keeps it if the reader has read everything', async () => {
    const left = Promise.withResolvers<void>();
    const at = await serve(whole('{}'), async ({ write, closed }) => {
      await write(head({ framing: 'chunked' }));
      await write(chunk('{'));
      await closed;
      left.resolve();
    });
    const { controller, listeners } = countedSignal();
    const done = await send(requestTo(at, { signal: controller.signal }));
    await textOf(done);
    await done.body?.cancel();
    expect([at.openConnections, listeners()]).toEqual([1, 0]);

    const open = await send(requestTo(at, { signal: controller.signal }));
    await open.body?.cancel();
    await left.promise;
    expect(await open.body?.getReader().read()).toEqual({ done: true });
    expect(listeners()).toBe(0);
  });

  test('rejects the read after a reset, and rejects a refused connection', async () => {
    const at = await serve(async ({ write, reset }) => {
      await write(head({ framing: 'chunked' }));
      await write(chunk('{"a":'));
      reset();
    });
    const { controller, listeners } = countedSignal();
    const response = await send(requestTo(at, { signal: controller.signal }));
    const reader = response.body?.getReader();
    expect(await reader?.read()).toMatchObject({ done: false });
    await expect(reader?.read()).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:ECONNRESET|UND_ERR_SOCKET)$/),
    });
    const gone = requestTo(at, { signal: controller.signal });
    await at.close();
    await expect(send(gone)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(listeners()).toBe(0);
  });

  test('decodes a response that is compressed although the request asks for no compression', async () => {
    const text = 'a synthetic answer '.repeat(1_000);
    const coded = {
      gzip: gzipSync(text),
      'x-gzip': gzipSync(text),
      deflate: deflateSync(text),
      'gzip, gzip': gzipSync(gzipSync(text)),
      identity: Buffer.from(text),
      ...(knowsBrotli() && { br: brotliCompressSync(text) }),
    };
    const at = await serve(
      ...Object.entries(coded).map(([coding, bytes]) => whole(bytes, { headers: { 'content-encoding': coding } })),
    );
    const texts: Record<string, boolean> = {};
    for (const coding of Object.keys(coded)) {
      texts[coding] = (await textOf(await send(requestTo(at)))) === text;
    }
    expect(texts).toEqual(Object.fromEntries(Object.keys(coded).map((coding) => [coding, true])));
  });

  test('fails for damaged or truncated compressed data, and for too many codings', async () => {
    const bytes = gzipSync('a synthetic answer '.repeat(1_000));
    const damaged = Buffer.from(bytes).fill(0xff, 20, 40);
    const headers = { 'content-encoding': 'gzip' };
    const at = await serve(
      whole(damaged, { headers }),
      whole(bytes.subarray(0, -12), { headers }),
      whole(bytes, { headers: { 'content-encoding': 'gzip, gzip, gzip, gzip, gzip, gzip' } }),
    );
    await expect(textOf(await send(requestTo(at)))).rejects.toThrow();
    await expect(textOf(await send(requestTo(at)))).rejects.toThrow();
    await expect(send(requestTo(at))).rejects.toThrow('The response has too many content codings.');
    await at.until(() => at.openConnections <= 1);
  });

  test('publishes the request on diagnostics channels, and a subscriber can add a header', async () => {
    const at = await serve(whole('{}'));
    const created = channel('undici:request:create');
    const seen: string[] = [];
    const watch = (message: unknown): void => {
      // undici publishes this message, and instrumentations use it.
      const { request } = message as { request: { method: string; addHeader(name: string, value: string): void } };
      seen.push(request.method);
      request.addHeader('x-watched', 'yes');
    };
    created.subscribe(watch);
    try {
      await textOf(await send(requestTo(at)));
    } finally {
      created.unsubscribe(watch);
    }
    expect([seen, at.requests[0]?.headers['x-watched']]).toEqual([['POST'], 'yes']);
  });

  test('fails for a chunked response that ends early', async () => {
    const at = await serve(async ({ write, end }) => {
      await write(head({ framing: 'chunked' }));
      await write(chunk('{}'));
      end();
    });
    await expect(textOf(await send(requestTo(at)))).rejects.toThrow();
    at.become({ steps: [async ({ write }) => write(`${head({ framing: 'chunked' })}${LAST_CHUNK}`)] });
    expect(await textOf(await send(requestTo(at)))).toBe('');
  });
});

/** Waits until the connection is free: one turn of the event loop after the end of the response, as with fetch. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** The same dispatcher, but calls `count` for each chunk. */
function counting(dispatcher: Dispatcher, count: () => void): Dispatcher {
  return {
    dispatch(options, handler) {
      for (const name of ['onResponseData', 'onData'] as const) {
        const hand: unknown = Reflect.get(handler, name);
        if (typeof hand === 'function') {
          Object.defineProperty(handler, name, {
            value(...parts: unknown[]) {
              count();
              return Reflect.apply(hand, handler, parts);
            },
          });
        }
      }
      return dispatcher.dispatch(options, handler);
    },
  };
}

function knowsBrotli(): boolean {
  try {
    // The types of some platforms lack this format.
    return new DecompressionStream('brotli' as CompressionFormat) !== undefined;
  } catch {
    return false;
  }
}
