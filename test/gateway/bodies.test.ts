import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { CHAT, type GatewayBench, startBench } from './gateway-bench';
import { openRaw, sendRaw } from './raw-client';

let bench: GatewayBench;
afterEach(() => bench.close());

const MIB = 1024 * 1024;
const chatOf = (bytes: number): string =>
  JSON.stringify({ ...CHAT, messages: [{ role: 'user', content: 'x'.repeat(bytes) }] });
const head = (headers: Readonly<Record<string, string | number>>): string =>
  `POST /v1/chat/completions HTTP/1.1\r\n${Object.entries({
    host: `127.0.0.1:${bench.gateway.port}`,
    authorization: `Bearer ${bench.token}`,
    'content-type': 'application/json',
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

describe('large bodies', () => {
  test('forwards a prompt of 32 MiB completely', async () => {
    bench = await startBench({ simulator: { maxRequestBytes: 64 * MIB } });
    const body = chatOf(32 * MIB);
    const answer = await bench.send('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(200);
    const arrived = bench.simulator.requests[0]?.body ?? new Uint8Array();
    const digest = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    expect(digest(arrived)).toBe(digest(body));
    expect((await bench.ended(1))[0]?.request).toMatchObject({ model: 'simulated-model', bodyBytes: body.length });
  });

  test('above the limit: returns a JSON 413 that the client can read, and sends nothing upstream', async () => {
    bench = await startBench();
    const body = chatOf(33 * MIB);
    const whole = await bench.send('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([whole.status, (await whole.json()).error]).toEqual([
      413,
      {
        message: 'The request body exceeds the size limit of the local gateway. Send a smaller body.',
        type: 'invalid_request_error',
        code: 'payload_too_large',
        param: null,
      },
    ]);
    expect(bench.simulator.requests).toEqual([]);
  });

  test('applies the limit to a body without a content length', async () => {
    bench = await startBench({ maxBodyBytes: 1_000 });
    const client = await openRaw(bench.gateway.port);
    client.write(head({ 'transfer-encoding': 'chunked', connection: 'close' }));
    const chunk = `258\r\n${'x'.repeat(600)}\r\n`;
    client.write(chunk + chunk);
    await client.seen('payload_too_large');
    client.write('0\r\n\r\n');
    expect((await client.ended()).status).toBe(413);
    expect(bench.simulator.requests).toEqual([]);
  });

  test('answers Expect: 100-continue with 413 before the body is sent', async () => {
    bench = await startBench({ maxBodyBytes: 1_000 });
    const refused = await sendRaw(bench.gateway.port, head({ expect: '100-continue', 'content-length': 5_000 }));
    expect([refused.status, refused.headers['connection']]).toEqual([413, 'close']);
    const client = await openRaw(bench.gateway.port);
    const body = JSON.stringify(CHAT);
    client.write(head({ expect: '100-continue', 'content-length': body.length, connection: 'close' }));
    await client.seen('HTTP/1.1 100 Continue');
    client.write(body);
    expect((await client.ended()).text).toContain('HTTP/1.1 200 OK');
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('does not decompress a %s bomb beyond the limit', async (coding, compress) => {
    bench = await startBench({ maxBodyBytes: 100_000 });
    const bomb = compress(Buffer.alloc(20 * MIB));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await bench.send('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': coding },
      body: new Uint8Array(bomb),
    });
    expect(answer.status).toBe(413);
    expect(bench.simulator.requests).toEqual([]);
  });

  test('forwards a damaged compressed body, so that the upstream reports the error', async () => {
    bench = await startBench();
    const damaged = new Uint8Array(zstdCompressSync(Buffer.from(JSON.stringify(CHAT))).subarray(0, 20));
    const answer = await bench.send('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'zstd' },
      body: damaged,
    });
    expect(answer.status).toBe(400);
    expect(Buffer.from(bench.simulator.requests[0]?.body ?? []).equals(damaged)).toBe(true);
  });
});
