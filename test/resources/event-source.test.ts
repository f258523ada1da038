import { describe, expect, test } from 'vitest';
import { EventIterator, EventQueue } from '../../src/resources/event-source';
import { COMPLETED, data, type FakeAnswer, fakeAnswer, type ScriptedRead, truncated } from '../support/fake-answer';

interface Iterated extends FakeAnswer {
  readonly iterator: EventIterator<number>;
  readonly controller: AbortController;
}

function iterate(reads: readonly ScriptedRead[], controller = new AbortController()): Iterated {
  const queue = new EventQueue();
  const fake = fakeAnswer({ reads, deliver: queue.deliver });
  return { ...fake, controller, iterator: new EventIterator<number>(fake.answer, queue, controller, {}) };
}

/** The items of an iteration, and how it ended. */
async function outcome(iterator: AsyncIterableIterator<number>): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const item of iterator) {
      seen.push(item);
    }
    return [...seen, 'end'];
  } catch (error) {
    return [...seen, error instanceof Error ? error.message : error];
  }
}

const DONE = { done: true, value: undefined };

describe('an iteration', () => {
  test('returns all events of one read before it reads again', async () => {
    const { iterator, asked } = iterate([{ events: [data(1), data(2)] }, { events: [data(3)] }]);
    await iterator.next();
    await iterator.next();
    expect(asked).toEqual(['read']);
    expect(await outcome(iterator)).toEqual([3, 'end']);
  });

  test('ends with the protocol, not with the source, and does not abort the controller', async () => {
    const never = new Promise(() => undefined);
    const { iterator, asked, controller } = iterate([{ events: [data(1)], end: COMPLETED }, { until: never }]);
    expect(await outcome(iterator)).toEqual([1, 'end']);
    expect(asked).toEqual(['read', 'drain']);
    expect(controller.signal.aborted).toBe(false);
  });

  test('returns the events before a failure, then rejects once, then is done', async () => {
    const { iterator, controller } = iterate([{ events: [data(1)] }, { events: [data(2)], failure: truncated() }]);
    expect(await outcome(iterator)).toEqual([1, 2, 'stream_truncated']);
    expect(controller.signal.aborted).toBe(true);
    expect(await iterator.next()).toEqual(DONE);
  });

  test('throws other errors unchanged', async () => {
    const { iterator } = iterate([{ failure: new RangeError('a bug') }]);
    await expect(iterator.next()).rejects.toThrow(RangeError);
  });

  test('throws at an error event, after the events before it', async () => {
    const error = { serverMessage: 'from the server' };
    const { iterator, asked, controller } = iterate([{ events: [data(1), { kind: 'error', error }, data(2)] }]);
    expect(await outcome(iterator)).toEqual([1, 'from the server']);
    expect(asked).toEqual(['read', 'cancel']);
    expect(controller.signal.aborted).toBe(true);
    expect(await iterator.next()).toEqual(DONE);
  });

  test('fails its call at an event that is not JSON', async () => {
    const { iterator, asked } = iterate([{ events: [{ kind: 'malformed' }] }]);
    await expect(iterator.next()).rejects.toThrow();
    expect(asked).toEqual(['read', 'fail unexpected_response']);
  });

  test('resolves concurrent calls of next in order, each with one event', async () => {
    const { iterator } = iterate([{ events: [data(1)] }, { events: [data(2), data(3)] }]);
    const results = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
    expect(results).toEqual([1, 2, 3].map((value) => ({ done: false, value })).concat([DONE as never]));
  });

  test('rejects only the call of next that fails', async () => {
    const { iterator } = iterate([{ failure: truncated() }]);
    const results = await Promise.allSettled([iterator.next(), iterator.next()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

describe('stopping an iteration', () => {
  test('before it starts cancels the response', async () => {
    const { iterator, asked, controller } = iterate([{ events: [data(1)] }]);
    expect(await iterator.return()).toEqual(DONE);
    expect(asked).toEqual(['cancel']);
    expect(controller.signal.aborted).toBe(true);
    expect(await iterator.next()).toEqual(DONE);
  });

  test('while a read is outstanding ends that read', async () => {
    const { iterator, asked } = iterate([{ until: new Promise(() => undefined) }]);
    const reading = iterator.next();
    await Promise.resolve();
    await iterator.return();
    expect(await reading).toEqual(DONE);
    expect(asked).toEqual(['read', 'cancel']);
  });

  test('with break drops events that are parsed and not consumed', async () => {
    const { iterator, asked } = iterate([{ events: [data(1), data(2)] }]);
    for await (const item of iterator) {
      expect(item).toBe(1);
      break;
    }
    expect(await iterator.next()).toEqual(DONE);
    expect(asked).toEqual(['read', 'cancel']);
  });

  test('twice, or after its end, has no further effect', async () => {
    const { iterator, asked, controller } = iterate([{ events: [data(1)], end: COMPLETED }]);
    await outcome(iterator);
    await iterator.return();
    await iterator.return();
    expect(asked).toEqual(['read', 'drain']);
    expect(controller.signal.aborted).toBe(false);
  });

  test('with a thrown error cancels the response and rethrows the error', async () => {
    const { iterator, asked } = iterate([{ events: [data(1)] }]);
    const delegating = (async function* () {
      yield* iterator;
    })();
    await delegating.next();
    await expect(delegating.throw(new RangeError('mine'))).rejects.toThrow(RangeError);
    expect(asked).toEqual(['read', 'cancel']);
  });
});

describe('the controller of an iteration', () => {
  test('aborted before the start: no event, no read', async () => {
    const controller = new AbortController();
    controller.abort();
    const { iterator, asked } = iterate([{ events: [data(1)] }], controller);
    expect(await outcome(iterator)).toEqual(['end']);
    expect(asked).toEqual(['cancel']);
  });

  test('aborted between events: no error, and no event that is already parsed', async () => {
    const { iterator, controller, asked } = iterate([{ events: [data(1), data(2)] }]);
    await iterator.next();
    controller.abort(new Error('enough'));
    expect(await outcome(iterator)).toEqual(['end']);
    expect(asked).toEqual(['read', 'cancel']);
  });

  test('aborted while a read is outstanding: that read ends', async () => {
    const { iterator, controller } = iterate([{ until: new Promise(() => undefined) }]);
    const reading = iterator.next();
    await Promise.resolve();
    controller.abort();
    expect(await reading).toEqual(DONE);
  });

  test('aborted after the end changes nothing', async () => {
    const { iterator, controller, asked } = iterate([{ events: [data(1)], end: COMPLETED }]);
    await outcome(iterator);
    controller.abort();
    expect(asked).toEqual(['read', 'drain']);
  });
});
