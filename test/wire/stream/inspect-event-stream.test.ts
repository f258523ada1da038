import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { EndpointFamily } from '../../../src/facts/endpoints';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { createReadContext } from '../../../src/wire/read-context';
import { createEventStreamInspector, type DeliveredEvent } from '../../../src/wire/stream/inspect-event-stream';
import { growthOf, LARGER, LINEAR } from '../../support/growth';
import { COMPLETED, CREATED, DONE, delta, errorBody, FINISH, TEXT_DELTA, typedEvent } from '../../support/wire-bytes';

interface Inspected {
  readonly events: readonly DeliveredEvent[];
  readonly end: string;
  readonly notes: object;
}

/** Everything that an inspector returns for these chunks. */
function inspect(
  chunks: readonly Uint8Array[],
  {
    family = 'cometapi-text-chat',
    choiceCount,
    delivers = true,
  }: { readonly family?: EndpointFamily; readonly choiceCount?: number; readonly delivers?: boolean } = {},
): Inspected {
  const events: DeliveredEvent[] = [];
  const inspector = createEventStreamInspector({
    family,
    requestedModel: undefined,
    choiceCount,
    context: createReadContext(createRedactor(), []),
    expectsStream: true,
    elapsedMs: () => 1,
    ...(delivers && { deliver: (event: DeliveredEvent) => void events.push(event) }),
  });
  for (const chunk of chunks) {
    inspector.push(chunk);
  }
  return { events, end: inspector.end().endingReason, notes: inspector.notes() };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts bytes at these places. */
function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [...new Set([0, ...at.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

const pieces = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => delta(text)),
    fc.constantFrom(
      FINISH,
      DONE,
      CREATED,
      TEXT_DELTA,
      COMPLETED,
      ': comment\n\n',
      'id: 1\n',
      'retry: 5\n',
      'event: ping\n',
      'data:\n\n',
      'data\n',
      '\n',
      'nonsense\n',
    ),
    fc.constantFrom(
      `data: ${errorBody()}\n\n`,
      'data: {"half\n\n',
      'event: error\ndata: no\n\n',
      'data: null\n\n',
      'data: 7\n\n',
      'data: []\n\n',
    ),
    fc.string({ maxLength: 30 }),
  ),
  { maxLength: 12 },
);
const cuts = fc.array(fc.nat(), { maxLength: 40 });
const lineEnds = fc.constantFrom('\n', '\r\n', '\r');
const families = fc.constantFrom<EndpointFamily>(
  'cometapi-text-chat',
  'cometapi-text-responses',
  'cometapi-anthropic-messages',
  'cometapi-other',
);

test('the result does not depend on how the bytes are cut', () => {
  fc.assert(
    fc.property(pieces, cuts, lineEnds, families, (parts, at, lineEnd, family) => {
      const bytes = bytesOf(parts.join('').replaceAll('\n', lineEnd));
      expect(inspect(cut(bytes, at), { family })).toEqual(inspect([bytes], { family }));
    }),
    { numRuns: 500 },
  );
});

describe('each data event', () => {
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
    fc.constantFrom('', '"', '\\', '\\"', '\n', '\u0000', '}', '"},"logprobs"', 'null', '\ud800', '日本', 'id'),
  );
  const repeatedEvents = fc.array(
    fc.record(
      {
        content: text,
        obfuscation: text,
        note: fc.oneof(text, fc.integer()),
        role: fc.constantFrom('assistant', 'user'),
        ['__proto__']: text,
      },
      { requiredKeys: ['content'] },
    ),
    { maxLength: 12 },
  );
  const chunk = ({ content, ...more }: object & { readonly content?: string }): object => ({
    id: 'chatcmpl-1',
    model: 'gpt-5.1',
    choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
    usage: null,
    ...more,
  });
  const spaced = (value: object): string =>
    JSON.stringify(value, undefined, 1).replace(/\n */g, (gap) => (gap.length > 1 ? ' ' : ''));
  const streamOf = (data: readonly string[]): Uint8Array[] => [
    bytesOf(data.map((each) => `data: ${each}\n\n`).join('')),
  ];
  const valuesOf = (events: readonly DeliveredEvent[]): unknown[] =>
    events.map((event) => (event.kind === 'data' ? event.value : event.kind));

  test('is delivered as JSON.parse returns it', () => {
    fc.assert(
      fc.property(repeatedEvents, fc.constantFrom(JSON.stringify, spaced), (events, write) => {
        const data = events.map((event) => write(chunk(event)));
        const values = valuesOf(inspect(streamOf(data)).events);
        const expected = data.map((each): unknown => JSON.parse(each));
        expect(values).toEqual(expected);
        expect(JSON.stringify(values)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 300 },
    );
  });

  test('with a wrong byte is malformed exactly when JSON.parse throws', () => {
    const good = Array.from({ length: 4 }, (_, at) => JSON.stringify(chunk({ content: `word ${at}` })));
    const last = JSON.stringify(chunk({ content: 'last word' }));
    fc.assert(
      fc.property(fc.nat(last.length - 1), fc.constantFrom('"', '\\', '{', '}', ' ', 'x', ''), (at, wrong) => {
        const broken = last.slice(0, at) + wrong + last.slice(at + 1);
        let expected: unknown;
        try {
          expected = JSON.parse(broken);
        } catch {
          expected = 'malformed';
        }
        expect(valuesOf(inspect(streamOf([...good, broken])).events).at(-1)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('is an object that no other event shares', () => {
    const data = ['a', 'bc', 'def', 'ghij'].map((content) => JSON.stringify(chunk({ content })));
    const [first, second, third] = valuesOf(inspect(streamOf(data)).events) as { choices: unknown[] }[];
    first?.choices.pop();
    expect(second?.choices).not.toBe(third?.choices);
    expect([second, third]).toEqual(data.slice(1, 3).map((each): unknown => JSON.parse(each)));
  });
});

test('the facts are the same with and without a consumer', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const noise = fc.array(fc.constantFrom('event: ping\ndata: {"type":"ping"}\n\n', ': comment\n\n', 'data: {}\n\n'), {
    maxLength: 3,
  });
  const end = fc.constantFrom('', FINISH, FINISH + DONE, COMPLETED, `data: ${errorBody()}\n\n`, 'data: {"half');
  const chat = fc.array(
    text.map((content) => delta(content)),
    { maxLength: 12 },
  );
  const responses = fc
    .array(
      text.map((content) => typedEvent('response.output_text.delta', { delta: content })),
      { maxLength: 12 },
    )
    .map((parts) => [CREATED, ...parts]);
  const stream = fc
    .tuple(noise, fc.oneof(chat, responses), end)
    .map(([first, parts, last]) => [...first, ...parts, last]);
  fc.assert(
    fc.property(stream, families, (parts, family) => {
      const chunks = [bytesOf(parts.join(''))];
      const { end, notes } = inspect(chunks, { family });
      expect(inspect(chunks, { family, delivers: false })).toEqual({ events: [], end, notes });
    }),
    { numRuns: 300 },
  );
});

test('reading never throws, for any bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), families, (chunks, family) => {
      expect(inspect(chunks, { family }).end).toMatch(/^[a-z_]+$/);
    }),
    { numRuns: 500 },
  );
});

test('an error event late in a stream is found without a consumer', () => {
  const late = `data: ${JSON.stringify({ type: 'error', message: 'overloaded' })}\n\n`;
  const chunks = [bytesOf(delta('a').repeat(20) + late)];
  expect(inspect(chunks, { delivers: false }).end).toBe('stream_error_event');
  expect(inspect(chunks).end).toBe('stream_error_event');
});

test('a malformed event ends only a delivered stream', () => {
  const chunks = [bytesOf(`${delta('a').repeat(20)}data: {"half\n\n${FINISH}${DONE}`)];
  expect(inspect(chunks, { delivers: false })).toMatchObject({ end: 'terminal_event', notes: { eventCount: 22 } });
  expect(inspect(chunks)).toMatchObject({ end: 'unexpected_response', notes: { eventCount: 21 } });
});

describe('several choices', () => {
  const finished = (index: number): string => delta('', { choices: [{ index, delta: {}, finish_reason: 'stop' }] });

  test('are complete when each choice has a finish reason', () => {
    const two = [bytesOf(delta('a') + finished(0) + finished(1))];
    expect(inspect(two, { choiceCount: 2 })).toMatchObject({
      end: 'terminal_event',
      notes: { response: { finishReasons: ['stop', 'stop'] } },
    });
  });

  test('are truncated when one choice has no finish reason', () => {
    expect(inspect([bytesOf(delta('a') + finished(0))], { choiceCount: 2 }).end).toBe('stream_truncated');
    expect(inspect([bytesOf(delta('a') + finished(1))], { choiceCount: 2, delivers: false }).end).toBe(
      'stream_truncated',
    );
  });

  test('are complete at 16 finish reasons, even if the request asks for more choices', () => {
    const sixteen = Array.from({ length: 16 }, (_, index) => finished(index)).join('');
    expect(inspect([bytesOf(sixteen)], { choiceCount: 128 }).end).toBe('terminal_event');
  });

  test('with invented indexes do not take more memory', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => finished(at * 1_000_003)).join('');
    const { notes } = inspect([bytesOf(many + DONE)], { delivers: false });
    expect(notes).toMatchObject({ response: { finishReasons: Array(16).fill('stop') } });
  });
});

test('no event pollutes a prototype', () => {
  const poison =
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"x","choices":[{"index":"__proto__","delta":{"__proto__":{"polluted":1}},"finish_reason":"stop"}],"usage":{"__proto__":{"polluted":1}},"response":{"__proto__":{"polluted":1}}}';
  for (const family of ['cometapi-text-chat', 'cometapi-text-responses', 'cometapi-anthropic-messages'] as const) {
    inspect([bytesOf(`data: ${poison}\n\n${DONE}`)], { family });
  }
  expect('polluted' in {}).toBe(false);
  expect(Reflect.get(Object.prototype, 'polluted')).toBe(undefined);
});

describe('a polluted Object.prototype', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'finish_reason');
  });

  test('adds no facts to a stream', () => {
    Object.defineProperty(Object.prototype, 'finish_reason', { value: 'stop', configurable: true });
    const chunk = delta('a', { choices: [{ index: 0, delta: {} }] });
    const { end, notes } = inspect([bytesOf(chunk + chunk)]);
    expect(end).toBe('stream_truncated');
    expect(notes).toEqual({
      eventCount: 2,
      timeToFirstChunkMs: 1,
      response: { id: 'chatcmpl-1', model: 'gpt-test' },
    });
  });
});

describe('reading takes linear time', () => {
  const MIB = 1_048_576;
  const CHUNK = 65_536;

  /** One event of `size` bytes, in chunks of a typical socket read. */
  function largeEvent(size: number): Uint8Array[] {
    const bytes = bytesOf(typedEvent('response.output_text.delta', { delta: 'x'.repeat(size) }) + COMPLETED);
    return Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, at) =>
      bytes.subarray(at * CHUNK, (at + 1) * CHUNK),
    );
  }

  test('for an event of 28 MiB, which is valid', () => {
    const large = largeEvent(28 * MIB);
    const family = 'cometapi-text-responses';
    expect(inspect(large, { family }).end).toBe('terminal_event');
    const growth = growthOf((chunks) => inspect(chunks, { family }), largeEvent((28 * MIB) / LARGER), large);
    expect(growth).toBeLessThan(LINEAR);
  });

  test('for a line without an end', () => {
    const line = (chunks: number): Uint8Array[] => [
      bytesOf('data: '),
      ...Array<Uint8Array>(chunks).fill(bytesOf('x'.repeat(1_024))),
    ];
    const growth = growthOf((chunks) => inspect(chunks), line(2_048), line(2_048 * LARGER));
    expect(growth).toBeLessThan(LINEAR);
  });

  test('for many tiny events and many tiny chunks', () => {
    const tiny = (count: number): Uint8Array[] => Array<Uint8Array>(count).fill(bytesOf('data: {"choices":[]}\n\n'));
    expect(inspect(tiny(50_000)).events.length).toBe(50_000);
    const growth = growthOf((chunks) => inspect(chunks, { delivers: false }), tiny(4_000), tiny(4_000 * LARGER));
    expect(growth).toBeLessThan(LINEAR);
    const shredded = Array.from(bytesOf(delta('x'.repeat(20_000)) + DONE), (byte) => Uint8Array.of(byte));
    expect(inspect(shredded).end).toBe('terminal_event');
  });
});
