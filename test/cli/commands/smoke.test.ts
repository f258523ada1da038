import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSimulator, type RecordedRequest, type Scenario, type Simulator, scenario } from 'cometapi-otel/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseRecord } from '../../support/parse-record';
import { runCommand } from '../run-command';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();
let simulator: Simulator | undefined;
afterEach(() => simulator?.close());

/** Starts a simulator on a real socket. Returns it with the environment that selects it. */
async function gateway(
  of: Scenario,
  options: object = {},
): Promise<{ readonly environment: Record<string, string>; readonly simulator: Simulator }> {
  simulator = createSimulator({ scenario: of, ...options });
  const { baseURL } = await simulator.listen();
  return { simulator, environment: { COMETAPI_API_KEY: simulator.apiKey, COMETAPI_BASE_URL: baseURL } };
}

const FLAGS = ['--family', 'chat', '--environment', 'ci', '--model', 'some-model'];

async function smokeJson(
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<{
  readonly exitCode: number;
  readonly stderr: string;
  readonly records: Record<string, Record<string, unknown>>;
}> {
  const { exitCode, stdout, stderr } = await runCommand(['smoke', '--json', ...words], { environment });
  return { exitCode, stderr, records: JSON.parse(stdout) };
}

describe('smoke', () => {
  test('--simulate sends a call and a deliberate failure, and creates three valid records', async () => {
    const { exitCode, stderr, records } = await smokeJson(['--simulate']);
    expect(exitCode).toBe(0);
    expect(Object.keys(records)).toEqual(['usage_trace', 'retry_evidence', 'run_card']);
    const trace = parseRecord('usage_trace', records['usage_trace']);
    const evidence = parseRecord('retry_evidence', records['retry_evidence']);
    const card = parseRecord('run_card', records['run_card']);
    expect(trace).toMatchObject({
      run_id: 'publisher-smoke-20261121-1200',
      request_family: 'chat-contract-check',
      credential_redacted: true,
      result_class: 'pass',
      failure_class: 'none',
      redaction_check: 'value_scan',
      environment: { upstream: 'simulator', name: 'local', settings: { max_attempts: 1 } },
    });
    expect(
      trace.calls.map(({ status, expected_error: expected, result_class: result }) => [status, expected, result]),
    ).toEqual([
      ['200', null, 'pass'],
      ['401', 'auth_rejected', 'pass'],
    ]);
    expect(evidence).toMatchObject({
      attempt_count: '1',
      first_attempt_status: '200',
      retry_status: 'not_retried',
      secret_redaction_checked: 'yes',
      full_response_stored: 'no',
      operator_result: 'pass',
    });
    expect(card).toMatchObject({ request_count: 2, leak_check: 'clean', result_class: 'pass', reasons: [] });
    expect(card.assertions.map(({ assertion, met }) => `${assertion}: ${met}`)).toEqual([
      'api_surface_reached: yes',
      'status_and_category_captured: yes',
      'trace_or_request_id_available: yes',
      'retries_disabled_or_bounded: yes',
      'attempt_count_recorded: yes',
      'endpoint_family_recorded: yes',
      'documentation_checked: not_stated',
      'timestamp_recorded: yes',
      'operator_note_recorded: not_stated',
      'intended_wrapper_used: yes',
      'no_content_in_any_sink: yes',
      'error_path_met_its_failure: yes',
    ]);
    expect(stderr.split('\n').map((line) => line.replace(/\d+ ms/, 'N ms'))).toEqual([
      'setup: simulator, cometapi-text-chat, environment local, no documentation page named',
      'sending 2 requests, each once (retries are off): a minimal call, then a call that must fail (auth)',
      'happy path: status 200, completed, 1 request, N ms',
      'error path: status 401, auth_rejected, 1 request, N ms',
      'result: pass',
      '',
    ]);
  });

  test('prints one YAML document per record, and each names the simulator in its first line', async () => {
    const { stdout } = await runCommand([
      'smoke',
      '--simulate',
      '--quiet',
      '--family',
      'responses',
      '--error-path',
      'shape',
    ]);
    const documents = parseAllDocuments(stdout).map((document) => document.toJSON());
    expect(documents.map(({ record }) => record)).toEqual(['usage_trace', 'retry_evidence', 'run_card']);
    expect(documents[0]).toMatchObject({ request_family: 'responses-contract-check' });
    expect(documents[0].calls[1]).toMatchObject({ status: '400', expected_error: 'invalid_request' });
    expect(stdout.split('---\n').every((text) => text.startsWith('# simulator'))).toBe(true);
  });

  test('sends the documented minimal body with a canary, first with the key, then with an invalid one', async () => {
    const { environment, simulator: gate } = await gateway(scenario.ok());
    expect((await smokeJson(FLAGS, environment)).exitCode).toBe(0);
    const [happy, failing, ...more] = gate.requests;
    expect(more).toEqual([]);
    expect(happy?.json).toEqual({
      model: 'some-model',
      messages: [
        { role: 'system', content: 'Reply with only OK.' },
        { role: 'user', content: expect.stringMatching(/^documentation contract validation canary-[0-9a-f]{24}$/) },
      ],
      max_tokens: 8,
    });
    expect(failing?.headers['authorization']).toMatch(/^Bearer invalid-credential-[0-9a-f]{24}$/);
    expect(failing?.headers['authorization']).not.toContain(gate.apiKey);
  });

  test.each([
    ['a refused key', scenario.fail(401), 1, 'fail', 'auth_rejected'],
    ['an outage, without a retry', scenario.fail(503), 2, 'needs_follow_up', 'operator_follow_up'],
    ['a page instead of an answer', scenario.html200(), 1, 'fail', 'contract_mismatch'],
    ['an error with 200', scenario.errorIn200(), 1, 'fail', 'unexpected_response'],
  ] as const)('%s stops the test before the deliberate failure', async (_name, of, exit, result, failure) => {
    const { environment, simulator: gate } = await gateway(of);
    const { exitCode, records } = await smokeJson(FLAGS, environment);
    expect(exitCode).toBe(exit);
    expect(records['usage_trace']).toMatchObject({ result_class: result, failure_class: failure });
    expect(records['run_card']).toMatchObject({ result_class: result, request_count: 1, attempt_count: 1 });
    expect(gate.requests).toHaveLength(1);
  });

  test('fails if the deliberate failure is accepted', async () => {
    const { environment } = await gateway(
      scenario.respond({ body: JSON.stringify({ choices: [], id: 'x', model: 'm' }) }),
    );
    const { exitCode, records } = await smokeJson(FLAGS, environment);
    expect(exitCode).toBe(1);
    expect(records['run_card']).toMatchObject({
      result_class: 'fail',
      failure_class: 'contract_mismatch',
      reasons: ['assertion_not_met'],
    });
  });

  test('records nothing from a server that echoes the key and the prompt', async () => {
    const { environment, simulator: gate } = await gateway(scenario.echo().then(scenario.echo({ status: 401 })));
    const { stdout, stderr } = await runCommand(['smoke', ...FLAGS, '--json'], { environment });
    const canaries = gate.requests.flatMap((request) => [
      /canary-[0-9a-f]+/.exec(request.bodyText)?.[0] ?? 'none',
      (request.headers['authorization'] ?? '').slice('Bearer '.length),
    ]);
    expect(canaries).toHaveLength(4);
    for (const canary of canaries) {
      expect(stdout + stderr).not.toContain(canary);
    }
  });

  test.each(['stdout', 'stderr'] as const)(
    'a canary in %s stops the run before the next request, without files, and names the sink',
    async (sink) => {
      const output = join(folder, `leaking-${sink}`);
      const recordFile = join(output, 'records.jsonl');
      mkdirSync(output);
      // Prints the request, as a debugging hook in this process could.
      const body = (request: RecordedRequest): string => {
        process[sink].write(`${Buffer.from(request.body).toString('base64')}\n`);
        return JSON.stringify({ id: 'x', model: 'm', choices: [] });
      };
      const { environment, simulator: gate } = await gateway(scenario.respond({ body }));
      const result = await runCommand(['smoke', ...FLAGS, '-o', output, '--record-file', recordFile], { environment });
      expect(result.exitCode).toBe(1);
      expect(result.stdout).toBe('');
      expect(result.stderr.split('\n').at(-2)).toBe(
        `cometapi-otel: a canary was found in ${sink}. The run stopped before any further request. Nothing was written.`,
      );
      expect(gate.requests).toHaveLength(1);
      expect(readdirSync(output)).toEqual([]);
    },
  );

  test('writes one file per record, and appends the call lines to the record file', async () => {
    const output = join(folder, 'evidence');
    const recordFile = join(folder, 'lines', 'records.jsonl');
    mkdirSync(output);
    const { exitCode, stdout } = await runCommand(['smoke', '--simulate', '-o', output, '--record-file', recordFile]);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(readdirSync(output)).toEqual([
      'publisher-smoke-20261121-1200.retry-evidence.yaml',
      'publisher-smoke-20261121-1200.run-card.yaml',
      'publisher-smoke-20261121-1200.usage-trace.yaml',
    ]);
    const lines = readFileSync(recordFile, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => parseRecord('call', JSON.parse(line)).run_id)).toEqual([
      'publisher-smoke-20261121-1200',
      'publisher-smoke-20261121-1200',
    ]);
  });

  test('prints one line for an output that cannot be written, and writes nothing else', async () => {
    const { environment, simulator: gate } = await gateway(scenario.ok());
    const missing = join(folder, 'none');
    expect(await runCommand(['smoke', ...FLAGS, '-o', missing], { environment })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `cometapi-otel: ${missing} is not a directory. Create it first. Nothing was sent.\n`,
    });
    expect(gate.requests).toHaveLength(0);
    const output = join(folder, 'kept-empty');
    mkdirSync(output);
    const recordFile = join(output, 'a-directory');
    mkdirSync(recordFile);
    const words = ['smoke', ...FLAGS, '--quiet', '-o', output, '--record-file', recordFile];
    const { exitCode, stdout, stderr } = await runCommand(words, { environment });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cometapi-otel: .*a-directory: The record file cannot be opened.*\n$/);
    expect(readdirSync(output)).toEqual(['a-directory']);
  });

  test('redacts every key in the environment, not only the key in use', async () => {
    const { environment } = await gateway(scenario.ok());
    const token = `token-of-mine-${'x9Z'.repeat(6)}`;
    const words = [...FLAGS, '--note', `see ${token}`];
    const { records } = await smokeJson(words, { ...environment, COMETAPI_GATEWAY_TOKEN: token });
    expect(records['usage_trace']?.['notes']).toBe('see [redacted]');
  });

  test('does not report a simulator as CometAPI, and names the GitHub Actions job', async () => {
    const summary = join(folder, 'summary.md');
    const { environment } = await gateway(scenario.ok());
    const { records } = await smokeJson([...FLAGS, '--docs', 'https://apidoc.cometapi.com/@2026-11-20'], {
      ...environment,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKFLOW: 'release',
      GITHUB_JOB: 'smoke',
      GITHUB_RUN_ID: '42',
    });
    expect(records['usage_trace']).toMatchObject({ environment: { upstream: 'simulator' } });
    expect(records['retry_evidence']).toMatchObject({
      docs_checked: 'https://apidoc.cometapi.com/',
      ran_by: { kind: 'ci', workflow: 'release', job: 'smoke', run_id: '42' },
    });
    expect(readFileSync(summary, 'utf8')).toContain('# Run card publisher-smoke-20261121-1200');
  });

  test.each([
    [
      ['smoke'],
      '--family, --environment, --model missing. Set the interface, the environment and the model, or use --simulate.',
    ],
    [['smoke', ...FLAGS], 'no API key. Set COMETAPI_API_KEY, or use --simulate, which needs no key.'],
    [
      ['smoke', '--simulate', '--environment', 'production'],
      '--environment production requires --approved-by. Name the person who approved the requests.',
    ],
    [['smoke', '--simulate', '--error-path', 'both'], '--error-path must be one of: auth, shape.'],
  ])('prints one line for a usage error and sends nothing: %j', async (words, line) => {
    expect(await runCommand(words)).toEqual({ exitCode: 64, stdout: '', stderr: `cometapi-otel: ${line}\n` });
  });

  test('reports invalid configuration without its value', async () => {
    const secret = 'http://user:somebody@gateway.example';
    const { exitCode, stderr } = await runCommand(['smoke', ...FLAGS], {
      environment: { COMETAPI_API_KEY: 'some-key-of-mine', COMETAPI_BASE_URL: secret },
    });
    expect(exitCode).toBe(64);
    expect(stderr).not.toContain('somebody');
    expect(stderr).toMatch(/^cometapi-otel: .+\n$/);
  });

  test('records the approval for production in the run card', async () => {
    const { environment } = await gateway(scenario.ok());
    const words = [
      '--family',
      'chat',
      '--environment',
      'production',
      '--model',
      'm',
      '--approved-by',
      'the service owner',
    ];
    expect((await smokeJson(words, environment)).records['run_card']).toMatchObject({
      approved_by: 'the service owner',
    });
  });
});
