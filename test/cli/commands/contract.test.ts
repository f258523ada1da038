import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import CometAPI from 'cometapi-otel';
import { createSimulator, type RecordedRequest, type Scenario, type Simulator, scenario } from 'cometapi-otel/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { parseRecord } from '../../support/parse-record';
import { type CommandResult, runCommand } from '../run-command';
import { temporaryFolder } from '../temporary-folder';

const root = temporaryFolder();
const open = new Set<Simulator>();
afterEach(async () => {
  await Promise.all([...open].map((simulator) => simulator.close()));
  open.clear();
});

const CHAT = {
  id: 'chatcmpl-1',
  model: 'm',
  choices: [{ message: { role: 'assistant', content: 'OK' }, finish_reason: 'stop' }],
  usage: { total_tokens: 3 },
};
const ERROR = { error: { message: 'no', type: 'comet_api_error', param: null, code: '' } };

/** How the server differs from the contract. */
interface Behaviour {
  readonly answer?: object;
  readonly looksSensitive?: (
    request: RecordedRequest,
  ) => { readonly status: number; readonly body: object } | undefined;
}

/** The contract without the simulator: checks the key, the model and the type of `messages`. */
function keeps(request: RecordedRequest, key: string): { readonly status: number; readonly body: object } | undefined {
  if (request.headers['authorization'] !== `Bearer ${key}`) {
    return { status: 401, body: ERROR };
  }
  const { model, messages } = request.json as { model?: string; messages?: unknown };
  return model === undefined || !Array.isArray(messages)
    ? { status: 400, body: { error: { ...ERROR.error, code: 'invalid_request' } } }
    : undefined;
}

/** A scenario that keeps the contract except for `behaviour`. */
function behaving({ answer = CHAT, looksSensitive }: Behaviour, key: () => string): Scenario {
  const reply = (request: RecordedRequest) =>
    looksSensitive?.(request) ?? keeps(request, key()) ?? { status: 200, body: answer };
  // `respond` has a fixed status, so write the raw response.
  return scenario.raw((request: RecordedRequest) => {
    const { status, body } = reply(request);
    const text = JSON.stringify(body);
    return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`;
  });
}

/** A folder for a ledger, a server, and functions that run commands with both. */
async function service(behaviour: Behaviour = {}) {
  const folder = mkdtempSync(join(root, 'service-'));
  const gate = createSimulator({ scenario: behaving(behaviour, () => gate.apiKey) });
  open.add(gate);
  const { baseURL } = await gate.listen();
  const environment = { COMETAPI_API_KEY: gate.apiKey, COMETAPI_BASE_URL: baseURL };
  const ledger = join(folder, 'contract.json');
  const flags = ['--ledger', ledger, '--model', 'some-model', '--environment', 'staging'];
  return {
    folder,
    ledger,
    gate,
    baseURL,
    behave: (next: Behaviour) => gate.use(behaving(next, () => gate.apiKey)),
    declare: (value: object) => writeFileSync(join(folder, 'contract.declared.json'), JSON.stringify(value)),
    run: (command: 'check' | 'diff', ...words: readonly string[]): Promise<CommandResult> =>
      runCommand(['contract', command, ...flags, ...words], { environment }),
    read: () => parseRecord('contract_ledger', JSON.parse(readFileSync(ledger, 'utf8'))),
  };
}

const ANNOTATIONS = {
  business_owner: 'Support',
  technical_owner: 'Platform',
  operator_initials: 'AB',
  endpoints: [
    {
      route: '/v1/chat/completions',
      endpoint_purpose: 'Summaries',
      documentation_source: ['https://apidoc.cometapi.com/api/text/chat@2026-11-20'],
      parsed_response_fields: ['choices[].message.content', 'usage.total_tokens'],
      optional_response_fields: ['usage.total_tokens'],
    },
  ],
};

const LINE = (ledger: string): string =>
  `cometapi-otel: ${ledger} was recorded against cometapi, but the current target is simulator. Pass another --ledger, or change the target with COMETAPI_BASE_URL or --simulate.\n`;

describe('contract check', () => {
  test('sends the documented minimum and five negative checks with request ids, and writes the ledger', async () => {
    const { gate, declare, run, read, ledger, folder } = await service();
    declare(ANNOTATIONS);
    const { exitCode, stdout, stderr } = await run('check');
    expect(exitCode).toBe(0);
    expect(gate.requests.map(({ headers }) => headers['x-request-id'])).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => `doc-contract-check-2026-11-21-00${number}`),
    );
    expect(gate.requests[0]?.json).toEqual({
      model: 'some-model',
      messages: [
        { role: 'system', content: 'Reply with only OK.' },
        { role: 'user', content: 'documentation contract validation' },
      ],
      max_tokens: 8,
    });
    expect(
      gate.requests.map(({ headers, json }) => [headers['authorization']?.slice(0, 12), Object.keys(json as object)]),
    ).toEqual([
      [expect.stringMatching(/^Bearer sk-/), ['model', 'messages', 'max_tokens']],
      [undefined, ['model', 'messages', 'max_tokens']],
      ['Bearer inval', ['model', 'messages', 'max_tokens']],
      [expect.stringMatching(/^Bearer sk-/), ['messages', 'max_tokens']],
      [expect.stringMatching(/^Bearer sk-/), ['model', 'messages', 'max_tokens']],
      [expect.stringMatching(/^Bearer sk-/), ['model', 'messages', 'max_tokens']],
    ]);
    const record = read();
    expect(record.endpoints[0]).toMatchObject({
      endpoint_purpose: 'Summaries',
      method_and_path: 'POST /v1/chat/completions',
      last_manual_validation: { environment: 'staging', operator_initials: 'AB' },
      positive_check: { outcome: 'passed', parsed_fields: [{ found: 'present' }, { found: 'present' }] },
      disagreements: [],
      result_class: 'pass',
    });
    expect(
      record.endpoints[0]?.error_cases_tested.map(({ check, outcome, status }) => `${check} ${outcome} ${status}`),
    ).toEqual([
      'missing_auth refused_as_expected 401',
      'invalid_auth refused_as_expected 401',
      'missing_required_field refused_as_expected 400',
      'invalid_type refused_as_expected 400',
      'unsupported_value accepted 200',
    ]);
    expect(stdout).toBe(readFileSync(join(folder, 'contract.md'), 'utf8'));
    expect(stderr).toContain('-H "X-Request-ID: doc-contract-check-2026-11-21-001"');
    expect(stderr).toContain('Bearer $' + '{COMETAPI_API_KEY}');
    expect(stderr).toContain('Sending up to 6 requests, each once (retries are off)');
    expect(statSync(ledger).mode & 0o777).toBe(0o644);
    for (const text of [stdout, stderr, readFileSync(ledger, 'utf8')]) {
      expect(text).not.toContain(gate.apiKey);
      expect(text).not.toContain('some-model');
    }
    expect(JSON.parse(readFileSync(join(folder, 'contract.declared.json'), 'utf8'))).toEqual(ANNOTATIONS);
    expect(readFileSync(ledger, 'utf8').split('\n')[0]).toContain('"upstream":"simulator"');
  });

  test('sends an oversize payload only with --oversize', async () => {
    const { gate, run, read, behave } = await service();
    behave({ looksSensitive: ({ body }) => (body.length > 5_000 ? { status: 413, body: ERROR } : undefined) });
    await run('check', '--oversize', '6000');
    expect(gate.requests).toHaveLength(7);
    expect(read().endpoints[0]?.error_cases_tested.at(-1)).toMatchObject({
      check: 'oversize_payload',
      outcome: 'refused_as_expected',
      status: '413',
    });
  });

  test('exits with 2 and writes a packet if documentation and live behaviour disagree', async () => {
    const { run, behave, folder, declare } = await service();
    declare(ANNOTATIONS);
    behave({ answer: { ...CHAT, choices: [{ message: { content_text: 'OK' } }] }, looksSensitive: () => undefined });
    const { exitCode, stdout, stderr } = await run('check', '--packet', join(folder, 'question'));
    expect(exitCode).toBe(2);
    expect(stdout).toContain('- minimum payload: parsed field missing, `choices[].message.content`');
    expect(stderr).toContain(`Wrote ${folder}/question.md, ${folder}/question.yaml, ${folder}/question.json.`);
    const packet = parseRecord('incident_packet', JSON.parse(readFileSync(join(folder, 'question.json'), 'utf8')));
    expect(packet).toMatchObject({
      workflow_name: 'contract check of POST /v1/chat/completions',
      symptom:
        'Documentation, ledger and live behaviour do not agree: minimum payload parsed field missing choices[].message.content.',
      request_body_summary: 'harmless-test-payload-only',
      status_code_class: '2xx',
      retry_behavior: 'disabled',
      evidence_gaps: ['trace_id_missing'],
    });
  });

  test.each([
    ['a refused key', { status: 401, body: ERROR }, 1],
    ['an outage', { status: 503, body: ERROR }, 2],
  ])('%s: sends no negative checks and keeps the old ledger', async (_name, refusal, exit) => {
    const { run, behave, gate, ledger } = await service();
    expect((await run('check')).exitCode).toBe(0);
    const before = readFileSync(ledger, 'utf8');
    const sent = gate.requests.length;
    behave({ looksSensitive: () => refusal });
    const { exitCode, stderr } = await run('check');
    expect(exitCode).toBe(exit);
    expect(gate.requests.length - sent).toBe(1);
    expect(stderr).toContain(`the minimal request failed, so ${ledger} was not changed`);
    expect(readFileSync(ledger, 'utf8')).toBe(before);
  });

  test('adds a check of another endpoint to the ledger', async () => {
    const folder = mkdtempSync(join(root, 'two-'));
    const ledger = join(folder, 'contract.json');
    const check = (family: string) =>
      runCommand(['contract', 'check', '--simulate', '--ledger', ledger, '--family', family]);
    expect([(await check('chat')).exitCode, (await check('responses')).exitCode]).toEqual([0, 0]);
    const { endpoints } = parseRecord('contract_ledger', JSON.parse(readFileSync(ledger, 'utf8')));
    expect(endpoints.map((entry) => entry.method_and_path)).toEqual([
      'POST /v1/chat/completions',
      'POST /v1/responses',
    ]);
    const { exitCode, stdout } = await runCommand([
      'contract',
      'diff',
      '--simulate',
      '--ledger',
      ledger,
      '--family',
      'responses',
    ]);
    expect([exitCode, stdout.includes('No drift.')]).toEqual([0, true]);
  });

  test('a leak stops the check before the next request, without files', async () => {
    const { run, folder, gate, behave } = await service();
    behave({
      looksSensitive: (request) => {
        process.stderr.write(`${request.bodyText.slice(-80)}\n`);
        return undefined;
      },
    });
    const { exitCode, stderr } = await run('check');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('cometapi-otel: a canary was found in stderr.');
    // The documented minimum contains no canary. The first negative check does.
    expect(gate.requests).toHaveLength(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('never replaces files that are not contract ledgers', async () => {
    const { run, ledger, folder, gate } = await service();
    writeFileSync(ledger, '{"mine": true}');
    expect(await run('check')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `cometapi-otel: ${ledger} is not a contract ledger of this version. It was not changed. Pass another --ledger.\n`,
    });
    expect(gate.requests).toHaveLength(0);
    writeFileSync(join(folder, 'other.md'), '# Our handbook\n');
    const other = await runCommand([
      'contract',
      'check',
      '--simulate',
      '--ledger',
      join(folder, 'other.json'),
      '--quiet',
    ]);
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('other.md is not the page of a contract ledger. It was not changed.');
    expect(readdirSync(folder).sort()).toEqual(['contract.json', 'other.md']);
  });

  test('prints one line and writes nothing if the folder is missing or the page is a directory', async () => {
    const { folder, gate, run } = await service();
    const missing = join(folder, 'none', 'contract.json');
    const nowhere = await runCommand(['contract', 'check', '--simulate', '--ledger', missing]);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      1,
      `cometapi-otel: ${join(folder, 'none')} is not a directory. Create it first. Nothing was sent.\n`,
    ]);
    mkdirSync(join(folder, 'contract.md'));
    const { exitCode, stderr } = await run('check', '--quiet');
    expect([exitCode, stderr]).toEqual([
      1,
      `cometapi-otel: ${join(folder, 'contract.md')} is not a regular file. It was not changed. Pass another --ledger.\n`,
    ]);
    expect(gate.requests).toHaveLength(6);
    expect(readdirSync(folder)).toEqual(['contract.md']);
  });

  test('does not replace or compare a ledger of another upstream', async () => {
    const { ledger, run, read } = await service();
    await run('check');
    // Changes the ledger as if it were recorded against CometAPI.
    const real = JSON.stringify({ ...read(), environment: { ...read().environment, upstream: 'cometapi' } });
    writeFileSync(ledger, real);
    const simulated = await runCommand(['contract', 'check', '--simulate', '--ledger', ledger]);
    expect([simulated.exitCode, simulated.stderr]).toEqual([64, LINE(ledger)]);
    const compared = await runCommand(['contract', 'diff', '--simulate', '--ledger', ledger]);
    expect([compared.exitCode, compared.stderr]).toEqual([64, LINE(ledger)]);
    // The upstream is known only after the response.
    const answered = await run('check');
    expect([answered.exitCode, answered.stderr.endsWith(LINE(ledger))]).toEqual([64, true]);
    expect(readFileSync(ledger, 'utf8')).toBe(real);
  });

  test.each([
    ['{', 'is not JSON. Correct the file.'],
    [
      '{"endpoints":[{"route":"/api/text/chat"}]}',
      'endpoints.0.route is invalid (invalid_value). Use one of the routes /v1/chat/completions, /v1/responses. A path such as /api/text/… is a documentation page.',
    ],
    ['{"a prompt of somebody":1}', 'the file is invalid (unrecognized_keys).'],
    [
      '{"endpoints":[{"route":"/v1/responses","parsed_response_fields":["a prompt of somebody"]}]}',
      'a value is invalid. Write fields as paths (choices[].message.content), pages as URL@YYYY-MM-DD, and no secrets.',
    ],
  ])('reports the place of an error in the declared file, never the content: %s', async (content, line) => {
    const { folder, run, gate } = await service();
    writeFileSync(join(folder, 'contract.declared.json'), content);
    const { exitCode, stderr } = await run('check');
    expect(exitCode).toBe(1);
    expect(stderr.replace(`${folder}/contract.declared.json`, '').replace(/^cometapi-otel: :? ?/, '')).toBe(
      `${line}\n`,
    );
    expect(gate.requests).toHaveLength(0);
  });
});

describe('contract diff', () => {
  async function diffed(behaviour: Behaviour, ...words: readonly string[]) {
    const made = await service();
    made.declare(ANNOTATIONS);
    await made.run('check');
    made.behave(behaviour);
    const before = readFileSync(made.ledger, 'utf8');
    const { exitCode, stdout } = await made.run('diff', '--json', ...words);
    // contract diff does not change the ledger.
    expect(readFileSync(made.ledger, 'utf8')).toBe(before);
    const { drift, triggers, release_checklist: checklist, result_class: result } = JSON.parse(stdout);
    const signs = drift.map(({ kind, check, path }: Record<string, string>) => `${kind} ${check} ${path}`);
    return { exitCode, signs, triggers, checklist, result };
  }

  test('exits with 0 without drift, and prints the release checklist', async () => {
    expect(await diffed({})).toEqual({
      exitCode: 0,
      signs: [],
      triggers: [],
      checklist: [
        'new_endpoint',
        'changed_request_fields',
        'changed_retry_or_timeout',
        'staging_to_production',
        'changed_account_credential_or_environment',
        'incident',
      ],
      result: 'pass',
    });
  });

  test.each([
    ['a field appeared', { answer: { ...CHAT, provider: 'x' } }, ['field_appeared minimum_payload provider']],
    ['a field vanished', { answer: { ...CHAT, id: undefined } }, ['field_vanished minimum_payload id']],
    [
      'a type changed',
      { answer: { ...CHAT, usage: { total_tokens: '3' } } },
      ['type_changed minimum_payload usage.total_tokens'],
    ],
    [
      'an error has another shape',
      {
        looksSensitive: (request: RecordedRequest) =>
          request.headers['authorization'] === undefined ? { status: 401, body: { message: 'no' } } : undefined,
      },
      ['error_shape_changed missing_auth error', 'error_shape_changed missing_auth message'],
    ],
    [
      'a negative check is accepted',
      {
        looksSensitive: (request: RecordedRequest) =>
          request.headers['authorization']?.includes('invalid') ? { status: 200, body: CHAT } : undefined,
      },
      ['mistake_no_longer_refused invalid_auth null', 'docs_and_behavior_disagree invalid_auth null'],
    ],
  ])('%s: exits with 2', async (_name, behaviour, signs) => {
    expect(await diffed(behaviour as Behaviour)).toMatchObject({ exitCode: 2, signs, result: 'needs_follow_up' });
  });

  test('--max-age reports documentation that was read too long ago', async () => {
    expect(await diffed({}, '--max-age', '30')).toMatchObject({ exitCode: 0, signs: [] });
    expect(await diffed({}, '--max-age', '0')).toMatchObject({
      exitCode: 2,
      signs: ['documentation_outdated null null'],
    });
  });

  test('exits with 1 for a rejected key, which is not drift', async () => {
    expect(await diffed({ looksSensitive: () => ({ status: 401, body: ERROR }) })).toMatchObject({
      exitCode: 1,
      result: 'fail',
    });
  });

  test('--packet describes the drift', async () => {
    const made = await service();
    await made.run('check');
    made.behave({ answer: { ...CHAT, provider: 'x' } });
    const { exitCode } = await made.run('diff', '--packet', made.folder);
    expect(exitCode).toBe(2);
    const [name = ''] = readdirSync(made.folder).filter((file) => /^contract-\d.*json$/.test(file));
    expect(JSON.parse(readFileSync(join(made.folder, name), 'utf8'))).toMatchObject({
      symptom: 'Documentation, ledger and live behaviour do not agree: minimum payload field appeared provider.',
    });
  });

  test('--offline compares records, parsed fields and dates, and sends nothing', async () => {
    const { folder, ledger, run, declare, gate, baseURL } = await service();
    declare(ANNOTATIONS);
    await run('check');
    const sent = gate.requests.length;
    const recordFile = join(folder, 'records.jsonl');
    const [endpoint] = ANNOTATIONS.endpoints;
    declare({
      ...ANNOTATIONS,
      endpoints: [{ ...endpoint, parsed_response_fields: ['choices[].message.content', 'id'] }],
    });
    const client = new CometAPI({
      apiKey: gate.apiKey,
      baseURL,
      recordFile,
      environment: 'production',
      maxRetries: 4,
      logLevel: 'off',
    });
    await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'x' }], temperature: 0 });
    const { exitCode, stdout } = await runCommand([
      ...['contract', 'diff', '--json', '--offline', '--ledger', ledger, '--max-age', '0', '--from', recordFile],
    ]);
    expect(exitCode).toBe(2);
    expect(gate.requests.length).toBe(sent + 1);
    const { drift, triggers } = JSON.parse(stdout);
    expect(drift.map(({ kind }: { kind: string }) => kind)).toEqual(['documentation_outdated']);
    expect(triggers.map(({ trigger, what }: Record<string, string>) => `${trigger}: ${what}`)).toEqual([
      'newly_parsed_field: /v1/chat/completions id',
      'changed_request_fields: /v1/chat/completions temperature',
      'changed_retry_or_timeout: max_attempts changed from 3 to 5',
      'staging_to_production: new environment production',
    ]);
  });

  test('uses the records of the check as the baseline', async () => {
    const { folder, ledger, run, gate, baseURL } = await service();
    const recordFile = join(folder, 'records.jsonl');
    const client = new CometAPI({
      apiKey: gate.apiKey,
      baseURL,
      recordFile,
      environment: 'ci',
      maxRetries: 4,
      logLevel: 'off',
    });
    await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'x' }], temperature: 0 });
    await run('check', '--from', recordFile);
    const { exitCode, stdout } = await runCommand([
      'contract',
      'diff',
      '--offline',
      '--ledger',
      ledger,
      '--from',
      recordFile,
    ]);
    expect([exitCode, stdout.includes('No drift.')]).toEqual([0, true]);
  });

  test('fails if the ledger does not exist', async () => {
    const { ledger, run } = await service();
    expect(await run('diff')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `cometapi-otel: ${ledger} does not exist. Create it with contract check, and commit it.\n`,
    });
  });
});

describe('contract show', () => {
  test('prints the page, the record or a template of the declared file', async () => {
    const { ledger, run, folder, declare } = await service();
    const { stdout: page } = await run('check');
    expect((await runCommand(['contract', 'show', '--ledger', ledger])).stdout).toBe(page);
    const json = await runCommand(['contract', 'show', '--json', '--ledger', ledger]);
    expect(parseRecord('contract_ledger', JSON.parse(json.stdout)).record).toBe('contract_ledger');
    const template = await runCommand(['contract', 'show', '--template']);
    declare(JSON.parse(template.stdout));
    expect((await run('check')).exitCode).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['contract.declared.json', 'contract.json', 'contract.md']);
  });

  test('does not print a ledger that contains the key', async () => {
    const { ledger, run, read, gate } = await service();
    await run('check');
    writeFileSync(ledger, JSON.stringify({ ...read(), run_id: gate.apiKey }));
    const { exitCode, stdout, stderr } = await runCommand(['contract', 'show', '--ledger', ledger], {
      environment: { COMETAPI_API_KEY: gate.apiKey },
    });
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      '',
      'cometapi-otel: The record may contain a secret in run_id. Nothing was written.\n',
    ]);
  });
});
