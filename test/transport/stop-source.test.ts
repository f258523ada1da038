import { describe, expect, test } from 'vitest';
import { StopSource, toAbortSignal } from '../../src/transport/stop-source';

describe('a stop inside of a call', () => {
  test('is told once to each listener, in the order of asking; only the first reason counts', () => {
    const source = new StopSource();
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

  test('is not told to who has gone, also when he goes while others are told', () => {
    const source = new StopSource();
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
    ['before', (source: StopSource): AbortSignal => source.toAbortSignal()],
    [
      'after',
      (source: StopSource): AbortSignal => {
        source.abort('reason');
        return source.toAbortSignal();
      },
    ],
  ])('reaches a signal of the platform that was asked for %s it', (_when, ask) => {
    const source = new StopSource();
    const signal = ask(source);
    source.abort('reason');
    expect([signal.aborted, signal.reason, source.toAbortSignal() === signal]).toEqual([true, 'reason', true]);
  });

  test('a signal of the platform is left as it is', () => {
    const { signal } = new AbortController();
    expect(toAbortSignal(signal)).toBe(signal);
  });
});
