import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { scenario } from 'cometapi-otel/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { NO_LIMIT } from '../support/no-limit';
import { CHAT, CHAT_STREAM, type GatewayBench, startBench } from './gateway-bench';
import { openRaw, type RawClient, rawRequest, sendRaw } from './raw-client';

let bench: GatewayBench;
afterEach(() => bench.close());

async function openStreams(count: number): Promise<readonly RawClient[]> {
  const { gateway, token } = bench;
  const headers = {
    host: `127.0.0.1:${gateway.port}`,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
  };
  const clients = await Promise.all(Array.from({ length: count }, () => openRaw(gateway.port)));
  for (const client of clients) {
    client.write(rawRequest('POST /v1/chat/completions', headers, JSON.stringify(CHAT_STREAM)));
  }
  return clients;
}

describe('concurrency', () => {
  test('completes 24 concurrent streams', async () => {
    bench = await startBench();
    bench.simulator.use(scenario.ok({ text: 'x'.repeat(2_000), chunks: 40, delayMs: 2 }));
    const answers = await Promise.all((await openStreams(24)).map((client) => client.ended()));
    expect(answers.map(({ status, text }) => [status, text.includes('data: [DONE]')])).toEqual(
      answers.map(() => [200, true]),
    );
    expect(new Set((await bench.ended(24)).map(({ ending }) => ending))).toEqual(new Set(['completed']));
  });

  test('keeps 500 streams open at once, and releases them all', async () => {
    bench = await startBench();
    const { simulator, gateway } = bench;
    simulator.use(scenario.stall({ at: 'mid_stream', afterEvents: 2 }));
    const clients = await openStreams(500);
    await Promise.all(clients.map((client) => client.seen('data: ')));
    expect([simulator.requests.length, gateway.openRequests]).toEqual([500, 500]);
    for (const client of clients) {
      client.socket.destroy();
    }
    await bench.ended(500);
    await simulator.waitFor((requests) => requests.every(({ closedByClient }) => closedByClient), NO_LIMIT);
    expect(gateway.openRequests).toBe(0);
  }, 120_000);

  test('a client that does not read slows only its own stream, and its upstream stops sending', async () => {
    const upstream = await startEndlessUpstream();
    try {
      bench = await startBench({ baseURL: `http://127.0.0.1:${upstream.port}/v1` });
      const [client] = await openStreams(1);
      await client?.seen('data: ');
      client?.socket.pause();
      await upstream.untilBlocked();
      expect((await bench.send('/healthz')).status).toBe(200);
      client?.socket.destroy();
    } finally {
      upstream.close();
    }
  });
});

interface EndlessUpstream {
  readonly port: number;
  /**
   * Resolves when the upstream cannot send more, because buffers between it and the client are full.
   *
   * @throws Error after 64 MiB. The buffers of the sockets and of this library are smaller.
   */
  untilBlocked(): Promise<void>;
  close(): void;
}

/** An upstream that sends one stream without end, as fast as the gateway reads it. */
async function startEndlessUpstream(): Promise<EndlessUpstream> {
  const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(65_536) } }] })}\n\n`;
  let sentBytes = 0;
  const server = createServer((request, response) => {
    const send = (): void => {
      while (!response.destroyed && response.write(event)) {
        sentBytes += event.length;
      }
      sentBytes += event.length;
    };
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).on('drain', send);
    send();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A listening TCP server has an address with a port.
    port: (server.address() as AddressInfo).port,
    async untilBlocked() {
      // All sockets belong to this process. If nothing moves in so many turns of the event loop, nothing will.
      for (let idleTurns = 0, before = sentBytes; idleTurns < 1_000; idleTurns++) {
        await turn();
        if (sentBytes > 64 * 1_024 * 1_024) {
          throw new Error(`The upstream sent ${sentBytes} bytes, although the client does not read.`);
        }
        if (sentBytes !== before) {
          idleTurns = 0;
          before = sentBytes;
        }
      }
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('shutdown and connection reuse', () => {
  test('lets open requests end and refuses new ones', async () => {
    bench = await startBench();
    const { simulator, gateway } = bench;
    simulator.use(scenario.ok({ chunks: 20, delayMs: 10 }));
    const [client] = await openStreams(1);
    await client?.seen('data: ');
    const closing = gateway.close();
    await expect(openRaw(gateway.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const answer = await client?.ended();
    expect(answer?.text).toContain('data: [DONE]');
    await closing;
    expect((await bench.ended(1))[0]).toMatchObject({ ending: 'completed' });
  });

  test('aborts requests that exceed drainMs, and records them as cancelled', async () => {
    bench = await startBench();
    const { simulator, gateway } = bench;
    simulator.use(scenario.stall({ at: 'mid_stream', afterEvents: 2 }));
    const [client] = await openStreams(1);
    await client?.seen('data: ');
    await gateway.close({ drainMs: 50 });
    expect((await client?.ended())?.text.endsWith('0\r\n\r\n')).toBe(false);
    expect((await bench.ended(1))[0]).toMatchObject({ ending: 'cancelled' });
  });

  test('rejects with EADDRINUSE if the port is taken', async () => {
    bench = await startBench();
    const { startGateway } = await import('cometapi-otel/gateway');
    await expect(
      startGateway({
        token: bench.token,
        apiKey: bench.simulator.apiKey,
        baseURL: bench.simulator.baseURL,
        port: bench.gateway.port,
      }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('reuses connections for later requests', async () => {
    bench = await startBench();
    const { gateway, token } = bench;
    const client = await openRaw(gateway.port);
    const request = rawRequest(
      'POST /v1/chat/completions',
      {
        host: `127.0.0.1:${gateway.port}`,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        connection: 'keep-alive',
      },
      JSON.stringify(CHAT),
    );
    for (let count = 1; count <= 3; count++) {
      client.write(request);
      await bench.ended(count);
    }
    expect(bench.simulator.openConnections).toBe(1);
    client.socket.destroy();
    expect(
      (await sendRaw(gateway.port, rawRequest('GET /healthz', { host: `127.0.0.1:${gateway.port}` }))).status,
    ).toBe(200);
  });
});
