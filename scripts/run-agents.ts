import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSimulator, type Scenario, type Simulator, scenario } from 'cometapi-otel/testing';

/**
 * Installs real coding agents (about 700 MB) into a temporary folder and runs each through the local gateway against
 * the simulator. Tests a plain answer, a tool call, a failing upstream and a truncated stream. Does not run in CI.
 *
 * Without arguments, runs the agents that install fastest. `npm run test:agents -- opencode qwen claude` selects
 * others.
 */

const MODEL = 'acceptance-model';
const PROMPT = 'reply with OK';
const IN_THE_FILE = 'text that only this file contains';
const UNLESS_NAMED: readonly string[] = ['codex', 'pi', 'continue'];
/** Some agents retry without limit if the upstream always fails. */
const TIMEOUT_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'cometapi-otel-agents-'));
const cli = resolve('dist/cli.js');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Agent {
  readonly name: string;
  /** Runs the agent with `cometapi-otel run`, or with a separate local gateway. */
  readonly start: (home: string) => Promise<Ended>;
  readonly path: string;
  readonly package: string;
  /** The name and arguments of the tool that reads a file. */
  readonly tool: { readonly name: string; readonly arguments: (file: string) => object };
  /** The agent also requests a title for each prompt, in any order, and ignores tool calls in that answer. */
  readonly asksForTitle?: true;
}

const ENVIRONMENT = {
  PATH: `${join(folder, 'node_modules/.bin')}:${process.env['PATH']}`,
  CI: '1',
  NO_COLOR: '1',
  TERM: 'dumb',
  PI_OFFLINE: '1',
  PI_TELEMETRY: '0',
  CONTINUE_TELEMETRY_ENABLED: '0',
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  OPENCODE_DISABLE_MODELS_FETCH: '1',
  OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
};

function environmentOf(home: string): Record<string, string> {
  return {
    ...ENVIRONMENT,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
    COMETAPI_API_KEY: simulator.apiKey,
    COMETAPI_BASE_URL: simulator.baseURL,
  };
}

function start(
  command: string,
  words: readonly string[],
  environment: Record<string, string>,
  cwd: string,
): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(command, words, { env: environment, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const timer = setTimeout(() => child.kill('SIGTERM'), TIMEOUT_MS);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, stdout, stderr });
    });
  });
}

const behindRun =
  (words: readonly string[]) =>
  (home: string): Promise<Ended> => {
    const records = ['--record-file', join(home, 'records.jsonl')];
    return start(
      process.execPath,
      [cli, 'run', ...records, '--model', MODEL, '--', ...words],
      environmentOf(home),
      workOf(home),
    );
  };

/** `run` has no recipe for Continue. `run --print-env` starts the local gateway and prints the variables to set. */
async function continueBehindGateway(home: string): Promise<Ended> {
  const words = [cli, 'run', '--print-env', '--record-file', join(home, 'records.jsonl')];
  const gateway = spawn(process.execPath, words, { env: environmentOf(home), stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  await new Promise<void>((ready) => {
    gateway.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('COMETAPI_GATEWAY_TOKEN=')) {
        ready();
      }
    });
  });
  const setting = (name: string): string => new RegExp(`${name}=(\\S+)`).exec(printed)?.[1] ?? '';
  const config = join(home, 'config.yaml');
  writeFileSync(
    config,
    `name: gateway\nversion: 0.0.1\nschema: v1\nmodels:\n  - name: gateway\n    provider: openai\n    model: ${MODEL}\n    apiBase: ${setting('OPENAI_BASE_URL')}\n    apiKey: ${setting('OPENAI_API_KEY')}\n    roles: [chat, edit, apply]\n    capabilities: [tool_use]\n`,
  );
  const environment = { ...environmentOf(home), CONTINUE_GLOBAL_DIR: join(home, 'continue') };
  const ended = await start('cn', ['--config', config, '--auto', '-p', PROMPT], environment, workOf(home));
  const closed = new Promise((done) => gateway.once('exit', done));
  gateway.kill('SIGTERM');
  await closed;
  return ended;
}

const AGENTS: readonly Agent[] = [
  {
    name: 'codex',
    package: '@openai/codex@0.169.0',
    path: '/v1/responses',
    start: behindRun(['codex', 'exec', '--skip-git-repo-check', '--ephemeral', '-s', 'read-only', PROMPT]),
    tool: { name: 'exec_command', arguments: (file) => ({ cmd: `cat ${file}` }) },
  },
  {
    name: 'pi',
    package: '@mariozechner/pi-coding-agent@0.73.1',
    path: '/v1/chat/completions',
    start: behindRun(['pi', '--offline', '--no-session', '--mode', 'text', '-p', PROMPT]),
    tool: { name: 'read', arguments: (file) => ({ path: file }) },
  },
  {
    name: 'continue',
    package: '@continuedev/cli@1.5.47',
    path: '/v1/chat/completions',
    start: continueBehindGateway,
    tool: { name: 'Read', arguments: (file) => ({ filepath: file }) },
  },
  {
    name: 'opencode',
    package: 'opencode-ai@1.18.33',
    path: '/v1/chat/completions',
    start: behindRun(['opencode', 'run', PROMPT]),
    tool: { name: 'read', arguments: (file) => ({ filePath: file }) },
    asksForTitle: true,
  },
  {
    name: 'qwen',
    package: '@qwen-code/qwen-code@0.24.4',
    path: '/v1/chat/completions',
    start: behindRun(['qwen', '-y', '-p', PROMPT]),
    tool: { name: 'read_file', arguments: (file) => ({ file_path: file }) },
  },
  {
    name: 'claude',
    package: '@anthropic-ai/claude-code@2.1.330',
    path: '/v1/messages',
    start: behindRun(['claude', '-p', PROMPT]),
    tool: { name: 'Read', arguments: (file) => ({ file_path: file }) },
  },
];

const simulator: Simulator = createSimulator({ models: [MODEL] });
let failures = 0;

function check(what: string, containsSecret: boolean, detail = ''): void {
  console.log(`${containsSecret ? 'ok    ' : 'FAILED'} ${what}${containsSecret ? '' : ` ${detail}`}`);
  failures += containsSecret ? 0 : 1;
}

function workOf(home: string): string {
  const work = join(home, 'work');
  mkdirSync(work, { recursive: true });
  return work;
}

/** @param played a scenario, or a function that creates one for a file that the agent may read */
async function play(
  agent: Agent,
  what: string,
  played: Scenario | ((file: string) => Scenario),
): Promise<Ended & { readonly home: string }> {
  const home = mkdtempSync(join(folder, `${agent.name}-`));
  const file = join(workOf(home), 'notes.txt');
  writeFileSync(file, `${IN_THE_FILE}\n`);
  simulator.reset();
  simulator.use(typeof played === 'function' ? played(file) : played);
  const started = performance.now();
  const ended = await agent.start(home);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(
    `\n${agent.name}, ${what}: exit code ${ended.code}, ${simulator.requests.length} requests upstream, ${seconds} s`,
  );
  return { ...ended, home };
}

function recordsOf(home: string): readonly Record<string, unknown>[] {
  const file = join(home, 'records.jsonl');
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
}

async function tryAgent(agent: Agent): Promise<void> {
  const plain = await play(agent, 'an answer', scenario.ok({ text: 'OK' }));
  check('it exits with 0 and prints OK', plain.code === 0 && plain.stdout.includes('OK'), plain.stderr.slice(-500));
  check(
    'its requests have the upstream key',
    simulator.requests.some(({ path }) => path.startsWith(agent.path)) &&
      simulator.requests.every(({ headers }) => headers['authorization'] === `Bearer ${simulator.apiKey}`),
  );
  const records = recordsOf(plain.home);
  const card = records.find(({ record }) => record === 'run_card');
  check(
    'a run card and a usage trace are recorded',
    card !== undefined && records.some(({ record }) => record === 'usage_trace'),
  );
  check(
    'the records contain no prompt and no key',
    !new RegExp(`${PROMPT}|${simulator.apiKey}`).test(JSON.stringify(records)),
  );
  check(
    'no temporary folder is left',
    readdirSync(tmpdir()).filter((name) => name.startsWith('cometapi-otel-run-')).length === 0,
  );

  const tool = await play(agent, 'a tool call', (file) => {
    const call = scenario.toolCalls({
      name: agent.tool.name,
      arguments: JSON.stringify(agent.tool.arguments(file)),
    });
    const calls = agent.asksForTitle ? [call, call] : [call];
    return scenario.sequence(...calls, scenario.ok({ text: 'OK' }));
  });
  check(
    'it sends the result of the tool and exits with 0',
    tool.code === 0 && simulator.requests.some(({ bodyText }) => bodyText.includes(IN_THE_FILE)),
    tool.stderr.slice(-500),
  );
  check('the records contain no text of that file', !JSON.stringify(recordsOf(tool.home)).includes(IN_THE_FILE));

  const failing = await play(agent, 'a 500 once', scenario.fail(500).times(1).then(scenario.ok));
  check('it receives the answer', failing.code === 0, failing.stderr.slice(-500));

  const always = await play(agent, 'a 500 always', scenario.fail(500));
  const calls = recordsOf(always.home).filter(({ record }) => record === 'call').length;
  const sent = simulator.requests.length;
  // The budget starts with one retry, so an agent that stops after few requests may have used all of it.
  const bound = Math.max(calls * 1.2, calls + 1);
  check(
    `${sent} requests upstream for ${calls} received: at most 1.2 times as many, or one more`,
    calls > 0 && sent <= bound,
  );

  await play(agent, 'a stream that is truncated once', scenario.cut({ afterEvents: 2 }).times(1).then(scenario.ok));
  check('it does not accept a truncated stream as an answer', simulator.requests.length >= 2);
}

try {
  await simulator.listen();
  const named = process.argv.slice(2);
  const wanted = AGENTS.filter(({ name }) => (named.length === 0 ? UNLESS_NAMED : named).includes(name));
  const packages = wanted.map((agent) => agent.package);
  console.log(`installing ${packages.join(', ')} …`);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  copyFileSync('.npmrc', join(folder, '.npmrc'));
  const npm = (...words: string[]): unknown =>
    execFileSync('npm', words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  npm('install', '--ignore-scripts', ...packages);
  // The install scripts of the agents install a binary. Scripts of their dependencies do not run.
  npm('rebuild', ...packages.map((name) => name.replace(/(?<=.)@.*$/, '')));
  for (const agent of wanted) {
    await tryAgent(agent);
  }
  console.log(failures === 0 ? '\nall agents passed' : `\n${failures} checks failed`);
} finally {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
