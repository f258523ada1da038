import { describe, expect, test } from 'vitest';
import { LightAbortController, toAbortSignal } from '../../src/transport/light-abort-controller';

describe('an internal abort', () => {
  test('calls each listener once and in order, and only the first reason counts', () => {
    const source = new LightAbortController();
    const told: unknown[] = [];
    source.addEventListener('abort', () => told.push(['first', source.aborted, source.reason]));
    source.addEventListener('abort', () => told.push(['second', source.aborted, source.reason]));
    source.abort('stopped');
    source.abort('again');
    expect(told).toEqual([
      ['first', true, 'stopped'],
      ['second', true, 'stopped'],
    ]);
    expect(() => source.throwIfAborted()).toThrow('stopped');
  });

  test('does not call removed listeners, even if they are removed during the abort', () => {
    const source = new LightAbortController();
    const told: string[] = [];
    const gone = (): number => told.push('gone');
    source.addEventListener('abort', gone);
    source.addEventListener('abort', () => source.removeEventListener('abort', leaves));
    const leaves = (): number => told.push('has left');
    source.addEventListener('abort', leaves);
    source.removeEventListener('abort', gone);
    source.abort(undefined);
    source.addEventListener('abort', () => told.push('came too late'));
    expect([told, source.aborted, source.reason]).toEqual([[], true, undefined]);
  });

  test.each([
    ['before', (source: LightAbortController): AbortSignal => source.toAbortSignal()],
    [
      'after',
      (source: LightAbortController): AbortSignal => {
        source.abort('reason');
        return source.toAbortSignal();
      },
    ],
  ])('aborts an AbortSignal that was created %s it', (_when, ask) => {
    const source = new LightAbortController();
    const signal = ask(source);
    source.abort('reason');
    expect([signal.aborted, signal.reason, source.toAbortSignal() === signal]).toEqual([true, 'reason', true]);
  });

  test('returns an AbortSignal unchanged', () => {
    const { signal } = new AbortController();
    expect(toAbortSignal(signal)).toBe(signal);
  });
});
