import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { metrics, ProxyTracerProvider, trace } from '@opentelemetry/api';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CometAPI } from '../../src/client';
import type { CallFacts } from '../../src/facts/call-facts';
import { scenario } from '../../src/simulator/scenarios/scenarios';
import { createSimulator } from '../../src/simulator/simulator';
import { OPENING_ROWS } from '../../src/telemetry/attributes';
import { startRecordingTelemetry } from '../support/recording-telemetry';

const BODY = { model: 'simulated-model', messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('without an SDK', () => {
  const simulator = createSimulator();
  const facts: CallFacts[] = [];
  const client = new CometAPI({
    apiKey: simulator.apiKey,
    fetch: simulator.fetch,
    observers: [{ callClosed: (call) => facts.push(call) }],
  });

  afterEach(() => {
    vi.restoreAllMocks();
    simulator.reset();
    facts.length = 0;
  });

  afterAll(() => simulator.close());

  async function makeCalls(): Promise<readonly unknown[]> {
    const completion = await client.chat.completions.create(BODY);
    const stream = await client.responses.create({ model: BODY.model, input: 'Hello', stream: true });
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
    }
    const models = await client.models.list();
    return [completion.object, types.at(-1), models.data.length];
  }

  test('every call works, and its facts are complete except for the span ids', async () => {
    expect(await makeCalls()).toEqual(['chat.completion', 'response.completed', 1]);
    expect(facts.map(({ ending, attempts, traceId, spanId }) => [ending, attempts.length, traceId, spanId])).toEqual([
      ['completed', 1, undefined, undefined],
      ['completed', 1, undefined, undefined],
      ['completed', 1, undefined, undefined],
    ]);
  });

  test('a failed call throws its error', async () => {
    simulator.use(scenario.fail(401));
    await expect(client.models.list()).rejects.toMatchObject({ name: 'AuthenticationError', status: 401 });
  });

  test('no span is requested, and no attribute is computed', async () => {
    const getTracer = vi.spyOn(ProxyTracerProvider.prototype, 'getTracer');
    const startSpan = vi.spyOn(trace.getTracer('any').constructor.prototype, 'startSpan');
    const facts = OPENING_ROWS.map((row) => vi.spyOn(row, 'fact'));
    const createHistogram = vi.spyOn(metrics.getMeter('any'), 'createHistogram');
    getTracer.mockClear();
    await makeCalls();
    const touched = [getTracer, startSpan, createHistogram, ...facts].filter((spy) => spy.mock.calls.length > 0);
    expect(touched).toEqual([]);
  });

  test('an SDK that starts later is used from then on', async () => {
    await makeCalls();
    const sdk = startRecordingTelemetry();
    const computed = OPENING_ROWS.map((row) => vi.spyOn(row, 'fact'));
    await makeCalls();
    expect(computed.every((spy) => spy.mock.calls.length > 0)).toBe(true);
    const names = sdk.spans().map(({ name }) => name);
    await sdk.shutdown();
    await makeCalls();
    expect(names.filter((name) => name.startsWith('chat '))).toEqual(['chat simulated-model', 'chat simulated-model']);
    expect(sdk.spans().map(({ name }) => name)).toEqual(names);
  });
});

describe('in a separate process', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bare-'));
  const bare = join(directory, 'bare');
  const withApi = join(directory, 'with-api');

  beforeAll(async () => {
    for (const folder of [bare, withApi]) {
      mkdirSync(join(folder, 'node_modules/@opentelemetry'), { recursive: true });
      await build({
        entryPoints: { core: 'src/index.ts', node: 'src/node/index.ts' },
        outdir: folder,
        outExtension: { '.js': '.mjs' },
        bundle: true,
        format: 'esm',
        platform: 'node',
        logLevel: 'silent',
        // The bundle contains neither the API nor an SDK.
        external: ['@opentelemetry/api', '@opentelemetry/sdk-*'],
        define: { __PACKAGE_NAME__: '"cometapi-otel"', __PACKAGE_VERSION__: '"0.0.0"' },
      });
    }
    // Links only the API, which has no dependencies.
    symlinkSync(resolve('node_modules/@opentelemetry/api'), join(withApi, 'node_modules/@opentelemetry/api'));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  function run(folder: string, code: string): { readonly output: string; readonly errors: string } {
    writeFileSync(join(folder, 'main.mjs'), code);
    try {
      const output = execFileSync(process.execPath, ['main.mjs'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
      return { output: output.trim(), errors: '' };
    } catch (error) {
      // The error of `execFileSync` contains the output of the child process.
      return { output: '', errors: (error as { readonly stderr: string }).stderr };
    }
  }

  const CALL = `
    const fetch = async () => Response.json({ id: 'a', object: 'chat.completion', model: 'm', choices: [] });
    const client = new CometAPI({ apiKey: crypto.randomUUID(), fetch });
    console.log((await client.chat.completions.create({ model: 'm', messages: [] })).object);`;

  test('the package works if only the API is installed', () => {
    const code = `import { CometAPI } from './core.mjs';${CALL}`;
    expect(run(withApi, code)).toEqual({ output: 'chat.completion', errors: '' });
  });

  test('the node entry loads without an SDK, and startTelemetry() names the packages to install', () => {
    const code = `
      import { startTelemetry } from './node.mjs';
      try { startTelemetry(); } catch (error) { console.log(error.message); }`;
    expect(run(withApi, code)).toEqual({
      output:
        'cometapi-otel: telemetry needs @opentelemetry/sdk-node, which is not installed. Run: npm install @opentelemetry/api @opentelemetry/sdk-node',
      errors: '',
    });
  });

  test('without the API, which is a required peer, Node names the missing package', () => {
    const { output, errors } = run(bare, `import { CometAPI } from './core.mjs';${CALL}`);
    expect(output).toBe('');
    expect(errors).toContain('ERR_MODULE_NOT_FOUND');
    expect(errors).toContain("Cannot find package '@opentelemetry/api'");
  });
});
