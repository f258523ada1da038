import { describe, expect, test, vi } from 'vitest';
import { teeIterator } from '../../src/resources/tee';

const DONE = { done: true, value: undefined };

interface Source {
  readonly next: ReturnType<typeof vi.fn>;
  readonly closed: ReturnType<typeof vi.fn>;
  readonly branches: [AsyncIterator<number>, AsyncIterator<number>];
}

function teeUpTo(last: number): Source {
  let value = 0;
  const next = vi.fn(async () => (value < last ? { done: false, value: ++value } : DONE));
  const closed = vi.fn(async () => undefined);
  return { next, closed, branches: teeIterator<number>({ next } as AsyncIterator<number>, closed) };
}

async function valuesOf(iterator: AsyncIterator<number>, count: number): Promise<unknown[]> {
  const results = await Promise.all(Array.from({ length: count }, () => iterator.next()));
  return results.map(({ done, value }) => (done ? 'end' : value));
}

describe('two branches', () => {
  test('return the same values at different speeds, and read each value once', async () => {
    const { next, branches } = teeUpTo(3);
    const [left, right] = branches;
    expect(await valuesOf(left, 2)).toEqual([1, 2]);
    expect(await valuesOf(right, 4)).toEqual([1, 2, 3, 'end']);
    expect(await valuesOf(left, 2)).toEqual([3, 'end']);
    expect(next).toHaveBeenCalledTimes(4);
  });

  test('return the same promises as the source', () => {
    const [left, right] = teeUpTo(3).branches;
    const [first, second] = [left.next(), left.next()];
    expect(right.next()).toBe(first);
    expect(right.next()).toBe(second);
  });

  test('reject with the same error, and an unread branch causes no unhandled rejection', async () => {
    const failure = new Error('the source failed');
    const [left, right] = teeIterator<number>({ next: () => Promise.reject(failure) }, async () => undefined);
    await expect(left.next()).rejects.toBe(failure);
    const heard = right.next();
    await expect(heard).rejects.toBe(failure);
  });

  test('continue when the other branch is closed', async () => {
    const { closed, branches } = teeUpTo(3);
    const [left, right] = branches;
    await right.next();
    await left.return?.();
    expect(await valuesOf(left, 1)).toEqual(['end']);
    expect(await valuesOf(right, 3)).toEqual([2, 3, 'end']);
    expect(closed).not.toHaveBeenCalled();
  });

  test('close the source once when both are closed', async () => {
    const { closed, branches } = teeUpTo(3);
    for (const branch of [...branches, ...branches]) {
      expect(await branch.return?.()).toEqual(DONE);
    }
    expect(closed).toHaveBeenCalledTimes(1);
  });

  test('read a long queue in linear time', async () => {
    const count = 20_000;
    const [left, right] = teeUpTo(count).branches;
    await valuesOf(left, count);
    const shift = vi.spyOn(Array.prototype, 'shift');
    try {
      const late = await valuesOf(right, count + 1);
      expect([late[0], late.at(-2), late.at(-1), shift.mock.calls.length]).toEqual([1, count, 'end', 0]);
    } finally {
      shift.mockRestore();
    }
  });
});
