import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { describe, expect, test } from 'vitest';
import { type FramingOptions, type Scenario, scenario } from '../../src/simulator/index';
import { CHAT, ENDPOINTS, RESPONSES, reach } from './drivers';

const TEXT = 'simulated: æøå 🙂 [DONE] data: end';

/** Parses a stream incrementally with a standard parser. */
async function eventsOf(one: Scenario, path: string, body: object): Promise<readonly EventSourceMessage[]> {
  await using reached = await reach('memory', { scenario: one });
  const response = await reached.post(path, { ...body, stream: true });
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    parser.feed(text);
  }
  return events;
}

/** Removes ids, times and JSON white space, which differ between runs. */
function content(events: readonly EventSourceMessage[]): unknown {
  return events.map(({ event, data }) => [
    event,
    data.startsWith('{')
      ? JSON.parse(data.replace(/(chatcmpl-|resp_|msg_)[A-Za-z0-9]{24}/g, '$1ID'), withoutTimes)
      : data,
  ]);
}

function withoutTimes(name: string, value: unknown): unknown {
  return name === 'created' || name === 'created_at' ? 0 : value;
}

const FRAMES: readonly (readonly [name: string, options: FramingOptions])[] = [
  ['CRLF', { lineEnd: '\r\n' }],
  ['CR', { lineEnd: '\r' }],
  ['mixed line ends', { lineEnd: 'mixed' }],
  ['a byte-order mark', { byteOrderMark: true }],
  ['no space after the colon', { spaceAfterColon: false }],
  ['several data lines', { severalDataLines: true }],
  ['comments', { comments: true }],
  ['bytes that are not UTF-8, in comments', { invalidUtf8: true }],
  ['one byte per write', { bytesPerWrite: 1 }],
  [
    'everything at once',
    { lineEnd: 'mixed', byteOrderMark: true, severalDataLines: true, comments: true, bytesPerWrite: 3 },
  ],
];

describe.each(ENDPOINTS)('a $family stream', ({ path, body }) => {
  test.each(FRAMES)('contains the same events framed with %s', async (_name, options) => {
    const plain = content(await eventsOf(scenario.ok({ text: TEXT }), path, body));
    const framed = content(
      await eventsOf(scenario.framing({ ...options, of: scenario.ok({ text: TEXT }) }), path, body),
    );
    expect(framed).toEqual(plain);
  });

  test('can carry ids, retry times, unknown and empty events', async () => {
    const plain = await eventsOf(scenario.ok(), path, body);
    const one = scenario.framing({ idAndRetry: true, unknownEvents: true, emptyData: true });
    const framed = await eventsOf(one, path, body);
    expect(framed.map(({ id, event }) => [id, event])).toEqual(
      plain.flatMap(({ event }, index) => [
        [String(index), event],
        [undefined, 'simulated.unknown'],
        [undefined, undefined],
      ]),
    );
  });

  test('can omit the empty line after its last event', async () => {
    const plain = content(await eventsOf(scenario.ok(), path, body));
    const cut = content(await eventsOf(scenario.framing({ finalNewline: false }), path, body));
    expect(cut).toEqual(Array.isArray(plain) ? plain.slice(0, -1) : undefined);
  });

  test('can end with an error event, first or later, and ends cleanly after it', async () => {
    for (const afterEvents of [0, 1, 3]) {
      const events = await eventsOf(
        scenario.errorEvent({ afterEvents, named: true, code: 'server_error' }),
        path,
        body,
      );
      expect(events.length).toBe(afterEvents + 1);
      expect(events.at(-1)).toMatchObject({ event: 'error', data: expect.stringContaining('server_error') });
    }
  });

  test('can continue after its end', async () => {
    const plain = await eventsOf(scenario.ok(), path, body);
    const longer = await eventsOf(scenario.dataAfterDone(), path, body);
    expect(longer.length).toBe(plain.length + 2);
    expect(() => JSON.parse(longer.at(-1)?.data ?? '')).toThrow(SyntaxError);
  });
});

test('an error event of a responses stream is flat and numbered', async () => {
  const events = await eventsOf(
    scenario.errorEvent({ code: 'server_error', message: 'simulated' }),
    '/responses',
    RESPONSES,
  );
  expect(JSON.parse(events.at(-1)?.data ?? '')).toEqual({
    type: 'error',
    code: 'server_error',
    message: expect.stringMatching(/^simulated \(request id: /),
    param: null,
    sequence_number: 2,
  });
});

test('errorEvent answers a JSON request with an error and status 200', async () => {
  await using reached = await reach('memory', { scenario: scenario.errorEvent() });
  const response = await reached.post('/responses', RESPONSES);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ error: { type: 'comet_api_error' } });
});

test('a large event stays one event, and many small events stay separate', async () => {
  const large = await eventsOf(scenario.ok({ text: 'x'.repeat(5_000_000), chunks: 1 }), '/chat/completions', CHAT);
  expect(large.filter(({ data }) => data.length > 5_000_000).length).toBe(1);
  const small = await eventsOf(scenario.ok({ text: 'xy', chunks: 10_000 }), '/chat/completions', CHAT);
  expect(small.length).toBe(10_003);
});

describe('compression', () => {
  test.each(['socket', 'memory'] as const)('fetch decompresses a padded body over %s', async (driver) => {
    const paddingBytes = 20_000_000;
    await using reached = await reach(driver, { scenario: scenario.gzip({ paddingBytes }) });
    const response = await reached.post('/responses', RESPONSES);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(Number(response.headers.get('content-length'))).toBeLessThan(200_000);
    const text = await response.text();
    expect(text.length).toBeGreaterThan(paddingBytes);
    expect(JSON.parse(text)).toMatchObject({ object: 'response' });
  });

  test.each(['socket', 'memory'] as const)('a damaged body errors half-way over %s', async (driver) => {
    const one = scenario.gzip({ corrupt: true, of: scenario.ok({ text: 'x'.repeat(200_000) }) });
    await using reached = await reach(driver, { scenario: one });
    const response = await reached.post('/responses', RESPONSES);
    expect(response.status).toBe(200);
    let length = 0;
    const reading = (async () => {
      for await (const bytes of response.body ?? []) {
        length += bytes.length;
      }
    })();
    await expect(reading).rejects.toThrow(TypeError);
    expect(length).toBeGreaterThan(50_000);
  });
});

test('hostile JSON has an own __proto__ and deep nesting, and is otherwise a correct answer', async () => {
  await using reached = await reach('memory', { scenario: scenario.hostileJson({ depth: 2_000 }) });
  const text = await (await reached.post('/responses', RESPONSES)).text();
  const body: unknown = JSON.parse(text);
  expect(Object.keys(Object(body)).slice(0, 3)).toEqual(['__proto__', 'constructor', 'deep']);
  expect(text).toContain('['.repeat(2_000));
  expect(body).toMatchObject({ object: 'response', status: 'completed' });
});
