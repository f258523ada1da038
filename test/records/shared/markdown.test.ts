import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownCode, markdownFence, markdownTable, markdownText } from '../../../src/records/shared/markdown';

/** The text that a Markdown reader displays, with escapes and entities resolved. */
function drawn(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}

const hostile = fc.oneof(
  fc.string({ maxLength: 60, unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'http://',
          'https://x.y',
          'www.',
          'mailto:',
          '![a](b)',
          '<img>',
          '</details>',
          '`',
          '```',
          '|',
          '\\',
          '&lt;',
          '&#1;',
        ],
        ...['# ', '- ', '1. ', '> ', '+ ', '=', '---', '*', '_', '~~', '$', '@a', '\n', '\t', ' ', 'word'],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

describe('markdownText', () => {
  it('displays any text unchanged, on one line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = markdownText(text);
        expect(markdown).not.toContain('\n');
        expect(drawn(markdown)).toBe(text.replace(/\s+/g, ' ').trim());
      }),
    );
  });

  it('leaves no markup and no bare URL', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = markdownText(text);
        const bare = markdown.replace(/\\./g, '').replace(/&(?:#\d+|lt|amp);/g, '');
        expect(bare).not.toMatch(/[\\`*_{}[\]<>()#+!|~$&@]/);
        expect(bare).not.toMatch(/(?:https?|ftp|mailto):|www\./i);
        expect(markdown).not.toMatch(/^(?:[-=]|\d+[.)])/);
      }),
    );
  });

  it.each([
    ['1. first', '&#49;. first'],
    ['- item', '&#45; item'],
    ['see https://example.com', 'see &#104;ttps://example.com'],
    ['a | b', 'a \\| b'],
    ['snake_case', 'snake\\_case'],
  ])('escapes "%s"', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown);
  });
});

describe('markdownFence, markdownCode and markdownTable', () => {
  it('use a fence that the text cannot close', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [first = '', ...rest] = markdownFence(text, 'yaml').split('\n');
        const [fence = ''] = /^`+/.exec(first) ?? [];
        expect(first).toBe(`${fence}yaml`);
        expect(rest.at(-1)).toBe(fence);
        expect(rest.slice(0, -1).filter((line) => line.includes(fence))).toEqual([]);
        expect(rest.slice(0, -1).join('\n')).toBe(text.replace(/\n$/, ''));
      }),
    );
  });

  it('delimit inline code that contains backticks', () => {
    expect([
      markdownCode('plain'),
      markdownCode('a`b'),
      markdownCode('`a`'),
      markdownCode(''),
      markdownCode('a\nb'),
    ]).toEqual(['`plain`', '``a`b``', '`` `a` ``', '', '`a b`']);
  });

  it('escape a bar in a table cell', () => {
    expect(markdownTable(['a', 'b'], [['x | y', markdownText('1 | 2\n3')]])).toBe(
      ['| a | b |', '| --- | --- |', '| x \\| y | 1 \\| 2 3 |'].join('\n'),
    );
  });
});
