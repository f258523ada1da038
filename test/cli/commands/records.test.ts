import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeExampleRecords } from '../../../scripts/example-records';
import type { CallRecord } from '../../../src/records/call-line/call-record';
import { madeUpKey } from '../../records/sample-facts';
import { normalise } from '../normalise';
import { runCommand } from '../run-command';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();
const file = join(folder, 'records.jsonl');
let lines: readonly string[];
let calls: readonly CallRecord[];

beforeAll(async () => {
  await writeExampleRecords(file);
  lines = readFileSync(file, 'utf8').trim().split('\n');
  calls = lines.map((line) => JSON.parse(line));
});

function fileOf(name: string, content: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${content.join('\n')}\n`);
  return path;
}

/** Returns a line of the file with changes, as another program could have written it. */
function changed(at: number, changes: object): string {
  return JSON.stringify({ ...calls[at], ...changes });
}

describe('records list', () => {
  test('prints one line per call, and the attempts of a retried call as a tree', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['records', 'list', file]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(normalise(stdout)).toBe(`\
<time>  completed  200   chat       gpt-5.1  <duration>  simulator  <id>
<time>  completed  200   responses  gpt-5.1  <duration>  simulator  <id>
├─ 1  503  server_error  <duration>  retried: retryable_status  then <duration> (backoff)  <request-id>
├─ 2  429  rate_limited  <duration>  retried: retryable_status  then <duration> (backoff)  <request-id>
└─ 3  200  <duration>  not retried: success
<time>  failed     401   chat       gpt-5.1  auth_rejected  <duration>  simulator  <id>
<time>  failed     truncated  chat       gpt-5.1  truncated_stream  <duration>  simulator  <id>
<time>  failed     503   chat       gpt-5.1  server_error  <duration>  simulator  <id>
├─ 1  503  server_error  <duration>  retried: retryable_status  then <duration> (backoff)  <request-id>
├─ 2  503  server_error  <duration>  retried: retryable_status  then <duration> (backoff)  <request-id>
└─ 3  503  server_error  <duration>  final attempt: attempts_exhausted  <request-id>
`);
  });

  test.each([
    ['--ending failed', [2, 3, 4]],
    ['--ending completed --retried', [1]],
    ['--category server_error', [4]],
    ['--family responses', [1]],
    ['--retried', [1, 4]],
    ['--run nightly-42 --category none', [0, 1]],
    ['--window 2020-01-01.. --family chat', [0, 2, 3, 4]],
  ])('selects calls with %s', async (flags, expected) => {
    const { stdout } = await runCommand(['records', 'list', file, '--json', ...flags.split(' ')]);
    const listed: readonly { readonly call_id: string }[] = JSON.parse(stdout).calls;
    expect(listed.map(({ call_id }) => call_id)).toEqual(expected.map((at) => calls[at]?.facts.callId));
  });

  test('--window selects calls in progress, and includes both ends', async () => {
    const { startedAt = '', endedAt = '' } = calls[1]?.facts ?? {};
    const listed = async (window: string): Promise<number> => {
      const { stdout } = await runCommand([
        'records',
        'list',
        file,
        '--json',
        '--family',
        'responses',
        '--window',
        window,
      ]);
      return stdout === '' ? 0 : JSON.parse(stdout).calls.length;
    };
    const shifted = (moment: string, byMs: number): string => new Date(Date.parse(moment) + byMs).toISOString();
    expect(await listed(`${endedAt}..`)).toBe(1);
    expect(await listed(`..${startedAt}`)).toBe(1);
    expect(await listed(`${shifted(endedAt, 1)}..`)).toBe(0);
    expect(await listed(`..${shifted(startedAt, -1)}`)).toBe(0);
  });

  test('reads lines that another program has formatted differently', async () => {
    const formatted = fileOf(
      'formatted.jsonl',
      lines.map((line) => line.replaceAll('":', '": ')),
    );
    const { stdout } = await runCommand(['records', 'list', formatted, '--category', 'server_error', '--json']);
    expect(JSON.parse(stdout).calls).toHaveLength(1);
  });

  test('prints colours only on a terminal without NO_COLOR', async () => {
    const onTerminal = { isTTY: true };
    const coloured = await runCommand(['records', 'list', file], onTerminal);
    const plain = await runCommand(['records', 'list', file]);
    const withoutColour = await runCommand(['records', 'list', file], {
      ...onTerminal,
      environment: { NO_COLOR: '1' },
    });
    const asJson = await runCommand(['records', 'list', file, '--json'], onTerminal);
    expect(coloured.stdout).toContain('\u001b[32mcompleted');
    expect(withoutColour.stdout).toBe(plain.stdout);
    expect(plain.stdout + asJson.stdout).not.toContain('\u001b');
  });

  test('reports skipped lines on stderr, unless --quiet is set', async () => {
    const damaged = fileOf('damaged.jsonl', [lines[0] ?? '', (lines[1] ?? '').slice(0, 90), '{"a":1}']);
    const { exitCode, stdout, stderr } = await runCommand(['records', 'list', damaged]);
    expect([exitCode, stdout.split('\n').length]).toEqual([0, 2]);
    expect(stderr.replaceAll(folder, '~')).toBe(
      '2 lines were not read (~/damaged.jsonl:2 torn, ~/damaged.jsonl:3 unknown record).\n',
    );
    expect((await runCommand(['records', 'list', damaged, '--quiet'])).stderr).toBe('');
  });

  test('withholds an identifier that may be a secret', async () => {
    const { facts } = calls[0] ?? {};
    const key = madeUpKey();
    const foreign = fileOf('foreign.jsonl', [
      changed(0, { facts: { ...facts, request: { ...facts?.request, model: key } } }),
    ]);
    for (const flags of [[], ['--json']]) {
      const { stdout, stderr } = await runCommand(['records', 'list', foreign, ...flags]);
      expect(stdout).toContain('[withheld]');
      expect(stdout + stderr).not.toContain(key);
    }
    const { exitCode, stderr } = await runCommand(['records', 'show', foreign]);
    expect([exitCode, stderr.replaceAll(folder, '~')]).toEqual([
      1,
      'cometapi-otel: ~/foreign.jsonl, line 1: facts.request.model may contain a secret. No record was created.\n',
    ]);
  });
});

describe('records show', () => {
  test('prints all facts of a call', async () => {
    const { exitCode, stdout } = await runCommand(['records', 'show', file, '--last-failure']);
    expect(exitCode).toBe(0);
    expect(normalise(stdout)).toBe(`\
<time>  failed     503   chat       gpt-5.1  server_error  <duration>  simulator  <id>
├─ 1  503  server_error  <duration>  retried: retryable_status  then <duration> (backoff)  <request-id>
├─ 2  503  server_error  <duration>  retried: retryable_status  then <duration> (backoff)  <request-id>
└─ 3  503  server_error  <duration>  final attempt: attempts_exhausted  <request-id>
  workflow    nightly-summary
  run         nightly-42
  environment ci, simulator, api.cometapi.com
  request     POST /v1/chat/completions, JSON, typed client
  fields      messages, model
  ending      failed: http_status, in phase headers
  request id  <request-id> (message)
  tokens      not reported
  settings    3 attempts, deadline <duration>, retry standard
  made with   cometapi-otel <version>, node <version> on <os>
`);
  });

  test('--json prints the record lines unchanged', async () => {
    const [first] = calls;
    const { stdout } = await runCommand(['records', 'show', file, '--json', '--call', first?.facts.callId ?? '']);
    expect(JSON.parse(stdout)).toEqual({ calls: [first] });
  });
});

describe('records stats', () => {
  test('counts calls, requests and reported tokens', async () => {
    const { exitCode, stdout } = await runCommand(['records', 'stats', file]);
    expect(exitCode).toBe(0);
    expect(normalise(stdout)).toBe(`\
calls        5, <time> to <time>
endings      failed 3, completed 2
categories   none 2, auth_rejected 1, server_error 1, truncated_stream 1
families     chat 4, responses 1
upstream     simulator 5
requests     9, 1.8 per call, 4 retries
per call     3 calls of 1, 2 calls of 3
billed twice possible for 0 requests of 0 calls
tokens       reported for 2 of 5 calls
             24 input_tokens
             14 output_tokens
             38 total_tokens
             8 cache_read_input_tokens
             4 reasoning_output_tokens
`);
  });

  test('--json prints one object for all files', async () => {
    const { stdout } = await runCommand(['records', 'stats', file, file, '--json']);
    expect(JSON.parse(stdout)).toEqual({
      calls: 10,
      first_started_at: calls[0]?.facts.startedAt,
      last_ended_at: calls[4]?.facts.endedAt,
      endings: { failed: 6, completed: 4 },
      error_categories: { none: 4, auth_rejected: 2, server_error: 2, truncated_stream: 2 },
      request_families: { chat: 8, responses: 2 },
      upstreams: { simulator: 10 },
      requests: 18,
      requests_per_call: 1.8,
      calls_by_requests: { 1: 6, 3: 4 },
      retried_calls: 4,
      retries: 8,
      sends_maybe_doubled: 0,
      calls_maybe_doubled: 0,
      calls_with_usage: 4,
      reported_tokens: {
        input_tokens: 48,
        output_tokens: 28,
        total_tokens: 76,
        cache_read_input_tokens: 16,
        cache_creation_input_tokens: null,
        reasoning_output_tokens: 8,
      },
      lines_not_read: 0,
    });
  });
});

describe('records verify', () => {
  const verified = async (path: string, environment = {}): Promise<readonly [number, string]> => {
    const { exitCode, stdout } = await runCommand(['records', 'verify', path], { environment });
    return [exitCode, stdout.replaceAll(folder, '~')];
  };

  test('passes a file that the client wrote', async () => {
    expect(await verified(file)).toEqual([
      0,
      'pass: 5 calls, 0 other records, 0 problems. The environment contains no key, so secrets were searched by shape only.\n',
    ]);
    expect(await verified(file, { COMETAPI_API_KEY: madeUpKey(), COMETAPI_KEY: madeUpKey() })).toEqual([
      0,
      'pass: 5 calls, 0 other records, 0 problems. Secrets were searched by shape, and 2 by value.\n',
    ]);
    expect((await runCommand(['records', 'verify', file, '--quiet'])).stdout).toBe('');
  });

  test('reports every kind of damage with its place', async () => {
    const { facts, ...rest } = calls[3] ?? {};
    const damaged = fileOf('broken.jsonl', [
      (lines[0] ?? '').slice(0, 200),
      lines[1] ?? '',
      lines[1] ?? '',
      changed(3, { redaction_check: 'not_checked' }),
      JSON.stringify({ ...rest, seq: 5, facts: { ...facts, remark: 'some words' } }),
      changed(4, { seq: 5, remark: 'words' }),
      '{"record":"usage_trace","schema_version":2}',
      '{"record":"call","schema_version":3}',
      '{"record":"invoice"}',
      '42',
      `{"record":"${'x'.repeat(140_000)}"}`,
    ]);
    expect(await verified(damaged)).toEqual([
      1,
      `\
fail  ~/broken.jsonl:1  torn: not complete JSON: a process ended while it wrote, or the file is not a record file
fail  ~/broken.jsonl:3  duplicate: an earlier line has the same writer and number (number 2)
fail  ~/broken.jsonl:5  shape: call record with missing fields or invalid values
fail  ~/broken.jsonl:6  schema: does not match the schema of its kind (1 unknown)
look  ~/broken.jsonl:7  schema_of_other_version: written by another version; does not match the schema of this version (run_id, checked_at, source_urls, request_family, credential_redacted)
look  ~/broken.jsonl:8  unknown_schema_version: record of another schema version
look  ~/broken.jsonl:9  unknown_record: record of a kind that this version does not know
look  ~/broken.jsonl:10  not_an_object: JSON, but not a cometapi-otel record
fail  ~/broken.jsonl:11  too_long: longer than any record; its content was not checked
fail  ~/broken.jsonl:4  gap: lines before this one are missing: lost or withheld (numbers 3 to 3)
look  ~/broken.jsonl:2  starts_late: the first lines of this writer are missing: lost or in another file (numbers 1 to 1)
fail: 4 calls, 1 other records, 11 problems. The environment contains no key, so secrets were searched by shape only. 1 calls were recorded without a check for secrets.
`,
    ]);
  });

  test('finds an active key in any encoding and other keys by shape, and reports only the place', async () => {
    const [live, other] = [madeUpKey(), madeUpKey()];
    const { facts } = calls[1] ?? {};
    const withModel = (model: string): string =>
      changed(1, { facts: { ...facts, request: { ...facts?.request, model } } });
    const planted = fileOf('planted.jsonl', [
      lines[0] ?? '',
      withModel(Buffer.from(live).toString('base64').replaceAll('=', '')),
      changed(2, { workflow: other }),
      `${(lines[3] ?? '').slice(0, 300)}${live}`,
      changed(4, { seq: 4 }),
    ]);
    const { exitCode, stdout, stderr } = await runCommand(['records', 'verify', planted], {
      environment: { COMETAPI_KEY: live },
    });
    expect([exitCode, stdout.replaceAll(folder, '~')]).toEqual([
      1,
      `\
fail  ~/planted.jsonl:2  secret: may contain a secret (facts.request.model)
fail  ~/planted.jsonl:3  secret: may contain a secret (workflow)
fail  ~/planted.jsonl:4  torn: not complete JSON: a process ended while it wrote, or the file is not a record file
fail  ~/planted.jsonl:4  secret: may contain a secret (somewhere in the line)
fail: 4 calls, 0 other records, 4 problems. Secrets were searched by shape, and 1 by value.
`,
    ]);
    expect(stdout + stderr).not.toContain(live.slice(3, 20));
    expect(stdout + stderr).not.toContain(other.slice(3, 20));
  });

  test('needs a review of a file without records, and of one without its first lines', async () => {
    const empty = join(folder, 'empty.jsonl');
    writeFileSync(empty, '');
    expect(await verified(empty)).toEqual([
      2,
      'look  ~/empty.jsonl  no_record: the file contains no record\nneeds_follow_up: 0 calls, 0 other records, 1 problems. The environment contains no key, so secrets were searched by shape only.\n',
    ]);
    const [exitCode] = await verified(fileOf('rotated.jsonl', lines.slice(2)));
    expect(exitCode).toBe(2);
  });

  test('reports a damaged file in a few lines', async () => {
    const garbage = fileOf(
      'garbage.jsonl',
      Array.from({ length: 500 }, (_, at) => `garbage ${at}`),
    );
    const [exitCode, stdout] = await verified(garbage);
    expect([exitCode, stdout.split('\n').slice(9, 12)]).toEqual([
      1,
      [
        'fail  ~/garbage.jsonl:10  torn: not complete JSON: a process ended while it wrote, or the file is not a record file',
        '      and 490 more: torn',
        'fail: 0 calls, 0 other records, 500 problems. The environment contains no key, so secrets were searched by shape only.',
      ],
    ]);
  });

  test('--json prints the same as one object', async () => {
    const damaged = fileOf('torn.jsonl', [lines[0] ?? '', '{"record":"ca']);
    const { exitCode, stdout } = await runCommand(['records', 'verify', damaged, '--json']);
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      1,
      {
        result: 'fail',
        calls: 1,
        other_records: 0,
        calls_not_checked_for_secrets: 0,
        live_secrets_known: 0,
        problem_counts: { torn: 1 },
        problems: [{ path: damaged, line: 2, kind: 'torn', detail: null }],
      },
    ]);
  });
});
