import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createSecretGuard } from '../../src/facts/secret-guard';
import { areObjectsPlain, isPlainDelta } from '../../src/wire/plain-delta';
import { createReadContext } from '../../src/wire/read-context';
import { createStreamReader, type StreamReader } from '../../src/wire/read-stream';

const absentOr = <T>(...values: T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);
const choice = fc.record({
  index: absentOr(0, 1),
  delta: fc.constant({ content: 'word' }),
  finish_reason: absentOr<unknown>(null, 'stop', 'length', 7),
});
/** Events as gateways send them, and as they should not. */
const event = fc
  .record({
    id: absentOr('chatcmpl-1', 'chatcmpl-2', null),
    model: absentOr('gpt-5.1', 'gpt-5.1-2026-01-01'),
    service_tier: absentOr('default', 'flex'),
    system_fingerprint: absentOr('fp_1', 'fp_2'),
    usage: absentOr(null, { prompt_tokens: 3, completion_tokens: 4 }),
    error: absentOr<unknown>(null, { message: 'no' }),
    type: absentOr('error', 'ping'),
    choices: fc.oneof(fc.array(choice, { maxLength: 2 }), fc.constantFrom<unknown>(undefined, null, 'none', [null])),
  })
  .map((fields): unknown => JSON.parse(JSON.stringify(fields)));
const stream = fc.array(fc.oneof({ weight: 8, arbitrary: event }, fc.constantFrom<unknown>(null, 1, [])), {
  maxLength: 12,
});

function reader(choiceCount: number | undefined): StreamReader {
  const context = createReadContext(createSecretGuard(), []);
  return createStreamReader({ family: 'cometapi-text-chat', requestedModel: undefined, choiceCount, context });
}

describe('an event of a chat stream that says nothing new', () => {
  test('changes nothing when it is read all the same', () => {
    fc.assert(
      fc.property(stream, absentOr(1, 2), (events, choiceCount) => {
        const careful = reader(choiceCount);
        for (const value of events) {
          const isIdle = careful.isIdle(value);
          const before = careful.facts();
          const signal = careful.read(undefined, value);
          if (isIdle) {
            expect(['data', 'finished']).toContain(signal);
            expect(careful.facts()).toEqual(before);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is what most of a stream is made of', () => {
    const chunk = (text: string, more: object = {}): unknown => ({
      id: 'chatcmpl-1',
      model: 'gpt-5.1',
      choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
      ...more,
    });
    const last = chunk('one') as Readonly<Record<string, unknown>>;
    expect(isPlainDelta(chunk('two'), last)).toBe(true);
    expect(isPlainDelta(chunk('two', { error: null, usage: null }), last)).toBe(true);
    expect(isPlainDelta(chunk('two'), undefined)).toBe(false);
    expect(isPlainDelta(chunk('two', { choices: [] }), last)).toBe(false);
    expect(isPlainDelta(chunk('two', { usage: {} }), last)).toBe(false);
  });

  describe('where somebody has given all objects fields', () => {
    afterEach(() => {
      Reflect.deleteProperty(Object.prototype, 'finish_reason');
    });

    test('nothing is taken for plain', () => {
      expect(areObjectsPlain()).toBe(true);
      Object.defineProperty(Object.prototype, 'finish_reason', { value: 'stop', configurable: true });
      expect(areObjectsPlain()).toBe(false);
    });
  });
});
