import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeExampleRecords } from '../../scripts/example-records';
import { runCli } from '../../src/cli/run-cli';
import { madeUpKey } from '../records/sample-facts';
import { runCommand } from './run-command';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
const file = join(folder, 'records.jsonl');
beforeAll(() => writeExampleRecords(file));

test('reports an unexpected error in one line, without its message', async () => {
  const key = madeUpKey();
  let told = '';
  const exitCode = await runCli(['records', 'stats', file], {
    environment: {},
    stdout: {
      write() {
        throw new TypeError(`broken with ${key}`);
      },
      once: () => undefined,
    },
    stderr: {
      write(text) {
        told += text;
        return true;
      },
      once: () => undefined,
    },
    now: () => 0,
  });
  expect([exitCode, told]).toEqual([1, 'cometapi-otel: Unexpected error (TypeError). Please report this bug.\n']);
});

test('prints a note and continues if the step summary cannot be written', async () => {
  const path = join(folder, 'a-folder');
  mkdirSync(path);
  const words = ['records', 'verify', file];
  const withSummary = await runCommand(words, { environment: { GITHUB_STEP_SUMMARY: path } });
  const without = await runCommand(words);
  expect(withSummary).toEqual({
    ...without,
    stderr: 'Could not write the step summary: check the file that GITHUB_STEP_SUMMARY names.\n',
  });
  expect(readdirSync(path)).toEqual([]);
});

test('accepts shared flags before and after the command', async () => {
  const before = await runCommand(['--json', 'records', 'stats', file]);
  const behind = await runCommand(['records', 'stats', file, '--json']);
  expect(before).toEqual(behind);
  expect(JSON.parse(before.stdout).calls).toBe(5);
});
