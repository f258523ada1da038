import { chmodSync, linkSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeExampleRecords } from '../../../scripts/example-records';
import { checkBaseURL } from '../../../src/cli/doctor/check-base-url';
import { checkRecordFile } from '../../../src/cli/doctor/check-record-file';
import { checkRecords } from '../../../src/cli/doctor/check-records';
import { checkRuntime } from '../../../src/cli/doctor/check-runtime';
import { checkTelemetry, type TelemetryState } from '../../../src/cli/doctor/check-telemetry';
import { checkVersions } from '../../../src/cli/doctor/check-versions';
import { madeUpKey } from '../../records/sample-facts';
import { runCommand } from '../run-command';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();
const file = join(folder, 'records.jsonl');

beforeAll(() => writeExampleRecords(file));

const hostWith = (environment: Readonly<Record<string, string>> = {}) => ({
  environment,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => 0,
});

/** Returns the printed lines without those that depend on the machine. */
function linesOf(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => !/^ok {4}(?:node|versions):/.test(line) && line !== '');
}

describe('doctor', () => {
  test('prints one line per check, with the level and the remedy', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['doctor']);
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(linesOf(stdout)).toEqual([
      'fail  configuration: A CometAPI API key is required. Pass apiKey or set COMETAPI_API_KEY (or COMETAPI_KEY). The client cannot start until this is fixed.',
      'warn  OpenTelemetry SDK: not registered in this process, so no spans are exported. Start the application with node --import cometapi-otel/register. To check that setup, run the doctor with NODE_OPTIONS="--import cometapi-otel/register".',
      'ok    context manager: not needed (no tracer provider).',
      'ok    other instrumentation: none observes undici in this process.',
      'ok    log events: supported by the installed @opentelemetry/api.',
      'ok    record file: none, because COMETAPI_RECORD_FILE is not set.',
      'ok    outer retry loop: no calls recorded yet.',
    ]);
  });

  test('names variables and never shows their values', async () => {
    const environment = {
      COMETAPI_API_KEY: madeUpKey(),
      COMETAPI_KEY: madeUpKey(),
      COMETAPI_TIMEOUT_MS: 'a quarter',
      COMETAPI_RUN_ID: 'nightly-42',
      COMETAPI_APIKEY: 'misspelt-value',
      COMETAPI_GATEWAY_TOKEN: madeUpKey(),
      COMETAPI_RECORD_FILE: file,
    };
    const { exitCode, stdout, stderr } = await runCommand(['doctor', '--quiet'], { environment });
    expect([exitCode, linesOf(stdout).slice(0, 2)]).toEqual([
      1,
      [
        'fail  configuration: COMETAPI_TIMEOUT_MS must be a whole number of milliseconds, from 1 to 2147483647. The client cannot start until this is fixed.',
        'warn  configuration: COMETAPI_APIKEY is unknown and has no effect. Check its spelling in docs/configuration.md, or unset it.',
      ],
    ]);
    const all = await runCommand(['doctor', '--json'], {
      environment: { ...environment, COMETAPI_TIMEOUT_MS: '1000' },
    });
    const configuration: readonly { readonly name: string }[] = JSON.parse(all.stdout).findings;
    expect(configuration.filter(({ name }) => name === 'configuration')).toEqual([
      {
        name: 'configuration',
        level: 'ok',
        text: 'COMETAPI_API_KEY, COMETAPI_GATEWAY_TOKEN, COMETAPI_KEY, COMETAPI_RECORD_FILE, COMETAPI_RUN_ID, COMETAPI_TIMEOUT_MS; the rest are defaults',
        remedy: null,
      },
      {
        name: 'configuration',
        level: 'warn',
        text: 'COMETAPI_API_KEY and COMETAPI_KEY have different values. The client uses COMETAPI_API_KEY.',
        remedy: 'Set one of them.',
      },
      {
        name: 'configuration',
        level: 'warn',
        text: 'COMETAPI_APIKEY is unknown and has no effect',
        remedy: 'Check its spelling in docs/configuration.md, or unset it.',
      },
    ]);
    for (const value of Object.values(environment).filter((text) => text !== file)) {
      expect(stdout + stderr + all.stdout + all.stderr).not.toContain(value);
    }
  });
});

describe('checks of the doctor', () => {
  test.each([
    [{ node: '22.14.0', undici: '6.21.0' }, 'fail', 'Node 22.14.0 is too old'],
    [
      { node: '22.15.0', undici: '6.22.9' },
      'warn',
      'Node 22.15.0 contains undici 6.22.9, which does not limit decompression steps (CVE-2026-22036)',
    ],
    [{ node: '22.22.0', undici: '6.23.0' }, 'ok', 'Node 22.22.0, undici 6.23.0'],
    [
      { node: '24.1.0', undici: '7.17.0' },
      'warn',
      'Node 24.1.0 contains undici 7.17.0, which does not limit decompression steps (CVE-2026-22036)',
    ],
    [{ node: '24.21.0', undici: '7.29.1' }, 'ok', 'Node 24.21.0, undici 7.29.1'],
    [{ node: '26.0.0', undici: '8.0.0' }, 'ok', 'Node 26.0.0, undici 8.0.0'],
  ])('runtime %j: %s', (versions, level, text) => {
    expect(checkRuntime(versions)).toMatchObject({ level, text });
  });

  test.each([
    ['api.cometapi.com', '/v1', 'ok', 'api.cometapi.com'],
    [
      'api.cometapi.com',
      '',
      'fail',
      'the path after api.cometapi.com is not /v1, so CometAPI answers every request with 404 or an HTML page',
    ],
    [
      'api.cometapi.com',
      '/v1/v1',
      'fail',
      'the path after api.cometapi.com is not /v1, so CometAPI answers every request with 404 or an HTML page',
    ],
    ['apidoc.cometapi.com', '/v1', 'fail', 'apidoc.cometapi.com is a CometAPI website, not the API'],
    ['cometapi.com', '/v1', 'fail', 'cometapi.com is a CometAPI website, not the API'],
    ['notcometapi.com', '/v1', 'warn', 'requests and the API key are sent to notcometapi.com, not to CometAPI'],
    [
      '127.0.0.1',
      '/v1',
      'ok',
      '127.0.0.1: a local gateway or a simulator. Records do not name CometAPI as the upstream',
    ],
    ['[::1]', '', 'ok', '[::1]: a local gateway or a simulator. Records do not name CometAPI as the upstream'],
  ])('base URL %s%s: %s', (hostname, path, level, text) => {
    expect(checkBaseURL({ hostname, path })).toMatchObject({ level, text });
  });

  const well: TelemetryState = {
    hasTracerProvider: true,
    hasContextManager: true,
    isUndiciObserved: false,
    hasLogsApi: true,
    sdkProblem: undefined,
  };
  const silent: TelemetryState = { ...well, hasTracerProvider: false, hasContextManager: false };

  test.each([
    ['complete setup', well, {}, []],
    ['off', silent, { COMETAPI_TELEMETRY: 'off' }, []],
    ['disabled', silent, { OTEL_SDK_DISABLED: 'true' }, ['OpenTelemetry SDK: not started: OTEL_SDK_DISABLED is true']],
    [
      'not installed',
      { ...silent, sdkProblem: 'Run: npm install it' },
      {},
      ['OpenTelemetry SDK: not registered in this process'],
    ],
    [
      'no context manager',
      { ...well, hasContextManager: false },
      {},
      [
        'context manager: missing, although a tracer provider is registered. Spans have no parents, and requests are traced twice',
      ],
    ],
    [
      'undici is observed',
      { ...well, isUndiciObserved: true },
      {},
      [
        'other instrumentation: another instrumentation observes undici in this process. It adds no spans to ours, but both record http.client.request.duration',
      ],
    ],
    ['API 1.9', { ...well, hasLogsApi: false }, {}, ['log events: not supported by the installed @opentelemetry/api']],
  ])('telemetry: %s', (_name, state, environment: Readonly<Record<string, string>>, warnings) => {
    const findings = checkTelemetry(state, hostWith(environment));
    const told = findings.filter(({ level }) => level !== 'ok').map(({ name, text }) => `${name}: ${text}`);
    expect(told).toEqual(warnings);
  });

  test('versions: fails if the required peer is not installed', () => {
    expect(checkVersions((name) => (name === '@opentelemetry/api' ? '1.10.0' : undefined)).level).toBe('ok');
    expect(checkVersions(() => undefined)).toEqual({
      name: 'versions',
      level: 'fail',
      text: '@opentelemetry/api is not installed',
      remedy: 'Run: npm install @opentelemetry/api',
    });
  });

  test.skipIf(process.platform === 'win32')(
    'record file: reports paths that the writer refuses, and files that others can read',
    () => {
      const place = join(folder, 'places');
      mkdirSync(place, { mode: 0o700 });
      const at = (name: string): string => join(place, name);
      writeFileSync(at('well'), 'x', { mode: 0o600 });
      writeFileSync(at('readable'), 'x', { mode: 0o644 });
      writeFileSync(at('twice'), 'x', { mode: 0o600 });
      linkSync(at('twice'), at('once-more'));
      symlinkSync(at('well'), at('link'));
      mkdirSync(at('open'));
      chmodSync(at('open'), 0o777);
      const found = (path: string | undefined): string => {
        const { level, text } = checkRecordFile(path);
        return `${level}: ${text}`;
      };
      expect([
        found(undefined),
        found(at('well')),
        found(at('new')),
        found(at('new/deeper/file')),
        found(at('readable')),
        found(at('twice')),
        found(at('link')),
        found(place),
        found(at('open/file')),
      ]).toEqual([
        'ok: none, because COMETAPI_RECORD_FILE is not set',
        'ok: writable, readable only by its owner, 1 bytes',
        'ok: does not exist yet; the first call creates it with mode 0600',
        'ok: does not exist yet; the first call creates it with mode 0600',
        'warn: other users can read it until the next record is written',
        'fail: records are refused: it is a hard link',
        'fail: records are refused: it is a symbolic link',
        'fail: records are refused: it is not a regular file',
        'fail: other users may write to its folder, so records are refused',
      ]);
      expect(() => statSync(at('new'))).toThrow('ENOENT');
    },
  );

  test('records: reports retries of an outer client, and lines that cannot be read', async () => {
    const { readFileSync } = await import('node:fs');
    const [first = '', second = ''] = readFileSync(file, 'utf8').split('\n');
    const path = join(folder, 'looped.jsonl');
    writeFileSync(path, `${first}\n${second.replace('"outerRetryCount":0', '"outerRetryCount":2')}\n{"record":"ca`);
    const found = await checkRecords([path]);
    expect(found.map(({ level, text }) => `${level}: ${text.replaceAll(folder, '~')}`)).toEqual([
      'warn: 1 of 2 recorded calls were retries of an outer client, so attempts multiply',
      'warn: 1 line was not read (~/looped.jsonl:3 torn).',
    ]);
    expect((await checkRecords([file]))[0]?.text).toBe('none in 5 recorded calls');
    expect(await checkRecords([join(folder, 'none')])).toMatchObject([{ level: 'warn' }]);
  });
});
