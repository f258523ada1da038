import { describe, expect, test } from 'vitest';
import { mergeHeaders } from '../../../src/call/request/merge-headers';
import type { HeadersLike } from '../../../src/config/options';

type Source = HeadersLike | null | undefined;

/** The merged headers. Later sources have priority. */
function merged(...sources: Source[]): Record<string, string> {
  return Object.fromEntries(mergeHeaders([], sources).headers);
}

describe('merged headers', () => {
  test.each<[string, Source[], Record<string, string>]>([
    ['a later source wins', [{ 'X-A': '1' }, new Headers({ 'x-a': '2' })], { 'x-a': '2' }],
    ['null removes a header', [{ 'x-a': '1', 'x-b': '1' }, [['X-A', null]]], { 'x-b': '1' }],
    [
      'a later source can set a header again that null removed',
      [{ 'x-a': '1' }, { 'x-a': null }, { 'x-a': '3' }],
      { 'x-a': '3' },
    ],
    ['undefined keeps a header', [{ 'x-a': '1' }, { 'x-a': undefined }], { 'x-a': '1' }],
    [
      'names that differ in case are one header, and the last value counts',
      [{ 'X-A': '1', 'x-a': '2', 'x-A': undefined }],
      { 'x-a': '2' },
    ],
    [
      'pairs with the same name are joined',
      [
        [
          ['x-a', '1'],
          ['X-A', '2'],
        ],
      ],
      { 'x-a': '1, 2' },
    ],
    [
      'arrays of values are joined, in objects and in pairs',
      [{ 'x-a': ['1', '2'] }, [['x-b', ['3', undefined, '4']]]],
      { 'x-a': '1, 2', 'x-b': '3, 4' },
    ],
    ['cookies are joined with a semicolon', [{ cookie: ['a=1', 'b=2'] }], { cookie: 'a=1; b=2' }],
    ['an array replaces the value of an earlier source', [{ 'x-a': '1' }, { 'x-a': ['2', '3'] }], { 'x-a': '2, 3' }],
    [
      'null among pairs removes the earlier values',
      [
        [
          ['x-a', '1'],
          ['x-a', null],
          ['x-a', '2'],
        ],
      ],
      { 'x-a': '2' },
    ],
    ['numbers and booleans become text', [{ 'x-a': 1, 'x-b': false } as never], { 'x-a': '1', 'x-b': 'false' }],
    ['absent sources are ignored', [null, undefined, {}], {}],
  ])('%s', (_name, sources, expected) => {
    expect(merged(...sources)).toEqual(expected);
  });

  test('list the names that any source set or removed, and those of the last source', () => {
    const { touched, touchedLast } = mergeHeaders([], [{ 'X-A': '1' }, { 'x-b': null, 'x-c': undefined }]);
    expect([[...touched], [...touchedLast]]).toEqual([['x-a', 'x-b'], ['x-b']]);
  });

  test.each<[string, HeadersLike]>([
    ['a line break', { 'x-a': 'private\r\nx-b: 1' }],
    ['a letter beyond Latin-1', { 'x-a': 'private\u0416' }],
    ['an object', { 'x-a': [{ private: 1 } as never] }],
    ['an invalid name', { 'private name': '1' }],
  ])('throw an error for %s that does not quote it', (_name, source) => {
    expect(() => mergeHeaders([], [source])).toThrow(/ invalid (?:value|character)\. Use /);
    expect(() => mergeHeaders([], [source])).not.toThrow(/private/);
  });
});
