import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SPAN = `
  import { trace } from '@opentelemetry/api';
  trace.getTracer('application').startSpan('work').end();`;
const WAIT = `setInterval(() => {}, 1000); console.log('ready');`;

/** The compile cache that all child processes share, because the SDK has many files. */
const compiled = mkdtempSync(join(tmpdir(), 'compiled-'));
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

let collector: Collector;

beforeEach(async () => {
  collector = await startCollector();
});

afterEach(() => collector.close());

describe('node --import cometapi-otel/register', () => {
  test('exports the spans of an application when it ends, as the OTEL variables say', async () => {
    const ended = await run(['--import', './src/node/register.ts'], SPAN);
    expect({ ...ended, spans: collector.spans() }).toEqual({ ...WELL, spans: ['work'] });
    const resource = collector.resourceAttributes();
    expect(resource).toMatchObject({ 'service.name': 'shop', team: 'search' });
    // The command line, the user and the host may be private.
    expect(Object.keys(resource).filter((name) => /^(process|host|os)\./.test(name))).toEqual([]);
  });

  test('registers the same provider for CommonJS', async () => {
    const code = `require('@opentelemetry/api').trace.getTracer('application').startSpan('work').end()`;
    const ended = await run(['--import', './src/node/register.ts', '--input-type=commonjs'], code);
    expect({ ...ended, spans: collector.spans() }).toEqual({ ...WELL, spans: ['work'] });
  });

  test('exports spans at a signal, and the process still ends by that signal', async () => {
    const ended = await run(['--import', './src/node/register.ts'], SPAN + WAIT, (child) => child.kill('SIGTERM'));
    expect({ ...ended, spans: collector.spans() }).toEqual({
      code: null,
      signal: 'SIGTERM',
      stdout: 'ready\n',
      stderr: '',
      spans: ['work'],
    });
  });

  test('keeps recording if the application handles the signal', async () => {
    const code = `${SPAN}
      process.on('SIGINT', () => {
        trace.getTracer('application').startSpan('work after the signal').end();
        clearInterval(timer);
        process.exitCode = 7;
      });
      const timer = setInterval(() => {}, 1000);
      console.log('ready');`;
    const ended = await run(['--import', './src/node/register.ts'], code, (child) => child.kill('SIGINT'));
    expect({ ...ended, spans: collector.spans().toSorted() }).toEqual({
      code: 7,
      signal: null,
      stdout: 'ready\n',
      stderr: '',
      spans: ['work', 'work after the signal'],
    });
  });

  test('starts nothing if OTEL_SDK_DISABLED is true', async () => {
    const code = `${SPAN} console.log(process.listenerCount('SIGTERM'), process.listenerCount('beforeExit'));`;
    const ended = await run(['--import', './src/node/register.ts'], code, undefined, { OTEL_SDK_DISABLED: 'TRUE' });
    expect({ ...ended, spans: collector.spans() }).toEqual({ ...WELL, stdout: '0 0\n', spans: [] });
  });

  test('runs the application without the SDK, and warns what to install', async () => {
    const ended = await run([...WITHOUT_SDK, '--import', './src/node/register.ts'], `console.log('running');`);
    expect(ended).toEqual({
      ...WELL,
      stdout: 'running\n',
      stderr: expect.stringContaining('npm install @opentelemetry/api @opentelemetry/sdk-node'),
    });
    expect(ended.stderr).not.toContain('    at ');
  });
});

describe('startTelemetry', () => {
  const IMPORT = `import { startTelemetry } from './src/node/telemetry.ts';`;

  test('starts once per process, and shutdown exports and can be called twice', async () => {
    const code = `${IMPORT} ${SPAN}
      const handle = startTelemetry();
      trace.getTracer('application').startSpan('traced work').end();
      console.log(handle.started, startTelemetry() === handle, handle.shutdown() === handle.shutdown());
      await handle.shutdown();
      console.log(process.listenerCount('SIGTERM'), process.listenerCount('beforeExit'));
      process.exit();`;
    expect({ ...(await run([], code)), spans: collector.spans() }).toEqual({
      ...WELL,
      stdout: 'true true true\n0 0\n',
      spans: ['traced work'],
    });
  });

  test('keeps the provider of the application, and prints one warning', async () => {
    const code = `${IMPORT}
      import { trace } from '@opentelemetry/api';
      import { TracerProvider } from '@opentelemetry/sdk-trace';
      trace.setGlobalTracerProvider(new TracerProvider());
      console.log(startTelemetry().started, startTelemetry().started);
      await startTelemetry().shutdown();`;
    const ended = await run([], code);
    expect(ended).toEqual({
      ...WELL,
      stdout: 'false false\n',
      stderr: expect.stringContaining('already has a tracer provider'),
    });
    expect(ended.stderr.match(/already has a tracer provider/g)).toHaveLength(1);
  });

  test('throws an error with the remedy if the SDK is not installed or does not load', async () => {
    const code = `${IMPORT}
      try { startTelemetry(); } catch (error) { console.log(error.message, error.cause); }`;
    const missing = await run(WITHOUT_SDK, code);
    const unfit = await run([...UNFIT_SDK], code);
    expect([missing.stdout, unfit.stdout]).toEqual([
      'cometapi-otel: telemetry needs @opentelemetry/sdk-node, which is not installed. Run: npm install @opentelemetry/api @opentelemetry/sdk-node undefined\n',
      'cometapi-otel: @opentelemetry/sdk-node could not be loaded. Install compatible versions: @opentelemetry/api 1.10 with @opentelemetry/sdk-node 0.300 or later, or 1.9 with 0.2xx. undefined\n',
    ]);
  });

  test('waits for a collector that does not answer only up to the limit', async () => {
    collector.hang();
    const code = `${IMPORT} ${SPAN}
      startTelemetry({ flushTimeoutMs: 50 });
      trace.getTracer('application').startSpan('traced work').end();
      ${WAIT}`;
    const ended = await run([], code, (child) => child.kill('SIGTERM'), {
      // Without the limit, the exporter would wait longer than the timeout of this test.
      OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
      OTEL_BSP_EXPORT_TIMEOUT: '600000',
    });
    expect(ended).toEqual({ code: null, signal: 'SIGTERM', stdout: 'ready\n', stderr: '' });
  });
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const WELL: Ended = { code: 0, signal: null, stdout: '', stderr: '' };
const WITHOUT_SDK = failingSdk(
  `Object.assign(new Error("Cannot find module '@opentelemetry/sdk-node'"), { code: 'MODULE_NOT_FOUND' })`,
);
const UNFIT_SDK = failingSdk(`new SyntaxError("The requested module does not provide an export named 'logs'")`);

/** Node options that make loading the SDK fail with `error`. */
function failingSdk(error: string): readonly string[] {
  const code = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(specifier, context, next) {
      if (specifier === '@opentelemetry/sdk-node') throw ${error};
      return next(specifier, context);
    } });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

/** Runs `code` in a new Node process. Calls `whenReady` at its first output. */
async function run(
  options: readonly string[],
  code: string,
  whenReady: (child: ChildProcess) => void = () => {},
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const format = options.some((option) => option.startsWith('--input-type')) ? [] : ['--input-type=module'];
  const child = spawn(
    process.execPath,
    ['--import', './test/support/run-sources.ts', ...options, ...format, '--eval', code],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compiled, ...collector.variables, ...variables },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (stdout === '') {
      whenReady(child);
    }
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ code: exitCode, signal, stdout, stderr }));
  });
}

interface Collector {
  readonly variables: Readonly<Record<string, string>>;
  spans(): string[];
  resourceAttributes(): Record<string, unknown>;
  hang(): void;
  close(): Promise<void>;
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
}

/** Receives OTLP/JSON on a loopback port. */
async function startCollector(): Promise<Collector> {
  const received: TraceRequest[] = [];
  let hangs = false;
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk;
    });
    request.on('end', () => {
      if (!hangs) {
        received.push(JSON.parse(body));
        response.end('{}');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const resources = (): TraceRequest['resourceSpans'] => received.flatMap((request) => request.resourceSpans);
  return {
    variables: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'team=search',
    },
    spans: () =>
      resources()
        .flatMap((resource) => resource.scopeSpans)
        .flatMap((scope) => scope.spans)
        .map((span) => span.name),
    resourceAttributes: () =>
      Object.fromEntries(
        resources()
          .flatMap(({ resource }) => resource.attributes)
          .map(({ key, value }) => [key, Object.values(value)[0]]),
      ),
    hang() {
      hangs = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
