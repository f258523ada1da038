import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator, scenario } from 'cometapi-otel/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundleCli, type CliProcess, startCli } from '../cli-process';

bundleCli();

let simulator: Simulator;
let folder: string;

beforeEach(async () => {
  simulator = createSimulator();
  await simulator.listen();
  folder = mkdtempSync(join(tmpdir(), 'gateway-run-'));
  mkdirSync(join(folder, 'tmp'));
  symlinkSync(process.execPath, join(folder, 'node'));
});
afterEach(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

/**
 * Installs a script as the agent. It reads its settings as the real agent does.
 *
 * The script finds Node through `PATH`, because the first line of a script cannot contain a path with a space.
 */
function installAgent(name: string, script: string): void {
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!/usr/bin/env node
const words = process.argv.slice(2);
const override = (key) => words.find((word) => word.startsWith(key + '='))?.slice(key.length + 1).replaceAll('"', '');
const baseURL = override('model_providers.cometapi.base_url') ?? process.env.OPENAI_BASE_URL;
const ask = (body, headers = {}) =>
  fetch(baseURL + '/chat/completions', {
    method: 'POST',
    headers: { authorization: 'Bearer ' + process.env.COMETAPI_GATEWAY_TOKEN, 'content-type': 'application/json', 'user-agent': 'codex_exec/0.169.0', ...headers },
    body: JSON.stringify({ model: 'simulated-model', messages: [{ role: 'user', content: 'synthetic' }], ...body }),
  });
(async () => { ${script} })();
`,
  );
  chmodSync(path, 0o755);
}

function run(words: readonly string[], more: Readonly<Record<string, string>> = {}, detached = false): CliProcess {
  return startCli(['run', ...words], {
    environment: {
      PATH: `${folder}:${process.env['PATH']}`,
      HOME: folder,
      TMPDIR: join(folder, 'tmp'),
      XDG_STATE_HOME: join(folder, 'state'),
      COMETAPI_API_KEY: simulator.apiKey,
      COMETAPI_BASE_URL: simulator.baseURL,
      ...more,
    },
    detached,
  });
}

const records = (file: string): readonly Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const temporary = (): readonly string[] =>
  readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('cometapi'));

describe('cometapi-otel run', () => {
  test('runs the agent without the key, returns its exit code, and writes its records', async () => {
    installAgent(
      'codex',
      `const answer = await ask({});
      console.log(JSON.stringify({ status: answer.status, words, key: process.env.COMETAPI_API_KEY ?? null, base: process.env.COMETAPI_BASE_URL ?? null, mine: process.env.MINE }));
      process.exitCode = 7;`,
    );
    const cli = run(['--note', 'tried', '--', 'codex', 'exec', 'a prompt; with $words'], { MINE: 'kept' });
    expect(await cli.ended).toEqual({ code: 7, signal: null });
    const told = JSON.parse(cli.stdout());
    expect(told).toMatchObject({ status: 200, key: null, base: null, mine: 'kept' });
    expect(told.words.slice(-2)).toEqual(['exec', 'a prompt; with $words']);
    expect(told.words).toContainEqual(
      expect.stringMatching(/^model_providers\.cometapi\.base_url="http:\/\/127\.0\.0\.1:\d+\/v1"$/),
    );
    expect(simulator.requests).toHaveLength(1);

    const [file = ''] = readdirSync(join(folder, 'state/cometapi-otel/runs'));
    const lines = records(join(folder, 'state/cometapi-otel/runs', file));
    expect(lines.map(({ record }) => record)).toEqual(['call', 'run_card', 'usage_trace']);
    expect(lines[2]).toMatchObject({
      agent_surface: 'codex',
      agent_version: '0.169.0',
      wrapper_used: 'gateway',
      notes: 'tried',
    });
    expect(new Set(lines.map(({ run_id: runId }) => `${runId}.jsonl`))).toEqual(new Set([file]));
    expect(cli.stderr()).toMatch(/run agent-run-\d{8}-\d{4}-[0-9a-f]{4}: 1 request, 1 attempt upstream, pass\n/);
    expect(temporary()).toEqual([]);
  });

  test('writes a record of many calls to a separate file next to the record file', async () => {
    installAgent('codex', `for (let turn = 0; turn < 120; turn++) { await (await ask({})).text(); }`);
    const file = join(folder, 'records.jsonl');
    const cli = run(['--record-file', file, '--run-id', 'run-1', '--', 'codex']);
    expect(await cli.ended).toEqual({ code: 0, signal: null });
    expect(cli.stderr()).toContain('run run-1: 120 requests, 120 attempts upstream, pass\n');
    expect(records(file).map(({ record }) => record)).toEqual([
      ...Array.from({ length: 120 }, () => 'call'),
      'run_card',
    ]);
    const trace = JSON.parse(readFileSync(join(folder, 'run-1.usage-trace.json'), 'utf8'));
    expect(trace.calls).toHaveLength(120);
  });

  test('reports a change of model after a failure, unless --decision explains it', async () => {
    installAgent('codex', `await ask({}); await ask({ model: 'another-model' });`);
    simulator.use(scenario.fail(400).times(1));
    const file = join(folder, 'records.jsonl');
    await run(['--record-file', file, '--run-id', 'run-1', '--', 'codex']).ended;
    expect(records(file).find(({ record }) => record === 'run_card')).toMatchObject({
      reasons: ['unreviewed_fallback'],
    });
    simulator.use(scenario.fail(400).times(1));
    await run(['--record-file', file, '--run-id', 'run-2', '--decision', 'agreed in the ticket', '--', 'codex']).ended;
    expect(records(file).findLast(({ record }) => record === 'run_card')).toMatchObject({
      reasons: [],
      decision: 'agreed in the ticket',
    });
  });

  test('passes Ctrl-C to the agent, and removes the temporary files', async () => {
    installAgent(
      'pi',
      `process.on('SIGINT', () => process.exit(130)); setInterval(() => {}, 1000); console.log('ready ' + process.argv[3]);`,
    );
    const cli = run(['--model', 'simulated-model', '--', 'pi'], {}, true);
    await cli.seen('ready');
    const extension = cli.stdout().trim().replace('ready ', '');
    expect(existsSync(extension)).toBe(true);
    expect(temporary()).toHaveLength(1);
    process.kill(-(cli.child.pid ?? 0), 'SIGINT');
    expect(await cli.ended).toEqual({ code: 130, signal: null });
    expect(temporary()).toEqual([]);
  });

  test('passes SIGTERM to the agent, and returns the exit code that a shell would return', async () => {
    installAgent('codex', `setInterval(() => {}, 1000); console.log('ready');`);
    const cli = run(['--', 'codex']);
    await cli.seen('ready');
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toEqual({ code: 143, signal: null });
    expect(temporary()).toEqual([]);
  });

  test('does not start the agent if the smoke request fails', async () => {
    installAgent('codex', `console.log('started');`);
    simulator.use(scenario.fail(401));
    const cli = run(['--smoke-first', '--model', 'simulated-model', '--', 'codex']);
    expect(await cli.ended).toEqual({ code: 1, signal: null });
    expect(cli.stdout()).toBe('');
    expect(cli.stderr()).toContain('smoke: 401 auth_rejected. The agent was not started.');
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/v1/responses']);
  });

  test('sends the smoke request through the same gateway, in the same run as the agent', async () => {
    installAgent('codex', `await ask({}); console.log('started');`);
    const file = join(folder, 'records.jsonl');
    const cli = run(['--smoke-first', '--record-file', file, '--', 'codex', '-m', 'simulated-model']);
    expect(await cli.ended).toEqual({ code: 0, signal: null });
    expect(cli.stdout()).toBe('started\n');
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/v1/responses', '/v1/chat/completions']);
    expect(records(file).find(({ record }) => record === 'run_card')).toMatchObject({ request_count: 2 });
  });

  test('--print-env starts no agent, and serves until a signal', async () => {
    const cli = run(['--print-env']);
    await cli.seen('COMETAPI_GATEWAY_TOKEN=');
    const [, baseURL = ''] = /OPENAI_BASE_URL=(\S+)/.exec(cli.stdout()) ?? [];
    const [, token = ''] = /OPENAI_API_KEY=(\S+)/.exec(cli.stdout()) ?? [];
    const answer = await fetch(`${baseURL}/models`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    cli.child.kill('SIGINT');
    expect(await cli.ended).toEqual({ code: 130, signal: null });
  });

  test.each([
    [[], 64, 'run needs an agent after --'],
    [['--', 'vim'], 64, 'run does not know this agent. Known agents: codex, opencode, qwen, pi, claude'],
    [['--', 'opencode', 'run', 'x'], 64, 'run needs a model. Name it with --model'],
    [['--smoke-first', '--', 'codex', 'exec'], 64, 'run needs a model. Name it with --model'],
    [['--', 'codex'], 127, 'codex was not found'],
  ])('%j: exits with %i', async (words, exitCode, message) => {
    const cli = run(words, { PATH: folder });
    expect(await cli.ended).toEqual({ code: exitCode, signal: null });
    expect(cli.stderr()).toContain(message);
    expect(simulator.requests).toEqual([]);
  });
});
