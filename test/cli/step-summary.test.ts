import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeExampleRecords } from '../../scripts/example-records';
import { runCommand } from './run-command';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
const file = join(folder, 'records.jsonl');
const ledger = join(folder, 'ledger.json');
const summary = join(folder, 'summary.md');

beforeAll(async () => {
  await writeExampleRecords(file);
  await runCommand([
    'contract',
    'check',
    '--simulate',
    '--family',
    'chat',
    '--family',
    'responses',
    '--ledger',
    ledger,
  ]);
});

describe('in GitHub Actions', () => {
  test.each([
    ['records list', ['records', 'list', file], '### Calls: 5\n\n```text\n'],
    ['records show', ['records', 'show', file, '--last-failure'], '### Calls\n\n```text\n'],
    ['records show --json', ['records', 'show', file, '--last-failure', '--json'], '### Calls\n\n```text\n'],
    ['records stats', ['records', 'stats', file], '### Records\n\n| Metric | Count |\n'],
    ['records verify', ['records', 'verify', file], '### Records: '],
    ['contract show', ['contract', 'show', '--ledger', ledger], '> **Simulator.**'],
    ['contract diff', ['contract', 'diff', '--simulate', '--ledger', ledger], '# CometAPI contract drift'],
    ['evidence trace', ['evidence', 'trace', '--from', file], '> **Simulator.**'],
    ['doctor', ['doctor'], '### Doctor: '],
  ])('%s: appends its result to the step summary', async (_name, words, beginning) => {
    rmSync(summary, { force: true });
    const { stdout, stderr } = await runCommand(words, { environment: { GITHUB_STEP_SUMMARY: summary }, isTTY: true });
    const text = readFileSync(summary, 'utf8');
    expect(text.slice(0, beginning.length)).toBe(beginning);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the page must contain no colours
    expect(text).not.toMatch(/\u001b/);
    expect(stdout).not.toBe('');
    expect(stderr).not.toContain('Could not write');
  });

  test('does not fail if the step summary cannot be written', async () => {
    const environment = { GITHUB_STEP_SUMMARY: join(folder, 'none', 'summary.md') };
    const { exitCode, stderr } = await runCommand(['records', 'stats', file], { environment });
    expect([exitCode, stderr]).toEqual([
      0,
      'Could not write the step summary: check the file that GITHUB_STEP_SUMMARY names.\n',
    ]);
  });
});

test('contract diff checks every endpoint of the ledger by default', async () => {
  const { exitCode, stderr } = await runCommand(['contract', 'diff', '--simulate', '--ledger', ledger]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Sending up to 12 requests');
  expect(stderr).toContain('cometapi-text-responses unsupported value: status');
});
