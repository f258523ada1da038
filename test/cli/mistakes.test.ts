import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeExampleRecords } from '../../scripts/example-records';
import { madeUpKey } from '../records/sample-facts';
import { runCommand } from './run-command';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const isRoot = process.geteuid?.() === 0;

beforeAll(async () => {
  await writeExampleRecords(at('records.jsonl'));
  writeFileSync(at('empty.jsonl'), '');
  writeFileSync(at('garbage.jsonl'), '\u0000\u0001garbage\n{"half": \n\n42\n');
  writeFileSync(at('unreadable.jsonl'), '');
  chmodSync(at('unreadable.jsonl'), 0);
  writeFileSync(at('taken.yaml'), 'mine\n');
  mkdirSync(at('closed'), { mode: 0o500 });
});

/** Runs an invalid command line. Returns the exit code and stderr, with `~` for the folder. */
async function mistake(words: string): Promise<readonly [exitCode: number, line: string]> {
  const before = readdirSync(folder);
  const parts = words.split(' ').map((word) => word.replace('~', folder));
  const { exitCode, stdout, stderr } = await runCommand(parts);
  expect(stdout).toBe('');
  expect(readdirSync(folder)).toEqual(before);
  return [exitCode, stderr.replaceAll(folder, '~')];
}

describe('user errors', () => {
  const DOCS = 'must be URL@YYYY-MM-DD: an https URL without a query string, and the date you read it.';
  const WINDOW =
    '--window must be FROM..TO in UTC, for example 2026-11-21..2026-11-22 or 2026-11-21T10:00Z..2026-11-21T11:30Z.';

  test.each([
    // Unknown words
    ['bogus', 64, "unknown command 'bogus'"],
    ['records bogus', 64, "unknown command 'bogus'"],
    ['--bogus', 64, "unknown option '--bogus'"],
    ['evidence trace --form x', 64, "unknown option '--form' (Did you mean --from?)"],
    ['evidence trace --key=value', 64, "unknown option '--key'"],
    ['evidence trace --from ~/records.jsonl surplus', 64, "too many arguments for 'trace'. Expected 0 arguments."],
    // Missing or invalid flag values
    ['records list', 64, "missing required argument 'files'"],
    ['evidence trace --from', 64, "option '--from <file>' argument missing"],
    ['evidence trace', 64, 'No record file. Pass --from, or set COMETAPI_RECORD_FILE.'],
    ['evidence trace --from ~/records.jsonl --format xml', 64, '--format must be one of: yaml, json, markdown.'],
    ['evidence trace --from ~/records.jsonl --docs https://example.com', 64, `--docs ${DOCS}`],
    ['evidence trace --from ~/records.jsonl --docs http://example.com@2026-11-21', 64, `--docs ${DOCS}`],
    ['evidence trace --from ~/records.jsonl --docs https://example.com@2026-13-41', 64, `--docs ${DOCS}`],
    ['evidence trace --from ~/records.jsonl --window yesterday', 64, WINDOW],
    ['evidence trace --from ~/records.jsonl --window 2026-11-22..2026-11-21', 64, WINDOW],
    ['evidence trace --from ~/records.jsonl --window ..', 64, WINDOW],
    ['evidence trace --from ~/records.jsonl --call a/b', 64, '--call must be an id from the record file.'],
    [
      'evidence trace --from ~/records.jsonl --expect-error x=bogus',
      64,
      '--expect-error must be a call id, an equals sign and an error category, for example ID=auth_rejected.',
    ],
    [
      'evidence retry --from ~/records.jsonl --operator-result maybe',
      64,
      '--operator-result must be one of: pass, fail.',
    ],
    [
      'evidence trace --from ~/records.jsonl --evidence hearsay',
      64,
      '--evidence must be an https URL without a query string, or "account".',
    ],
    [
      'evidence trace --from ~/records.jsonl --agent codex --agent-version latest',
      64,
      '--agent-version must be a version such as 1.2.3.',
    ],
    ['evidence trace --from ~/records.jsonl --agent-version 1', 64, '--agent-version needs --agent.'],
    [
      'evidence retry --from ~/records.jsonl --model-verified-by me',
      64,
      '--model-verified-by must be an https URL without a query string, or "account".',
    ],
    [
      'evidence trace --from ~/records.jsonl --environment a\tb',
      64,
      '--environment must be a name of up to 128 letters, digits and . _ : / @ + - that does not look like a secret.',
    ],
    [
      'evidence trace --from ~/records.jsonl --environment production',
      64,
      '--environment contradicts the record lines of these calls. Remove the flag, or select other calls.',
    ],
    [
      'records list ~/records.jsonl --ending well',
      64,
      '--ending must be one of: completed, failed, cancelled, abandoned.',
    ],
    [
      'records stats ~/records.jsonl --family gpt',
      64,
      '--family must be one of: chat, responses, messages, models, other.',
    ],
    // Files
    ['evidence trace --from ~/none.jsonl', 1, '~/none.jsonl could not be read: no such file or directory.'],
    ['records list ~/records.jsonl ~/none.jsonl', 1, '~/none.jsonl could not be read: no such file or directory.'],
    ['records verify ~/none/none.jsonl', 1, '~/none/none.jsonl could not be read: no such file or directory.'],
    ['records stats ~/records.jsonl/x', 1, '~/records.jsonl/x could not be read: part of the path is not a directory.'],
    ['records list ~', 1, '~ could not be read: it is a directory.'],
    ['records list /dev/null', 1, '/dev/null could not be read: it is not a file.'],
    ['records list ~/empty.jsonl', 1, 'No call in ~/empty.jsonl matches.'],
    ['records stats ~/empty.jsonl', 1, 'No call in ~/empty.jsonl matches.'],
    ['evidence timeline --from ~/empty.jsonl', 1, 'No call in ~/empty.jsonl matches.'],
    [
      'records list ~/garbage.jsonl',
      1,
      'No call in ~/garbage.jsonl matches. 3 lines were not read (~/garbage.jsonl:1 torn, ~/garbage.jsonl:2 torn, ~/garbage.jsonl:4 not an object).',
    ],
    ['records show ~/records.jsonl --run other', 1, 'No call in ~/records.jsonl matches.'],
    [
      'evidence retry --from ~/records.jsonl --window ..2020-01-01',
      1,
      'No call in ~/records.jsonl matches and was retried. Use --call or --last-failure to select a call without retries.',
    ],
    // Outputs
    [
      'evidence trace --from ~/records.jsonl -o ~/taken.yaml',
      1,
      '~/taken.yaml could not be written: it exists already, and files are never overwritten.',
    ],
    [
      'evidence trace --from ~/records.jsonl -o ~/none/trace.yaml',
      1,
      '~/none/trace.yaml could not be written: no such file or directory.',
    ],
  ])('prints one line and writes nothing: %s', async (words, exitCode, line) => {
    expect(await mistake(words)).toEqual([exitCode, `cometapi-otel: ${line}\n`]);
  });

  test.skipIf(isRoot).each([
    ['records list ~/unreadable.jsonl', '~/unreadable.jsonl could not be read: permission denied.'],
    [
      'evidence trace --from ~/records.jsonl -o ~/closed/trace.yaml',
      '~/closed/trace.yaml could not be written: permission denied.',
    ],
  ])('prints one line and writes nothing: %s', async (words, line) => {
    expect(await mistake(words)).toEqual([1, `cometapi-otel: ${line}\n`]);
  });

  test('does not change an existing file', () => {
    expect(readFileSync(at('taken.yaml'), 'utf8')).toBe('mine\n');
  });

  test('does not repeat a possible key, wherever it was typed', async () => {
    const key = madeUpKey();
    const lines = [
      [key],
      ['records', key],
      [`--${key}`],
      [`-${key}`],
      ['evidence', 'trace', `--api-key=${key}`],
      ['evidence', 'trace', '--from', at('records.jsonl'), key],
      ['evidence', 'trace', '--from', at('records.jsonl'), '--format', key],
      ['evidence', 'trace', '--from', at('records.jsonl'), '--run', key],
      ['evidence', 'trace', '--from', at('records.jsonl'), '--docs', `https://example.com/${key}@2026-11-21`],
      ['evidence', 'trace', '--from', at('records.jsonl'), '--window', key],
      ['records', 'list', key],
    ];
    for (const words of lines) {
      const { exitCode, stdout, stderr } = await runCommand(words, { environment: { COMETAPI_API_KEY: key } });
      expect(exitCode).toBeGreaterThan(0);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^cometapi-otel: [^\n]+\n$/);
      expect(stderr).not.toContain(key.slice(0, 12));
    }
  });

  test('prints the help and exits with 64 if no command is named', async () => {
    const { exitCode, stdout, stderr } = await runCommand([]);
    expect([exitCode, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/^Usage: cometapi-otel /);
  });
});
