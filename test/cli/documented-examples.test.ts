import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeExamples } from '../../scripts/documented-examples';
import { schemaProblems } from '../../src/cli/schemas/schema-problems';
import { normalise } from './normalise';
import { runCommand } from './run-command';
import { temporaryFolder } from './temporary-folder';

const DOCUMENTED = 'docs/examples';
const read = (name: string): string => readFileSync(join(DOCUMENTED, name), 'utf8');
const folder = temporaryFolder();
let made: ReadonlyMap<string, string>;
beforeAll(async () => {
  made = await makeExamples(DOCUMENTED, mkdtempSync(join(folder, 'examples-')), async (words, environment) => {
    const { stdout } = await runCommand(words, { environment });
    return stdout;
  });
});

/** Also replaces dates, ports, retry budgets and the transport, which differ between runs. */
function stable(text: string): string {
  return normalise(text)
    .replace(/\b20\d{2}-\d{2}-\d{2}(?:T[\d:.]+Z)?/g, '<day>')
    .replace(/("port"): \d+/g, '$1: <port>')
    .replace(/\b\d+ ms\b/g, '<duration>')
    .replace(/("?retry_budget_left"?): ?[\d.]+/g, '$1: <budget>')
    .replace(/("?transport"?): ?"\w+"/g, '$1: "<transport>"')
    .replace(/("version"): ?"[^"]*"/g, '$1: "<version>"')
    .replaceAll(folder, '.');
}

const names = readdirSync(DOCUMENTED).filter((name) => !name.endsWith('.declared.json'));

describe('docs/examples', () => {
  test('contains one file per documented command', () => {
    expect([...made.keys()].sort()).toEqual(names.sort());
  });

  test.each(names)('%s is the current output of its command (npm run write:examples updates it)', (name) => {
    expect(stable(made.get(name) ?? '')).toBe(stable(read(name)));
  });

  test.each(names.filter((name) => !name.endsWith('.md')))('%s matches its schema', (name) => {
    const record = parse(read(name));
    expect(schemaProblems(record.record, record)).toEqual([]);
  });

  test.each(names)('%s names the simulator in its first line', (name) => {
    const [first] = read(name).split('\n');
    // A comparison is not a record of calls.
    expect(name === 'contract-diff.md' || first?.toLowerCase().includes('simulator')).toBe(true);
  });
});
