/** What is drawn as something else than itself: markup, entities, and the letters that make an address a link (L-17). */
const SPECIAL = /[\\`*_{}[\]<>()#+!|~$&@]/g;
/** Bare addresses become links in most readers; a joiner that shows nothing would disguise them, so one letter is an entity. */
const ADDRESS = /(https?|ftp|mailto|www)(?=[:.])/gi;
/** At the start of a line these begin a list, a heading rule or a block of code. */
const LINE_START = /^(\s*)(-|=|\d+(?=[.)]))/;

/** `text` on one line of Markdown, shown as it is: no markup, links, images or HTML come of it. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(SPECIAL, (character) => (character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`))
    .replace(ADDRESS, (word) => `&#${word.charCodeAt(0)};${word.slice(1)}`)
    .replace(LINE_START, (_all, space: string, mark: string) => `${space}&#${mark.charCodeAt(0)};${mark.slice(1)}`);
}

/** `text` in code style on one line. */
export function markdownCode(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const ticks = '`'.repeat(longestRun(line) + 1);
  const space = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return line === '' ? '' : `${ticks}${space}${line}${space}${ticks}`;
}

/** A block of `text`; its fence is longer than any run of backticks inside. */
export function markdownFence(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** A table; cells are Markdown already, and lose their bars and line ends. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('\n', ' ').replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
