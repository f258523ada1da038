import { scenario } from 'cometapi-otel/testing';
import { afterEach, describe, expect, test } from 'vitest';
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
    await simulator.waitFor((requests) => requests.every(({ closedByClient }) => closedByClient));
    expect(gateway.openRequests).toBe(0);
  });

  test('a client that does not read slows only its own stream, and memory stays bounded', async () => {
    bench = await startBench();
    const { simulator } = bench;
    simulator.use(scenario.endless('events'));
    const [client] = await openStreams(1);
    await client?.seen('data: ');
    client?.socket.pause();
    const before = process.memoryUsage().rss;
    for (let probe = 0; probe < 40; probe++) {
      const answer = await bench.send('/healthz');
      expect(answer.status).toBe(200);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    client?.socket.destroy();
  });
});

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
