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

/** An endless source that says when it is left. */
function endless(): { readonly stream: Stream<number>; readonly left: ReturnType<typeof vi.fn> } {
  const left = vi.fn(async () => ({ done: true as const, value: undefined }));
  const next = async (): Promise<IteratorResult<number>> => ({ done: false, value: 1 });
  return { stream: new Stream<number>(() => ({ next, return: left }), new AbortController()), left };
}

describe('a stream', () => {
  test('gives its events once; a second iteration throws when it asks for one', async () => {
    const stream = streamOf([1, 2]);
    expect(await collect(stream)).toEqual([1, 2]);
    await expect(collect(stream)).rejects.toThrow('consumed stream');
    const [left] = stream.tee();
    await expect(collect(left)).rejects.toThrow('consumed stream');
    await expect(stream.toReadableStream().getReader().read()).rejects.toThrow('consumed stream');
  });

  test('shows nothing but its controller, and knows the facts of its call', () => {
    const facts = completedCall();
    const stream = new Stream(() => [][Symbol.iterator]() as never, new AbortController(), { facts: () => facts });
    expect(stream._facts).toBe(facts);
    expect(stream.tee().map(({ _facts }) => _facts)).toEqual([facts, facts]);
    expect(streamOf([])._facts).toBeUndefined();
    expect(JSON.stringify(stream)).toBe('{"controller":{}}');
  });

  test('of another copy of this package works on this one', async () => {
    const stray: Stream<number> = Object.create(Stream.prototype, {
      controller: { value: new AbortController() },
      iterator: { value: () => [1][Symbol.iterator]() },
      details: { value: {} },
    });
    expect(() => Stream.prototype.tee.call(stray)).not.toThrow();
  });
});

describe('branches', () => {
  test('have the controller of their source, and leaving both leaves it', async () => {
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

  test('of a branch work too, and cancelling one as bytes aborts nothing', async () => {
    const [left, right] = streamOf([1, 2, 3]).tee();
    const [inner, other] = left.tee();
    await inner.toReadableStream().cancel();
    expect(await collect(other)).toEqual([1, 2, 3]);
    expect(await collect(right)).toEqual([1, 2, 3]);
    expect(left.controller.signal.aborted).toBe(false);
  });
});

describe('a stream as bytes', () => {
  test('comes back as the same events', async () => {
    const events = [{ text: 'é\u2028"' }, 0, null, ['x']];
    const copy = Stream.fromReadableStream(streamOf<unknown>(events).toReadableStream(), new AbortController());
    expect(await collect(copy)).toEqual(events);
  });

  test('asks for one event ahead at most', async () => {
    const next = vi.fn(async () => ({ done: false as const, value: 1 }));
    const stream = new Stream(() => ({ next }), new AbortController());
    const reader = stream.toReadableStream().getReader();
    await reader.read();
    await new Promise(setImmediate);
    expect(next).toHaveBeenCalledTimes(2);
  });

  test('cancelled, it leaves its source and aborts', async () => {
    const { stream, left } = endless();
    await stream.toReadableStream().cancel();
    expect(left).toHaveBeenCalledTimes(1);
    expect(stream.controller.signal.aborted).toBe(true);
  });

  test.each([
    ['the source fails', () => Promise.reject(new RangeError('the source'))],
    ['an event is no JSON', () => Promise.resolve({ done: false as const, value: 1n })],
  ])('when %s it fails with that error, and leaves the source, whatever becomes of that', async (_name, next) => {
    const left = vi.fn(() => Promise.reject(new Error('while leaving')));
    const stream = new Stream<unknown>(() => ({ next, return: left }), new AbortController());
    await expect(stream.toReadableStream().getReader().read()).rejects.toThrow(/the source|BigInt/);
    expect(left).toHaveBeenCalledTimes(1);
  });
});
