import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import CometAPI from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeExampleRecords } from '../../../scripts/example-records';
import { madeUpKey } from '../../records/sample-facts';
import { parseRecord } from '../../support/parse-record';
import { type CommandResult, runCommand } from '../run-command';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();
const records = join(folder, 'records.jsonl');
const QUESTION = 'Is a 503 expected for the documented chat interface?';
const SAID = ['--question', QUESTION, '--symptom', 'no summaries since 10:05 UTC'];

let key: string;
beforeAll(async () => {
  key = await writeExampleRecords(records);
});

let count = 0;
/** Runs `packet` with a new output folder. */
async function packet(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult & { readonly files: Readonly<Record<string, string>>; readonly output: string }> {
  const output = join(folder, `out-${count++}`);
  mkdirSync(output);
  const result = await runCommand(['packet', ...words, '--output', output], { environment });
  const files = Object.fromEntries(readdirSync(output).map((name) => [name, readFileSync(join(output, name), 'utf8')]));
  return { ...result, files, output };
}

describe('packet', () => {
  test('writes a packet of the last failure as Markdown, YAML and JSON, with mode 0600', async () => {
    const { exitCode, stdout, stderr, files, output } = await packet(['--from', records, ...SAID]);
    expect(exitCode).toBe(0);
    expect(Object.keys(files)).toEqual([
      'INC-20261121-120000.json',
      'INC-20261121-120000.md',
      'INC-20261121-120000.yaml',
    ]);
    expect(stdout).toBe(files['INC-20261121-120000.md']);
    expect(stderr).toBe(
      `Wrote ${['md', 'yaml', 'json'].map((ending) => `${output}/INC-20261121-120000.${ending}`).join(', ')}.\n`,
    );
    const record = parseRecord('incident_packet', JSON.parse(files['INC-20261121-120000.json'] ?? ''));
    expect(parse(files['INC-20261121-120000.yaml'] ?? '')).toEqual(record);
    expect(record).toMatchObject({
      incident_id: 'INC-20261121-120000',
      recorded_at_utc: '2026-11-21T12:00:00.000Z',
      workflow_name: 'nightly-summary',
      status_code_class: '5xx',
      error_category: 'server_error',
      support_question: QUESTION,
      environment: { upstream: 'simulator', name: 'ci' },
      evidence_gaps: ['trace_id_missing', 'docs_not_checked'],
    });
    for (const name of Object.keys(files)) {
      expect(statSync(join(output, name)).mode & 0o777).toBe(0o600);
      expect(files[name]).not.toContain('gpt-5.1');
    }
  });

  test('with --json, prints only the record and writes no file without --output', async () => {
    const before = readdirSync('.');
    const { exitCode, stdout, stderr } = await runCommand(['packet', '--json', '--from', records, ...SAID]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(parseRecord('incident_packet', JSON.parse(stdout)).support_question).toBe(QUESTION);
    expect(readdirSync('.')).toEqual(before);
  });

  test('--window selects every call in the time window, and --call selects one call', async () => {
    const all = await runCommand(['packet', '--json', '--from', records, '--window', '2020-01-01..', ...SAID]);
    const { calls, omitted_call_count: omitted } = parseRecord('incident_packet', JSON.parse(all.stdout));
    expect([calls.length, omitted]).toEqual([5, 0]);
    const id = calls[2]?.call_id ?? '';
    const one = await runCommand(['packet', '--json', '--from', records, '--call', id, ...SAID]);
    expect(JSON.parse(one.stdout)).toMatchObject({ call_ids: [id], error_category: 'auth_rejected' });
  });

  test('without records, uses only the flags, lists the gaps and exits with 2', async () => {
    const { exitCode, files, stderr } = await packet([
      ...SAID,
      '--workflow',
      'nightly summary',
      '--window',
      '2026-11-21T10:00Z..2026-11-21T10:30Z',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Evidence gaps: no call observed.');
    expect(JSON.parse(files['INC-20261121-120000.json'] ?? '')).toMatchObject({
      workflow_name: 'nightly summary',
      test_window_utc: '2026-11-21T10:00:00.000Z/2026-11-21T10:30:00.000Z',
      http_method: null,
    });
  });

  test('lists a missing symptom as a gap', async () => {
    const { exitCode, stdout } = await runCommand(['packet', '--json', '--from', records, '--question', QUESTION]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      symptom: null,
      evidence_gaps: expect.arrayContaining(['symptom_not_stated']),
    });
  });

  test('--compare lists the differences from another environment', async () => {
    const other = join(folder, 'other.jsonl');
    const simulator = createSimulator({ scenario: scenario.ok() });
    const client = new CometAPI({
      apiKey: simulator.apiKey,
      fetch: simulator.fetch,
      recordFile: other,
      environment: 'laptop',
      maxRetries: 0,
    });
    await client.responses.create({ model: 'm', input: 'x' });
    const { stdout } = await runCommand(['packet', '--json', '--from', records, '--compare', other, ...SAID]);
    const { still_to_verify: open } = JSON.parse(stdout);
    expect(open.filter((word: string) => word.startsWith('environment_differs'))).toEqual([
      'environment_differs:name',
      'environment_differs:settings.backoff_base_ms',
      'environment_differs:settings.backoff_cap_ms',
      'environment_differs:settings.max_attempts',
    ]);
  });

  test('overwrites no file, and writes none of the three if one exists', async () => {
    const base = join(folder, 'taken');
    writeFileSync(`${base}.json`, 'mine');
    const { exitCode, stdout, stderr } = await runCommand(['packet', '--from', records, ...SAID, '-o', `${base}.md`]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `cometapi-otel: ${base}.json could not be written: it exists already, and files are never overwritten.\n`,
    );
    expect(readdirSync(folder).filter((name) => name.includes('taken'))).toEqual(['taken.json']);
    expect(readFileSync(`${base}.json`, 'utf8')).toBe('mine');
  });

  test.each([
    [['packet'], "required option '--question <text>' not specified"],
    [
      ['packet', '--question', ''],
      '--question is not valid: it is empty, repeated too often, malformed, or looks like a secret.',
    ],
    [
      ['packet', ...SAID, '--verified-model', 'm'],
      'Pass --verified-model and --verified-by together. The packet names a model only with its source.',
    ],
    [
      ['packet', ...SAID, '--last-failure'],
      '--from is missing. --call, --run, --retried and --last-failure select calls from a record file.',
    ],
    [
      ['packet', ...SAID, '--link', 'https://runbooks.example/?token=x'],
      '--link is not valid: it is empty, repeated too often, malformed, or looks like a secret.',
    ],
  ])('prints one line for a usage error: %j', async (words, line) => {
    expect(await runCommand(words)).toEqual({ exitCode: 64, stdout: '', stderr: `cometapi-otel: ${line}\n` });
  });

  test('redacts an active key in any flag from all output', async () => {
    const environment = { COMETAPI_API_KEY: key };
    const text = `see ${key} and ${Buffer.from(key).toString('base64')}`;
    const flags = ['symptom', 'question', 'workflow', 'note', 'guess', 'command', 'changed-file'];
    const { exitCode, stdout, stderr, files } = await packet(
      ['--from', records, ...flags.flatMap((flag) => [`--${flag}`, text])],
      environment,
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(files['INC-20261121-120000.json'] ?? '').redaction_check).toBe('value_scan');
    for (const written of [stdout, stderr, ...Object.values(files)]) {
      expect(written).not.toContain(key.slice(3, 15));
      expect(written).not.toContain(Buffer.from(key).toString('base64').slice(0, 12));
    }
  });

  test.each(['requestId', 'traceId', 'serverCode'])(
    'refuses a record with a key in %s, and names the field',
    async (field) => {
      const planted = join(folder, `planted-${field}.jsonl`);
      const secret = field === 'traceId' ? madeUpKey() : key;
      const lines = readFileSync(records, 'utf8').trimEnd().split('\n');
      const last = JSON.parse(lines.at(-1) ?? '');
      last.facts[field] = secret;
      appendFileSync(planted, `${JSON.stringify(last)}\n`);
      const { exitCode, stdout, stderr, files } = await packet(['--from', planted, ...SAID], { COMETAPI_API_KEY: key });
      expect([exitCode, stdout, files]).toEqual([1, '', {}]);
      expect(stderr).toBe(
        `cometapi-otel: ${planted}, line 1: facts.${field} may contain a secret. No record was created.\n`,
      );
    },
  );
});
