import { describe, expect, test, vi } from 'vitest';
import { once, Stream } from '../../src/resources/stream';
import { completedCall } from '../records/sample-facts';
import { collect } from '../support/drop-in';

function streamOf<Item>(items: readonly Item[], controller = new AbortController()): Stream<Item> {
  const iterate = async function* (): AsyncGenerator<Item, undefined> {
    yield* items;
    return undefined;
  };
  return new Stream<Item>(once(iterate), controller);
}

/** An endless source, and a mock that records calls of its `return`. */
function endless(): { readonly stream: Stream<number>; readonly left: ReturnType<typeof vi.fn> } {
  const left = vi.fn(async () => ({ done: true as const, value: undefined }));
  const next = async (): Promise<IteratorResult<number>> => ({ done: false, value: 1 });
  return { stream: new Stream<number>(() => ({ next, return: left }), new AbortController()), left };
}

describe('a stream', () => {
  test('can be iterated once, and a second iteration throws at its first event', async () => {
    const stream = streamOf([1, 2]);
    expect(await collect(stream)).toEqual([1, 2]);
    await expect(collect(stream)).rejects.toThrow('consumed stream');
    const [left] = stream.tee();
    await expect(collect(left)).rejects.toThrow('consumed stream');
    await expect(stream.toReadableStream().getReader().read()).rejects.toThrow('consumed stream');
  });

  test('shows only its controller in JSON, and returns the facts of its call', () => {
    const facts = completedCall();
    const stream = new Stream(() => [][Symbol.iterator]() as never, new AbortController(), { facts: () => facts });
    expect(stream._facts).toBe(facts);
    expect(stream.tee().map(({ _facts }) => _facts)).toEqual([facts, facts]);
    expect(streamOf([])._facts).toBeUndefined();
    expect(JSON.stringify(stream)).toBe('{"controller":{}}');
  });

  test('of another copy of this package works with the methods of this copy', async () => {
    const stray: Stream<number> = Object.create(Stream.prototype, {
      controller: { value: new AbortController() },
      iterator: { value: () => [1][Symbol.iterator]() },
      details: { value: {} },
    });
    expect(() => Stream.prototype.tee.call(stray)).not.toThrow();
  });
});

describe('branches', () => {
  test('share the controller of their source, and stopping both closes the source', async () => {
    const { stream, left } = endless();
    const branches = stream.tee();
    expect(branches.map(({ controller }) => controller === stream.controller)).toEqual([true, true]);
    for (const branch of branches) {
      expect(left).not.toHaveBeenCalled();
      for await (const _item of branch) {
        break;
      }
    }
    expect(left).toHaveBeenCalledTimes(1);
    expect(stream.controller.signal.aborted).toBe(true);
  });

  test('can be split again, and cancelling one as a byte stream does not abort', async () => {
    const [left, right] = streamOf([1, 2, 3]).tee();
    const [inner, other] = left.tee();
    await inner.toReadableStream().cancel();
    expect(await collect(other)).toEqual([1, 2, 3]);
    expect(await collect(right)).toEqual([1, 2, 3]);
    expect(left.controller.signal.aborted).toBe(false);
  });
});

describe('a stream as bytes', () => {
  test('decodes to the same events', async () => {
    const events = [{ text: 'é\u2028"' }, 0, null, ['x']];
    const copy = Stream.fromReadableStream(streamOf<unknown>(events).toReadableStream(), new AbortController());
    expect(await collect(copy)).toEqual(events);
  });

  test('reads at most one event ahead', async () => {
    const next = vi.fn(async () => ({ done: false as const, value: 1 }));
    const stream = new Stream(() => ({ next }), new AbortController());
    const reader = stream.toReadableStream().getReader();
    await reader.read();
    await new Promise(setImmediate);
    expect(next).toHaveBeenCalledTimes(2);
  });

  test('closes its source and aborts when it is cancelled', async () => {
    const { stream, left } = endless();
    await stream.toReadableStream().cancel();
    expect(left).toHaveBeenCalledTimes(1);
    expect(stream.controller.signal.aborted).toBe(true);
  });

  test.each([
    ['the source fails', () => Promise.reject(new RangeError('the source'))],
    ['an event cannot be written as JSON', () => Promise.resolve({ done: false as const, value: 1n })],
  ])('fails with that error if %s, and closes the source even if that fails', async (_name, next) => {
    const left = vi.fn(() => Promise.reject(new Error('while leaving')));
    const stream = new Stream<unknown>(() => ({ next, return: left }), new AbortController());
    await expect(stream.toReadableStream().getReader().read()).rejects.toThrow(/the source|BigInt/);
    expect(left).toHaveBeenCalledTimes(1);
  });
});
