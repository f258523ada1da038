import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serialize, utf8Length } from '../../../src/records/shared/serialize';

describe('serialise', () => {
  it.each([
    ['C0', '\u0000\u001b'],
    ['DEL and C1', '\u007f\u0085\u009b'],
    ['line separators', '\u2028\u2029'],
    ['bidi controls', '\u061c\u200e\u202e\u2066\u2069'],
    ['zero-width characters', '\u00ad\u180e\u200b\u200d\u2060\ufeff'],
    ['invisible tags', '\u{e0041}\u{e007f}'],
    ['lone surrogates', '\ud800 \udc00'],
  ])('writes %s as escapes', (_, text) => {
    const line = serialize({ text });
    expect(line).toMatch(/^[\u0020-\u007e]+$/);
    expect(JSON.parse(line)).toEqual({ text });
  });

  it('does not escape letters of any script', () => {
    expect(serialize({ note: 'é漢字🙂…' })).toBe('{"note":"é漢字🙂…"}');
  });

  it('writes any value as one line of JSON that parses to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const line = serialize({ value });
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify({ value })));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be escaped
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/);
        expect(utf8Length(line)).toBe(Buffer.byteLength(line));
      }),
    );
  });
});
