import { describe, expect, test } from 'vitest';
import { mergeHeaders } from '../../src/call/merge-headers';
import type { HeadersLike } from '../../src/config/options';

type Source = HeadersLike | null | undefined;

/** What is sent, of sources in the order of their weight. */
function merged(...sources: Source[]): Record<string, string> {
  return Object.fromEntries(mergeHeaders([], sources).headers);
}

describe('headers of several sources', () => {
  test.each<[string, Source[], Record<string, string>]>([
    ['later ones win', [{ 'X-A': '1' }, new Headers({ 'x-a': '2' })], { 'x-a': '2' }],
    ['null removes', [{ 'x-a': '1', 'x-b': '1' }, [['X-A', null]]], { 'x-b': '1' }],
    [
      'null removes, and a later source may set again',
      [{ 'x-a': '1' }, { 'x-a': null }, { 'x-a': '3' }],
      { 'x-a': '3' },
    ],
    ['undefined leaves', [{ 'x-a': '1' }, { 'x-a': undefined }], { 'x-a': '1' }],
    ['a name in two cases is one: the last counts', [{ 'X-A': '1', 'x-a': '2', 'x-A': undefined }], { 'x-a': '2' }],
    [
      'pairs of one name are one list',
      [
        [
          ['x-a', '1'],
          ['X-A', '2'],
        ],
      ],
      { 'x-a': '1, 2' },
    ],
    [
      'a list of values too, in objects and pairs',
      [{ 'x-a': ['1', '2'] }, [['x-b', ['3', undefined, '4']]]],
      { 'x-a': '1, 2', 'x-b': '3, 4' },
    ],
    ['cookies are joined as cookies are', [{ cookie: ['a=1', 'b=2'] }], { cookie: 'a=1; b=2' }],
    ['a list replaces what came before', [{ 'x-a': '1' }, { 'x-a': ['2', '3'] }], { 'x-a': '2, 3' }],
    [
      'null in a list forgets what stands before it',
      [
        [
          ['x-a', '1'],
          ['x-a', null],
          ['x-a', '2'],
        ],
      ],
      { 'x-a': '2' },
    ],
    [
      'numbers and booleans, as JavaScript callers pass them',
      [{ 'x-a': 1, 'x-b': false } as never],
      { 'x-a': '1', 'x-b': 'false' },
    ],
    ['sources that are absent', [null, undefined, {}], {}],
  ])('%s', (_name, sources, expected) => {
    expect(merged(...sources)).toEqual(expected);
  });

  test('says which names somebody set or removed, and which of them the last source', () => {
    const { touched, touchedLast } = mergeHeaders([], [{ 'X-A': '1' }, { 'x-b': null, 'x-c': undefined }]);
    expect([[...touched], [...touchedLast]]).toEqual([['x-a', 'x-b'], ['x-b']]);
  });

  test.each<[string, HeadersLike]>([
    ['a line break', { 'x-a': 'private\r\nx-b: 1' }],
    ['a letter beyond Latin-1', { 'x-a': 'private\u0416' }],
    ['an object', { 'x-a': [{ private: 1 } as never] }],
    ['a name that is none', { 'private name': '1' }],
  ])('refuses %s without a word of it', (_name, source) => {
    expect(() => mergeHeaders([], [source])).toThrow(/cannot be sent/);
    expect(() => mergeHeaders([], [source])).not.toThrow(/private/);
  });
});
