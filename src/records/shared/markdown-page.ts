import type { CheckedDocumentation } from './annotations';
import type { Uncertainty } from './enums';
import type { RecordEnvironment } from './envelope';
import { markdownCode, markdownFence, markdownTable, markdownText } from './markdown';
import { renderRecord } from './render-record';

/** Renders a table of names and values. `null` becomes "not stated". Values are escaped, so they add no markup. */
export function factTable(rows: readonly (readonly [name: string, value: string | number | boolean | null])[]): string {
  return markdownTable(
    ['Field', 'Value'],
    rows.map(([name, value]) => [name, value === null ? '_not stated_' : markdownText(String(value))]),
  );
}

/** Returns the first lines of a page. A page about simulated calls starts with a notice that says so. */
export function pageHeading(title: string, upstream: RecordEnvironment['upstream']): readonly string[] {
  return [
    ...(upstream === 'simulator' ? ['> **Simulator.** These calls went to the local simulator, not to CometAPI.'] : []),
    `# ${title}`,
  ];
}

/** Returns the last sections, which most pages share. */
export function pageEnding(parts: {
  readonly record: object;
  readonly sources: readonly CheckedDocumentation[];
  readonly uncertainty: readonly Uncertainty[];
  readonly notAsserted: readonly string[];
}): readonly string[] {
  return [
    '## Documentation checked',
    bullets(parts.sources.map((page) => `${markdownCode(page.url)}, accessed ${page.accessed_on}`)),
    '## Still to verify',
    bullets(parts.uncertainty.map(spaced)),
    '## What this record does not assert',
    bullets(parts.notAsserted.map(spaced)),
    '## Record',
    markdownFence(renderRecord(parts.record, 'yaml'), 'yaml'),
  ];
}

export function page(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

export function codeOr(text: string | null, otherwise = ''): string {
  return text === null ? otherwise : markdownCode(text);
}

/** Replaces the underscores of an enum value with spaces. */
export function spaced(word: string): string {
  return word.replaceAll('_', ' ');
}

export function bullets(items: readonly string[]): string {
  return items.length === 0 ? '_none_' : items.map((item) => `- ${item}`).join('\n');
}
