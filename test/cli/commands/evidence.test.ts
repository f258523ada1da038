import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { retryEvidence, usageTrace } from 'cometapi-otel';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { writeExampleRecords } from '../../../scripts/example-records';
import type { CallRecord } from '../../../src/records/call-line/call-record';
import { contextOfLine } from '../../../src/records/call-line/parse-call-record';
import { draftIncidentTimeline } from '../../../src/records/incident-timeline/incident-timeline';
import { madeUpKey } from '../../records/sample-facts';
import { runCommand } from '../run-command';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();
const file = join(folder, 'records.jsonl');
const docs = 'https://apidoc.cometapi.com/api/text/chat@2026-11-20';
let calls: readonly CallRecord[];
let key: string;

beforeAll(async () => {
  key = await writeExampleRecords(file);
  calls = linesOf(file);
});

function linesOf(path: string): readonly CallRecord[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function call(at: number): CallRecord {
  const found = calls[at];
  if (found === undefined) {
    throw new Error(`no call ${at}`);
  }
  return found;
}

function fileOf(name: string, records: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return path;
}

describe('evidence trace', () => {
  test('prints the usage trace of all calls, with the annotations of the lines and the flags', async () => {
    const { exitCode, stdout, stderr } = await runCommand([
      ...[
        'evidence',
        'trace',
        '--from',
        file,
        '--docs',
        docs,
        '--note',
        'nightly summary',
        '--command',
        'npm run nightly',
      ],
      ...[
        '--agent',
        'codex',
        '--agent-version',
        '1.2.3',
        '--instructions-reviewed',
        'yes',
        '--model-verified-by',
        'account',
      ],
      ...['--changed-file', 'src/summary.ts'],
    ]);
    const { annotations, source } = contextOfLine(call(0));
    const expected = usageTrace(
      calls.map(({ facts }) => facts),
      {
        ...annotations,
        docsChecked: [docs],
        notes: 'nightly summary',
        commandLabel: 'npm run nightly',
        agent: { surface: 'codex', version: '1.2.3' },
        instructionsReviewed: true,
        modelVerifiedBy: 'account',
        changedFiles: ['src/summary.ts'],
      },
      { source },
    );
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout.split('\n')[0]).toBe('# simulator: these calls went to the local simulator, not to CometAPI');
    expect(parse(stdout)).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  test.each([
    ['one failed call: fail', [0, 2], 1],
    ['one call that needs a review: needs follow-up', [0, 4], 2],
    ['only successful calls: pass', [0, 1], 0],
  ])('exits with the result of the worst call: %s', async (_name, chosen, exitCode) => {
    const flags = chosen.flatMap((at) => ['--call', call(at).facts.callId]);
    expect((await runCommand(['evidence', 'trace', '--from', file, ...flags])).exitCode).toBe(exitCode);
  });

  test('never reports a simulator call as CometAPI; a pass for CometAPI needs documentation and a scan', async () => {
    const { facts, environment } = call(0);
    const real = fileOf('real.jsonl', [
      { ...call(0), environment: { ...environment, upstream: 'cometapi' }, facts: { ...facts, upstream: 'cometapi' } },
    ]);
    const result = async (flags: readonly string[], known = true): Promise<readonly [number, string]> => {
      const { exitCode, stdout } = await runCommand(['evidence', 'trace', '--json', ...flags], {
        environment: { COMETAPI_API_KEY: known ? key : undefined },
      });
      const { result_class: resultClass, redaction_check: check, environment: made } = JSON.parse(stdout);
      return [exitCode, `${resultClass}, ${check}, ${made.upstream}`];
    };
    expect(await result(['--from', real, '--docs', docs])).toEqual([0, 'pass, value_scan, cometapi']);
    expect(await result(['--from', real])).toEqual([2, 'needs_follow_up, value_scan, cometapi']);
    expect(await result(['--from', real, '--docs', docs], false)).toEqual([
      2,
      'needs_follow_up, not_checked, cometapi',
    ]);
    expect(await result(['--from', real, '--from', file, '--run', 'nightly-42', '--docs', docs])).toEqual([
      1,
      'fail, value_scan, simulator',
    ]);
  });

  test('passes if a call fails as --expect-error says', async () => {
    const { callId } = call(2).facts;
    const { exitCode, stdout } = await runCommand([
      ...['evidence', 'trace', '--json', '--contract-check', '--from', file],
      ...['--call', call(0).facts.callId, '--call', callId, '--expect-error', `${callId}=auth_rejected`],
    ]);
    const trace = JSON.parse(stdout);
    expect([exitCode, trace.request_family, trace.result_class, trace.calls[1].expected_error]).toEqual([
      0,
      'chat-contract-check',
      'pass',
      'auth_rejected',
    ]);
  });

  test('reads the documentation pages from COMETAPI_DOCS_CHECKED without --docs', async () => {
    const environment = {
      COMETAPI_DOCS_CHECKED: `${docs}, https://apidoc.cometapi.com/@2026-11-19`,
      COMETAPI_RECORD_FILE: file,
    };
    const { stdout } = await runCommand(['evidence', 'trace', '--json'], { environment });
    expect(JSON.parse(stdout).sources).toEqual([
      { url: 'https://apidoc.cometapi.com/api/text/chat', accessed_on: '2026-11-20' },
      { url: 'https://apidoc.cometapi.com/', accessed_on: '2026-11-19' },
    ]);
  });

  test('omits annotations that are not the same in all lines', async () => {
    const mixed = fileOf('mixed.jsonl', [call(0), { ...call(1), workflow: 'other', run_id: null }]);
    const { stdout } = await runCommand(['evidence', 'trace', '--json', '--from', mixed]);
    const { workflow, run_id: runId, environment } = JSON.parse(stdout);
    expect([workflow, runId, environment.name]).toEqual([null, null, 'ci']);
  });

  test('counts a call in two files once', async () => {
    const { stdout } = await runCommand(['evidence', 'trace', '--json', '--from', file, '--from', file]);
    expect(JSON.parse(stdout).call_ids).toEqual(calls.map(({ facts }) => facts.callId));
  });

  test('refuses more than 1,000 calls', async () => {
    const many = fileOf(
      'many.jsonl',
      Array.from({ length: 1_001 }, (_, at) => ({ ...call(0), facts: { ...call(0).facts, callId: `call-${at}` } })),
    );
    const { exitCode, stdout, stderr } = await runCommand(['evidence', 'trace', '--from', many]);
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      '',
      'cometapi-otel: More than 1,000 calls match, and a record contains at most 1,000. Narrow the selection with --run, --window or --call, or count the calls with records stats.\n',
    ]);
  });
});

describe('evidence retry', () => {
  test('prints one document for each retried call', async () => {
    const { exitCode, stdout } = await runCommand(['evidence', 'retry', '--from', file, '--note', 'healed']);
    const documents = parseAllDocuments(stdout).map((document) => document.toJS());
    const expected = [call(1), call(4)].map((record) => {
      const { annotations, source } = contextOfLine(record);
      return retryEvidence(record.facts, { ...annotations, notes: 'healed' }, { source });
    });
    expect(exitCode).toBe(1);
    expect(documents).toEqual(JSON.parse(JSON.stringify(expected)));
    const { stdout: json } = await runCommand(['evidence', 'retry', '--json', '--from', file, '--note', 'healed']);
    expect(JSON.parse(json)).toEqual({ retry_evidence: documents });
  });

  test('has the fields, values and quoting of its template', async () => {
    const { exitCode, stdout } = await runCommand(
      ['evidence', 'retry', '--from', file, '--call', call(1).facts.callId, '--docs', docs, '--note', 'short note'],
      { environment: { COMETAPI_API_KEY: key } },
    );
    const template = [
      'run_id: "nightly-42"',
      'endpoint_family: "cometapi-text-responses"',
      'docs_checked: "https://apidoc.cometapi.com/api/text/chat"',
      'attempt_count: "3"',
      'first_attempt_status: "503"',
      'retry_status: "200"',
      'error_category: "none"',
      'secret_redaction_checked: "yes"',
      'full_response_stored: "no"',
      'operator_result: "pass"',
      'operator_note: "short note"',
    ];
    expect(stdout.split('\n').filter((line) => template.includes(line))).toEqual(template);
    // The two failed attempts differ, so a person must review the call although it succeeded.
    expect([exitCode, parse(stdout).escalate]).toEqual([2, ['attempts_ended_differently']]);
  });

  test.each([
    [[], 1],
    [['--operator-result', 'fail'], 1],
    [['--operator-result', 'pass'], 0],
  ])('takes the result of the operator: %j', async (flags, exitCode) => {
    const result = await runCommand(['evidence', 'retry', '--from', file, '--last-failure', ...flags], {
      environment: { COMETAPI_API_KEY: key },
    });
    expect(result.exitCode).toBe(exitCode);
  });

  test('records the GitHub Actions run, and appends the page to the step summary', async () => {
    const summary = join(folder, 'summary.md');
    writeFileSync(summary, 'before\n\n');
    const { stdout } = await runCommand(['evidence', 'retry', '--json', '--from', file, '--last-failure'], {
      environment: {
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_WORKFLOW: 'Publish | nightly',
        GITHUB_JOB: 'check',
        GITHUB_ACTION: '__run_2',
        GITHUB_RUN_ID: '42',
        GITHUB_TOKEN: madeUpKey(),
      },
    });
    expect(JSON.parse(stdout).ran_by).toEqual({
      kind: 'ci',
      provider: 'github-actions',
      workflow: 'Publish | nightly',
      job: 'check',
      step: '__run_2',
      run_id: '42',
      command_label: null,
    });
    const [before, notice, title] = readFileSync(summary, 'utf8').split('\n\n');
    expect([before, notice, title]).toEqual([
      'before',
      '> **Simulator.** These calls went to the local simulator, not to CometAPI.',
      '# Retry evidence: fail',
    ]);
  });
});

describe('evidence timeline', () => {
  test('prints the timeline of the selected calls', async () => {
    const { exitCode, stdout } = await runCommand([
      ...[
        'evidence',
        'timeline',
        '--from',
        file,
        '--retried',
        '--incident-id',
        'INC-7',
        '--fallback-decision',
        'abort',
      ],
      '--json',
    ]);
    const chosen = [call(1), call(4)];
    const { annotations, source } = contextOfLine(call(1));
    const expected = draftIncidentTimeline(
      chosen.map(({ facts }) => facts),
      { ...annotations, incidentId: 'INC-7', fallbackDecision: 'abort' },
      { source },
    )('not_checked');
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, JSON.parse(JSON.stringify(expected))]);
  });
});

describe('--output', () => {
  test.each([
    ['trace.yaml', 'yaml'],
    ['trace.yml', 'yaml'],
    ['trace.json', 'json'],
    ['trace.md', 'markdown'],
    ['trace.txt', 'yaml'],
  ])('writes %s as %s with mode 0600', async (name, format) => {
    const path = join(folder, name);
    const written = await runCommand(['evidence', 'trace', '--from', file, '-o', path]);
    const printed = await runCommand(['evidence', 'trace', '--from', file, '--format', format]);
    expect(written).toEqual({ exitCode: 1, stdout: '', stderr: `Wrote ${path}.\n` });
    expect(readFileSync(path, 'utf8')).toBe(printed.stdout);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((entry) => entry.endsWith('.tmp'))).toEqual([]);
  });

  test('--json also prints the object', async () => {
    const path = join(folder, 'both.yaml');
    const { stdout, stderr } = await runCommand(['evidence', 'trace', '--from', file, '-o', path, '--json', '--quiet']);
    expect([parse(readFileSync(path, 'utf8')), stderr]).toEqual([JSON.parse(stdout), '']);
  });
});

describe('secrets and markup', () => {
  test('redacts keys in a note by value and by shape', async () => {
    const other = madeUpKey();
    const { stdout } = await runCommand(
      ['evidence', 'trace', '--json', '--from', file, '--note', `${key} and ${other} and me@example.com`],
      { environment: { COMETAPI_KEY: key } },
    );
    expect(JSON.parse(stdout).notes).toBe('[redacted] and [redacted] and [redacted]');
  });

  test('names the field and writes nothing if a line contains an active key', async () => {
    const { facts } = call(0);
    const planted = fileOf('planted.jsonl', [
      call(1),
      { ...call(0), facts: { ...facts, request: { ...facts.request, model: key } } },
    ]);
    const path = join(folder, 'never.yaml');
    const summary = join(folder, 'no-summary.md');
    for (const command of ['trace', 'timeline']) {
      const { exitCode, stdout, stderr } = await runCommand(['evidence', command, '--from', planted, '-o', path], {
        environment: { COMETAPI_API_KEY: key, GITHUB_STEP_SUMMARY: summary },
      });
      expect([exitCode, stdout, stderr.replaceAll(folder, '~')]).toEqual([
        1,
        '',
        'cometapi-otel: ~/planted.jsonl, line 2: facts.request.model may contain a secret. No record was created.\n',
      ]);
    }
    expect(readdirSync(folder)).not.toEqual(expect.arrayContaining(['never.yaml']));
    expect(readdirSync(folder)).not.toEqual(expect.arrayContaining(['no-summary.md']));
  });

  test('escapes Markdown and terminal sequences in a note', async () => {
    const note = '![x](https://example.com/x.png) <img src=x> | `code` \u001b[31mred\u202e www.example.com # title';
    const { stdout } = await runCommand(['evidence', 'trace', '--from', file, '--format', 'markdown', '--note', note], {
      isTTY: true,
    });
    expect(stdout.split('\n').find((line) => line.startsWith('**Note:**'))).toBe(
      '**Note:** \\!\\[x\\]\\(&#104;ttps://example.com/x.png\\) &lt;img src=x\\> \\| \\`code\\` \\[31mred &#119;ww.example.com \\# title',
    );
  });
});
