import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RepeatedDeltas } from '../../src/wire/repeated-deltas';

/** What a stream would be told: each event as it is parsed, and how many of them were filled in. */
function readAll(texts: readonly string[]): { readonly values: unknown[]; readonly filledIn: number } {
  const deltas = new RepeatedDeltas();
  let filledIn = 0;
  const values = texts.map((text) => {
    const repeated = deltas.parse(text);
    if (repeated !== undefined) {
      filledIn++;
      return repeated;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return 'no JSON';
    }
    deltas.learn(text, value);
    return value;
  });
  return { values, filledIn };
}

function parsedAlone(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return 'no JSON';
  }
}

interface Parts {
  readonly content: string;
  readonly more?: object;
  readonly inChoice?: object;
  readonly inDelta?: object;
}

const chunk = ({ content, more = {}, inChoice = {}, inDelta = {} }: Parts): object => ({
  id: 'chatcmpl-1',
  created: 1_790_000_000,
  model: 'gpt-5.1',
  choices: [{ index: 0, delta: { ...inDelta, content }, logprobs: null, finish_reason: null, ...inChoice }],
  usage: null,
  ...more,
});
/** As Python's `json` writes it. */
const spaced = (value: object): string =>
  JSON.stringify(value, undefined, 1).replace(/\n */g, (gap) => (gap.length > 1 ? ' ' : ''));

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  fc.constantFrom(
    '',
    '"',
    '\\',
    '\\"',
    '\n',
    '\u0000',
    '}',
    '"},"logprobs"',
    'null',
    'content',
    '\ud800',
    '日本',
    'id',
  ),
);
const parts = fc.record(
  {
    content: text,
    more: fc.record(
      { obfuscation: text, note: fc.oneof(text, fc.integer()), ['__proto__']: text },
      { requiredKeys: [] },
    ),
    inChoice: fc.record({ index: fc.constantFrom(0, 1), extra: fc.anything({ maxDepth: 1 }) }, { requiredKeys: [] }),
    inDelta: fc.record({ role: fc.constantFrom('assistant', 'user'), reasoning: text }, { requiredKeys: [] }),
  },
  { requiredKeys: ['content'] },
);
/** Runs of events of one shape, as streams have them, with others between. */
const stream = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.tuple(parts, fc.array(fc.tuple(text, text), { minLength: 3, maxLength: 8 })) },
      fc.tuple(parts, fc.constant([] as [string, string][])),
    ),
    { maxLength: 4 },
  )
  .map((runs) =>
    runs.flatMap(([shape, repeats]) => [
      shape,
      ...repeats.map(([content, obfuscation]) => ({
        ...shape,
        content,
        ...(shape.more?.obfuscation !== undefined && { more: { ...shape.more, obfuscation } }),
      })),
    ]),
  );

describe('events of a stream that repeat the one before', () => {
  test('are what JSON.parse makes of them, however they are written', () => {
    fc.assert(
      fc.property(stream, fc.constantFrom(JSON.stringify, spaced), (events, write) => {
        const texts = events.map((event) => write(chunk(event)));
        const { values } = readAll(texts);
        expect(values).toEqual(texts.map(parsedAlone));
        expect(JSON.stringify(values)).toBe(JSON.stringify(texts.map(parsedAlone)));
      }),
      { numRuns: 400 },
    );
  });

  test('are what JSON.parse makes of them when a byte is wrong', () => {
    const whole = Array.from({ length: 5 }, (_, at) => JSON.stringify(chunk({ content: `word ${at}` })));
    const last = whole.at(-1) ?? '';
    fc.assert(
      fc.property(fc.nat(last.length - 1), fc.constantFrom('"', '\\', '\n', '{', '}', ' ', 'x', ''), (at, wrong) => {
        const broken = last.slice(0, at) + wrong + last.slice(at + 1);
        expect(readAll([...whole, broken]).values.at(-1)).toEqual(parsedAlone(broken));
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['compact', JSON.stringify],
    ['spaced', spaced],
  ])('are filled in from the third one on (%s)', (_, write) => {
    const words = ['Hello', ' you', ', how\n', 'are “you”', '', '\ud83d\ude00', ' "today"?'];
    const texts = words.map((content) => write(chunk({ content, more: { obfuscation: `${content.length} x` } })));
    const { values, filledIn } = readAll(texts);
    expect(values).toEqual(texts.map(parsedAlone));
    expect(filledIn).toBe(words.length - 2);
  });

  test('are objects of their own', () => {
    const texts = ['a', 'bc', 'def', 'ghij'].map((content) => JSON.stringify(chunk({ content })));
    const [third, fourth] = readAll(texts).values.slice(2) as { choices: { delta: { content: string } }[] }[];
    for (const event of [third, fourth]) {
      for (const choice of event?.choices ?? []) {
        choice.delta.content = 'mine';
      }
      event?.choices.pop();
    }
    expect(readAll([...texts, ...texts]).values.slice(4)).toEqual(texts.map(parsedAlone));
    expect(third?.choices).not.toBe(fourth?.choices);
  });

  test('are parsed in full where anything is nested in them', () => {
    const texts = ['a', 'b', 'c', 'd'].map((content) => JSON.stringify(chunk({ content, inDelta: { parts: [] } })));
    expect(readAll(texts)).toEqual({ values: texts.map(parsedAlone), filledIn: 0 });
  });

  test('are parsed in full where nothing changes but what is wrong with them', () => {
    const same = JSON.stringify(chunk({ content: 'a' }));
    expect(readAll([same, same, same, `${same}x`]).values).toEqual([...Array(3).fill(JSON.parse(same)), 'no JSON']);
  });

  test('are parsed in full after one that told something new', () => {
    const deltas = new RepeatedDeltas();
    const texts = ['a', 'b', 'c'].map((content) => JSON.stringify(chunk({ content })));
    for (const each of texts) {
      deltas.learn(each, JSON.parse(each));
    }
    expect(deltas.parse(texts[0] ?? '')).toEqual(chunk({ content: 'a' }));
    deltas.forget();
    expect(deltas.parse(texts[0] ?? '')).toBeUndefined();
  });
});
