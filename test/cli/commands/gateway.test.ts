import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator, scenario } from 'cometapi-otel/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CHAT, CHAT_STREAM } from '../../gateway/gateway-bench';
import { bundleCli, type CliProcess, startCli } from '../cli-process';

bundleCli();

let simulator: Simulator;
let folder: string;
let running: CliProcess | undefined;

beforeEach(async () => {
  simulator = createSimulator();
  await simulator.listen();
  folder = mkdtempSync(join(tmpdir(), 'gateway-cli-'));
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  running = undefined;
  await simulator.close();
  rmSync(folder, { recursive: true });
});

const environment = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  COMETAPI_API_KEY: simulator.apiKey,
  COMETAPI_BASE_URL: simulator.baseURL,
  ...more,
});

async function startGateway(
  words: readonly string[],
  more?: Readonly<Record<string, string>>,
): Promise<{ cli: CliProcess; baseURL: string }> {
  const cli = startCli(['gateway', ...words], { environment: environment(more) });
  running = cli;
  await cli.seen('/v1\n');
  return { cli, baseURL: /^listening (\S+)$/m.exec(cli.stdout())?.[1] ?? '' };
}

const chat = (baseURL: string, token: string, body: unknown = CHAT): Promise<Response> =>
  fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('cometapi-otel gateway', () => {
  test('prints its address and a new token once, and writes the records of the run at SIGTERM', async () => {
    const recordFile = join(folder, 'records.jsonl');
    const { cli, baseURL } = await startGateway([
      '--port',
      '0',
      '--record-file',
      recordFile,
      '--run-id',
      'run-1',
      '--note',
      'tried',
    ]);
    await cli.seen('ANTHROPIC_AUTH_TOKEN=');
    const token = /OPENAI_API_KEY=(\S+)/.exec(cli.stdout())?.[1] ?? '';
    expect(cli.stdout()).toBe(
      [
        `listening ${baseURL}`,
        `export OPENAI_BASE_URL=${baseURL}`,
        `export OPENAI_API_KEY=${token}`,
        `export ANTHROPIC_BASE_URL=${baseURL.replace(/\/v1$/, '')}`,
        `export ANTHROPIC_AUTH_TOKEN=${token}\n`,
      ].join('\n'),
    );
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect((await chat(baseURL, token)).status).toBe(200);
    await (await chat(baseURL, token, CHAT_STREAM)).text();

    cli.child.kill('SIGTERM');
    expect(await cli.ended).toEqual({ code: 143, signal: null });
    expect(cli.stderr()).toContain('run run-1: 2 requests, 2 attempts upstream, pass\n');
    expect(cli.stderr()).not.toContain(token);
    const lines = readFileSync(recordFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ record, run_id: runId }) => [record, runId])).toEqual([
      ['call', 'run-1'],
      ['call', 'run-1'],
      ['run_card', 'run-1'],
      ['usage_trace', 'run-1'],
    ]);
    expect(lines[2]).toMatchObject({
      request_count: 2,
      attempt_count: 2,
      result_class: 'pass',
      notes: 'tried',
      leak_check: 'clean',
    });
    expect(lines[3]).toMatchObject({ wrapper_used: 'gateway', redaction_check: 'value_scan' });
    expect(readFileSync(recordFile, 'utf8')).not.toContain(token);
    expect(statSync(recordFile).mode & 0o777).toBe(0o600);
  });

  test('creates a token file with mode 0600, reuses it, and does not print the token', async () => {
    const tokenFile = join(folder, 'token');
    const first = await startGateway(['--port', '0', '--token-file', tokenFile]);
    const token = readFileSync(tokenFile, 'utf8').trim();
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    expect((await chat(first.baseURL, token)).status).toBe(200);
    expect(first.cli.stdout()).toBe(`listening ${first.baseURL}\n`);
    first.cli.child.kill('SIGINT');
    expect(await first.cli.ended).toEqual({ code: 130, signal: null });

    const second = await startGateway(['--port', '0', '--token-file', tokenFile]);
    expect((await chat(second.baseURL, token)).status).toBe(200);
    expect((await chat(second.baseURL, 'another')).status).toBe(401);
  });

  test('reads all settings from environment variables', async () => {
    const recordFile = join(folder, 'records.jsonl');
    const token = `local-${folder.slice(-6)}`;
    simulator.use(scenario.fail(503, { retryAfterMs: 50 }));
    const { cli, baseURL } = await startGateway([], {
      COMETAPI_GATEWAY_TOKEN: token,
      COMETAPI_GATEWAY_PORT: '0',
      COMETAPI_GATEWAY_HOST: '::1',
      COMETAPI_GATEWAY_RECORD_FILE: recordFile,
      COMETAPI_GATEWAY_MAX_ATTEMPTS: '1',
      COMETAPI_GATEWAY_RUN_ID: 'run-2',
    });
    expect(baseURL).toMatch(/^http:\/\/\[::1\]:\d+\/v1$/);
    expect((await chat(baseURL, token)).status).toBe(503);
    expect(simulator.requests).toHaveLength(1);
    cli.child.kill('SIGTERM');
    await cli.ended;
    expect(JSON.parse(readFileSync(recordFile, 'utf8').split('\n', 1)[0] ?? '')).toMatchObject({ run_id: 'run-2' });
  });

  test('lets an open stream finish after SIGTERM, and accepts no new requests', async () => {
    simulator.use(scenario.ok({ chunks: 20, delayMs: 20 }));
    const { cli, baseURL } = await startGateway(['--port', '0', '--token', 'local-token-1']);
    const answer = await chat(baseURL, 'local-token-1', CHAT_STREAM);
    cli.child.kill('SIGTERM');
    expect(await answer.text()).toContain('data: [DONE]');
    expect(await cli.ended).toEqual({ code: 143, signal: null });
    await expect(chat(baseURL, 'local-token-1')).rejects.toThrow();
  });

  test('exports telemetry as the OTEL variables say, and flushes it before the process ends', async () => {
    const collector = await startCollector();
    const { cli, baseURL } = await startGateway(['--port', '0', '--token', 'local-token-1'], {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    await (await chat(baseURL, 'local-token-1', CHAT_STREAM)).text();
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toEqual({ code: 143, signal: null });
    const received = collector.received();
    collector.server.close();
    expect(received).toContain('"chat simulated-model"');
    expect(received).toContain('"POST /v1/chat/completions"');
    expect(received).toContain('"key":"service.name","value":{"stringValue":"cometapi-otel-gateway"}');
    expect(received).not.toContain('local-token-1');
    expect(received).not.toContain(simulator.apiKey.slice(3, 15));
  });

  test.each([
    [['--port', '0'], { COMETAPI_API_KEY: '' }, 64, 'A CometAPI API key is required'],
    [['--port', '0', '--host', '0.0.0.0'], {}, 64, 'The local gateway listens on loopback only'],
    [['--port', '0', '--token', 'short'], {}, 64, "The local gateway's token is invalid"],
    [['--port', '70000'], {}, 64, '--port must be a whole number'],
    [[], { COMETAPI_GATEWAY_PORT: 'x1234' }, 64, 'COMETAPI_GATEWAY_PORT must be a whole number'],
    [['--port', '0', '--token-file', '/dev/null/x'], {}, 1, '/dev/null/x could not be read'],
    [['--port', '0'], { COMETAPI_BASE_URL: 'http://example.com/v1' }, 64, 'COMETAPI_BASE_URL must be https'],
  ])('%j %j: prints one line and exits with %i', async (words, more, exitCode, message) => {
    const cli = startCli(['gateway', ...words], { environment: environment(more) });
    expect(await cli.ended).toEqual({ code: exitCode, signal: null });
    expect(cli.stderr().trim().split('\n')).toHaveLength(1);
    expect(cli.stderr()).toContain(message);
    expect(cli.stderr()).not.toContain('short');
    expect(cli.stdout()).toBe('');
  });

  test('names a port that is already in use', async () => {
    const { baseURL } = await startGateway(['--port', '0', '--token', 'local-token-1']);
    const { port } = new URL(baseURL);
    const second = startCli(['gateway', '--port', port], { environment: environment() });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.stderr()).toContain(`Cannot listen on port ${port} (EADDRINUSE)`);
  });

  test('does not change the mode of an existing token file', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'a-token-of-mine\n', { mode: 0o640 });
    const { baseURL } = await startGateway(['--port', '0', '--token-file', tokenFile]);
    expect((await chat(baseURL, 'a-token-of-mine')).status).toBe(200);
    expect(statSync(tokenFile).mode & 0o777).toBe(0o640);
  });
});

async function startCollector(): Promise<{ endpoint: string; received(): string; server: Server }> {
  let received = '';
  const server = createServer((request, response) => {
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      received += chunk;
    });
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, received: () => received, server };
}
