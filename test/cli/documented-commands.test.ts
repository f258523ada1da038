import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rerunConsole } from '../../scripts/console-blocks';
import { writeExampleRecords } from '../../scripts/example-records';
import { normalise } from './normalise';
import { runCommand } from './run-command';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
const page = readFileSync('docs/cli.md', 'utf8');
const root = process.cwd();

beforeEach(() => process.chdir(folder));
afterEach(() => process.chdir(root));

test('docs/cli.md shows the current output of its commands (node scripts/write-cli-page.ts updates it)', async () => {
  const key = await writeExampleRecords(join(folder, 'records.jsonl'));
  const environment = { COMETAPI_API_KEY: key, COMETAPI_RECORD_FILE: 'records.jsonl' };
  const rerun = await rerunConsole(page, {
    run: (words) => runCommand(words, { environment }),
    read: (path) => readFileSync(path, 'utf8'),
  });
  expect(normalise(rerun)).toBe(normalise(page));
});

test('docs/cli.md names every command, and every flag of records and evidence', async () => {
  const help = async (...words: readonly string[]): Promise<string> => (await runCommand([...words, '--help'])).stdout;
  const names = (text: string): readonly string[] =>
    [...(text.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
  const commands = names(await help());
  expect(commands.length).toBeGreaterThan(4);
  expect(commands.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  for (const group of ['evidence', 'records']) {
    for (const name of names(await help(group))) {
      expect(page).toContain(`${group} ${name}`);
      const flags = [...(await help(group, name)).matchAll(/^ {2}(?:-o, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
      const shared = ['--help', '--version', '--output', '--environment', '--workflow', '--run-id'];
      expect(flags.filter((flag) => !shared.includes(flag) && !page.includes(flag))).toEqual([]);
    }
  }
});
