import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createSimulator, type Scenario, type Simulator, scenario } from '../../src/simulator/index';
import { NO_LIMIT } from '../support/no-limit';
import { CHAT } from './drivers';

/** The bytes and the end of a bare socket, without an HTTP client. */
interface Seen {
  /** All received bytes, as Latin-1. */
  readonly text: string;
  /** The state of the connection: closed by FIN, closed by RST, or open when `until` returned true. */
  readonly end: 'fin' | 'reset' | 'open';
}

let simulator: Simulator | undefined;
afterEach(() => simulator?.close());

/** Sends one request on a bare socket. Reads to the end, or until `until` returns true. */
async function see(
  one: Scenario,
  options: { stream?: boolean; until?: (text: string) => boolean } = {},
): Promise<Seen> {
  simulator = createSimulator({ scenario: one });
  const { port } = await simulator.listen();
  const socket = connect(port, '127.0.0.1');
  const seen = readAll(socket, options.until ?? (() => false));
  socket.write(requestText(simulator.apiKey, { ...CHAT, stream: options.stream ?? false }));
  return seen;
}

function requestText(apiKey: string, body: unknown): string {
  const text = JSON.stringify(body);
  return [
    'POST /v1/chat/completions HTTP/1.1',
    'host: simulated',
    `authorization: Bearer ${apiKey}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}

function readAll(socket: Socket, until: (text: string) => boolean): Promise<Seen> {
  return new Promise((resolve) => {
    let text = '';
    const finish = (end: Seen['end']): void => {
      resolve({ text, end });
      socket.destroy();
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      text += chunk;
      if (until(text)) {
        finish('open');
      }
    });
    socket.on('end', () => finish('fin'));
    socket.on('error', () => finish('reset'));
  });
}

const HEAD_END = '\r\n\r\n';
const bodyOf = (text: string): string => text.slice(text.indexOf(HEAD_END) + HEAD_END.length);
const lengthOf = (text: string): number => Number(/^content-length: (\d+)\r$/im.exec(text)?.[1]);

describe('reset sends a RST', () => {
  test('before the first byte', async () => {
    expect(await see(scenario.reset())).toEqual({ text: '', end: 'reset' });
  });

  test('in the middle of the headers', async () => {
    const { text, end } = await see(scenario.reset({ at: 'headers' }));
    expect([text.startsWith('HTTP/1.1 200 OK\r\n'), text.includes(HEAD_END), end]).toEqual([true, false, 'reset']);
  });

  test('after the headers', async () => {
    const { text, end } = await see(scenario.reset({ at: 'after_headers' }));
    expect([text.endsWith(HEAD_END), bodyOf(text), end]).toEqual([true, '', 'reset']);
  });

  test('in the middle of the body', async () => {
    const { text, end } = await see(scenario.reset({ at: 'body' }));
    expect([bodyOf(text).length, end]).toEqual([lengthOf(text) >> 1, 'reset']);
  });

  test.each([0, 1, 4])('after %i complete events', async (afterEvents) => {
    const { text, end } = await see(scenario.reset({ at: 'mid_stream', afterEvents }), { stream: true });
    expect([text.split('data: {').length - 1, text.includes('[DONE]'), end]).toEqual([afterEvents, false, 'reset']);
  });
});

describe('cut sends a FIN', () => {
  test('before the first byte', async () => {
    expect(await see(scenario.cut({ at: 'before' }))).toEqual({ text: '', end: 'fin' });
  });

  test('in the middle of JSON with a content length', async () => {
    const { text, end } = await see(scenario.cut());
    expect([bodyOf(text).length, end]).toEqual([lengthOf(text) >> 1, 'fin']);
  });

  test('in a stream, without the last chunk', async () => {
    const { text, end } = await see(scenario.cut({ afterEvents: 3 }), { stream: true });
    expect([text.split('data: {').length - 1, text.endsWith('0\r\n\r\n'), end]).toEqual([3, false, 'fin']);
  });

  test('after a number of bytes', async () => {
    const { text, end } = await see(scenario.cut({ afterBytes: 7 }));
    expect([bodyOf(text), end]).toEqual(['{"id":"', 'fin']);
  });
});

describe('a stall keeps the connection open', () => {
  test('after some events', async () => {
    const isSecondFrame = (text: string): boolean => text.split('data: {').length > 2;
    const { end } = await see(scenario.stall({ at: 'mid_stream' }), { stream: true, until: isSecondFrame });
    expect(end).toBe('open');
    await simulator?.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
  });

  test('with nothing but comments', async () => {
    const { text, end } = await see(scenario.stall({ commentsOnly: true, commentEveryMs: 1, afterEvents: 0 }), {
      stream: true,
      until: (so) => so.split(': simulated keep-alive\n\n').length > 5,
    });
    expect([text.includes('data:'), end]).toEqual([false, 'open']);
  });

  test('in the middle of an error body', async () => {
    const { text, end } = await see(scenario.fail(503, { body: 'hang' }), {
      until: (so) => so.includes(HEAD_END) && bodyOf(so).length >= lengthOf(so) >> 1,
    });
    expect([text.startsWith('HTTP/1.1 503 '), end]).toEqual([true, 'open']);
  });

  test('after a complete stream', async () => {
    const { text, end } = await see(scenario.lingerAfterDone(), {
      stream: true,
      until: (so) => so.includes('data: [DONE]\n\n'),
    });
    expect([text.includes('\r\n0\r\n'), end]).toEqual([false, 'open']);
  });

  test('while an endless answer arrives', async () => {
    for (const content of ['events', 'line', 'comments', 'body'] as const) {
      const { end } = await see(scenario.endless(content), {
        stream: content !== 'body',
        until: (so) => so.length > 1_000_000,
      });
      expect(end).toBe('open');
      await simulator?.close();
    }
  });
});

describe('HTTP framing', () => {
  test('a normal answer keeps the connection alive', async () => {
    const { text } = await see(scenario.ok(), { until: (so) => so.endsWith('}') });
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toMatch(/^x-cometapi-simulator: 1\r$/m);
    expect(text).toMatch(/^Connection: keep-alive\r$/m);
  });

  test('an HTTP/1.0 answer has no content length and no chunks, and ends with the connection', async () => {
    const { text, end } = await see(scenario.http10(), { stream: true });
    expect(text).toMatch(/^HTTP\/1\.0 200 OK\r\n/);
    expect(text).not.toMatch(/transfer-encoding|content-length/i);
    expect(bodyOf(text).endsWith('data: [DONE]\n\n')).toBe(true);
    expect(end).toBe('fin');
  });

  test('closeDelimited ends a body only with the connection', async () => {
    const { text, end } = await see(scenario.closeDelimited());
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).not.toMatch(/transfer-encoding|content-length/i);
    expect([JSON.parse(bodyOf(text)).object, end]).toEqual(['chat.completion', 'fin']);
  });

  test('noReasonPhrase omits the reason phrase', async () => {
    const { text } = await see(scenario.noReasonPhrase(), { until: (so) => so.endsWith('}') });
    expect(text).toMatch(/^HTTP\/1\.1 200 ?\r\n/);
  });

  test('earlyHints sends a 103 before the answer', async () => {
    const { text } = await see(scenario.earlyHints(), { until: (so) => so.endsWith('}') });
    expect(text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\n[\s\S]*\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  test('headers can occur twice and be large', async () => {
    const large = 'x'.repeat(20_000);
    const { text } = await see(
      scenario.headers([
        ['retry-after', '1'],
        ['retry-after', '5'],
        ['x-large', large],
      ]),
      { until: (so) => so.endsWith('}') },
    );
    expect(text.match(/^retry-after: \d\r$/gm)).toEqual(['retry-after: 1\r', 'retry-after: 5\r']);
    expect(text).toContain(`x-large: ${large}\r\n`);
  });

  test('chunkError sends a chunk with an invalid length', async () => {
    const { text, end } = await see(scenario.chunkError({ afterEvents: 1 }), { stream: true });
    expect(text).toMatch(/data: \{[^\n]*\n\n\r\nsimulated-no-chunk-length\r\n$/);
    expect(end).toBe('fin');
  });

  test('closeAfter closes a keep-alive connection after a complete answer', async () => {
    const { text, end } = await see(scenario.closeAfter());
    expect(text).toMatch(/^Connection: keep-alive\r$/m);
    expect([JSON.parse(bodyOf(text)).object, end]).toEqual(['chat.completion', 'fin']);
  });

  test('raw writes arbitrary bytes', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nHTTP/1.1 nonsense\r\n\u00ff';
    expect(await see(scenario.raw(Buffer.from(answer, 'latin1')))).toEqual({ text: answer, end: 'fin' });
    await simulator?.close();
    expect(await see(scenario.raw(({ method, path }) => `${method} ${path}`))).toEqual({
      text: 'POST /v1/chat/completions',
      end: 'fin',
    });
  });

  test('drip sends a body byte by byte', async () => {
    const sizes: number[] = [];
    simulator = createSimulator({
      scenario: scenario.drip({ bytesPerWrite: 1, delayMs: 1, of: scenario.respond({ body: '[1,2,3]' }) }),
    });
    const { baseURL } = await simulator.listen();
    const response = await fetch(`${baseURL}/models`);
    for await (const chunk of response.body ?? []) {
      sizes.push(chunk.length);
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(7);
    expect(sizes.length).toBeGreaterThan(1);
  });
});

test('an invalid header resets the connection and emits a warning', async () => {
  const warned = new Promise<Error>((resolve) => process.prependOnceListener('warning', resolve));
  expect(await see(scenario.headers({ 'x-broken': 'a\nb' }))).toEqual({ text: '', end: 'reset' });
  expect((await warned).message).toContain('cometapi-otel/testing: a scenario failed:');
});

test('a TLS connection fails as with every plain HTTP server', async () => {
  simulator = createSimulator();
  const { port } = await simulator.listen();
  await expect(fetch(`https://127.0.0.1:${port}/v1/models`)).rejects.toMatchObject({ message: 'fetch failed' });
  expect(simulator.requests).toEqual([]);
});

test('a client that disconnects while sending its body is not recorded', async () => {
  simulator = createSimulator();
  const { port } = await simulator.listen();
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: simulated\r\ncontent-length: 100\r\n\r\n{"model"');
  await expect.poll(() => simulator?.openConnections).toBe(1);
  socket.destroy();
  await expect.poll(() => simulator?.openConnections).toBe(0);
  expect([simulator.requests.length, simulator.bills]).toEqual([0, 0]);
});
