import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../scripts/entries';
import { writeExampleRecords } from '../../scripts/example-records';
import { normalise } from './normalise';
import { runCommand } from './run-command';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
/** `npm test` builds this file first. */
const command = resolve('dist/cli.js');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

beforeAll(() => writeExampleRecords(join(folder, 'records.jsonl')));

function run(words: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, [command, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
}

describe('the built command', () => {
  test('is the executable that package.json names', () => {
    expect(Object.keys(commands).map((name) => `dist/${name}.js`)).toEqual([manifest.bin['cometapi-otel']]);
    expect(readFileSync(command, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
    expect(run(['--version'])).toMatchObject({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  test('prints the same output in a separate process as in this process', async () => {
    const words = ['records', 'list', 'records.jsonl', '--retried'];
    const { status, stdout, stderr } = run(words);
    const here = await runCommand(words.map((word) => word.replace('records.jsonl', join(folder, 'records.jsonl'))));
    expect([status, normalise(stdout), stderr]).toEqual([0, normalise(here.stdout), '']);
    expect(run(['records', 'list', 'none'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'cometapi-otel: none could not be read: no such file or directory.\n',
    });
    expect(run(['records', 'bogus']).status).toBe(64);
  });

  test('exits silently when the reader closes the pipe', async () => {
    const ended = await new Promise<readonly [number, string]>((done) => {
      const words = ['records', 'list', ...Array.from({ length: 500 }, () => 'records.jsonl')];
      const child = execFile(process.execPath, [command, ...words], { cwd: folder }, (error, _stdout, stderr) => {
        done([Number(error?.code ?? 0), stderr]);
      });
      child.stdout?.once('data', () => child.stdout?.destroy());
    });
    expect(ended).toEqual([0, '']);
  });

  test('prints examples and exit codes in the help', async () => {
    const help = run(['evidence', 'trace', '--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('Examples:\n  cometapi-otel evidence trace --from records.jsonl');
    expect(run(['--help']).stdout).toContain('Exit codes: 0 pass, 1 fail, 2 needs follow-up, 64 usage error');
  });
});
