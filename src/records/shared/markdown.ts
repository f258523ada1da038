/** Characters with a meaning in Markdown or HTML, and `@`, because readers turn e-mail addresses into links. */
const SPECIAL = /[\\`*_{}[\]<>()#+!|~$&@]/g;
/**
 * The start of a bare URL, which most readers turn into a link. One letter becomes an entity to prevent this.
 * An invisible joiner would also prevent it, but would disguise the URL.
 */
const ADDRESS = /(https?|ftp|mailto|www)(?=[:.])/gi;
/** Marks at the start of a line that begin a list or underline a heading. */
const LINE_START = /^(\s*)(-|=|\d+(?=[.)]))/;

/** Escapes `text` for one line of Markdown. The result contains no markup, link, image or HTML. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(SPECIAL, (character) => (character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`))
    .replace(ADDRESS, (word) => `&#${word.charCodeAt(0)};${word.slice(1)}`)
    .replace(LINE_START, (_all, space: string, mark: string) => `${space}&#${mark.charCodeAt(0)};${mark.slice(1)}`);
}

/** Renders `text` as inline code on one line. */
export function markdownCode(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const ticks = '`'.repeat(longestRun(line) + 1);
  const space = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return line === '' ? '' : `${ticks}${space}${line}${space}${ticks}`;
}

/** Renders `text` as a code block. The fence is longer than any run of backticks in `text`, so none of them closes it. */
export function markdownFence(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** Renders a table of Markdown cells. Escapes their bars and replaces line breaks with spaces. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('\n', ' ').replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
