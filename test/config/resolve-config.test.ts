import { describe, expect, test } from 'vitest';
import { MAX_RETRIES_CAP } from '../../src/config/defaults';
import type { Environment } from '../../src/config/environment';
import type { Config } from '../../src/config/resolve-config';
import { configOf, problemsOf } from './config-of';

describe('without options and variables', () => {
  test('every setting has its default', () => {
    const { apiKey: _apiKey, logger, ...settings } = configOf();
    expect(settings).toEqual({
      baseURL: {
        text: 'https://api.cometapi.com/v1',
        href: 'https://api.cometapi.com/v1',
        origin: 'https://api.cometapi.com',
        path: '/v1',
        hostname: 'api.cometapi.com',
        port: 443,
      },
      maxRetries: 2,
      timeoutMs: undefined,
      deadlineMs: undefined,
      idleTimeoutMs: 120_000,
      maxStreamMs: 3_600_000,
      unreadTimeoutMs: 300_000,
      maxRetryAfterMs: 60_000,
      backoffBaseMs: 500,
      backoffCapMs: 8_000,
      retryBudget: { capacity: 10, depositPerCall: 0.1, refillPerSecond: 0.1 },
      retry: 'standard',
      maxConnections: 64,
      maxResponseBytes: 67_108_864,
      transport: 'auto',
      logLevel: 'warn',
      telemetry: { enabled: true, urlTemplate: true, propagate: false, httpDurationMetric: true },
      recordFile: undefined,
      workflow: undefined,
      runId: undefined,
      environmentName: undefined,
      docsChecked: [],
      requestId: undefined,
      openaiCompatible: false,
      warnings: [],
    });
    expect(logger).toBe(console);
  });

  test('the configuration is deeply frozen', () => {
    const config = configOf({ docsChecked: ['https://apidoc.cometapi.com/api/text/chat@2026-11-21'] });
    const parts = [config, config.baseURL, config.telemetry, config.retryBudget, config.docsChecked, config.warnings];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
    expect(Object.isFrozen(console)).toBe(false);
  });

  test('later changes to the budget object have no effect', () => {
    const retryBudget = { capacity: 5, depositPerCall: 0, refillPerSecond: 0 };
    const config = configOf({ retryBudget });
    retryBudget.capacity = 1_000_000;
    expect(config.retryBudget).toEqual({ capacity: 5, depositPerCall: 0, refillPerSecond: 0 });
  });
});

interface Case {
  readonly setting: keyof Config | keyof Config['telemetry'];
  readonly option: string;
  readonly variable?: keyof Environment;
  /** The value of the option and the resulting setting. */
  readonly given: readonly [unknown, unknown];
  /** The text of the variable and the resulting setting. */
  readonly read?: readonly [string, unknown];
  readonly fallback: unknown;
  /** Invalid values of the option. */
  readonly refused: readonly unknown[];
  /** Invalid texts of the variable. */
  readonly unreadable?: readonly string[];
  readonly problem: RegExp;
}

const NO_NUMBERS: readonly unknown[] = ['5', '', -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, true, {}, [5]];
const NO_DIGITS = ['-1', '1.5', '1e3', '0x10', '1 000', 'five', '9'.repeat(20), 'Infinity'];
const NO_FLAGS: readonly unknown[] = ['on', 'true', 1, 0, {}, ''];
const NO_SWITCHES = ['true', 'yes', '1', 'ON'];
const NO_NAMES: readonly unknown[] = ['', 'two words', 'line\nbreak', `x${'y'.repeat(128)}`, '-x', 'ü', 5, {}, ['x']];

const milliseconds = (
  option: string,
  setting: keyof Config,
  fallback: number | undefined,
  more: { readonly variable?: keyof Environment; readonly zero?: true },
): Case => ({
  setting,
  option,
  fallback,
  ...(more.variable !== undefined && { variable: more.variable, read: ['2500', 2_500], unreadable: NO_DIGITS }),
  given: more.zero ? [0, 0] : [2_500, 2_500],
  refused: [...NO_NUMBERS, 2 ** 31, ...(more.zero ? [] : [0])],
  problem: new RegExp(
    `^(?:${option}|${more.variable}) must be a whole number of milliseconds, from ${more.zero ? 0 : 1} to 2147483647.$`,
  ),
});
const flag = (
  option: string,
  setting: keyof Config['telemetry'],
  fallback: boolean,
  variable?: keyof Environment,
): Case => ({
  setting,
  option: `telemetry.${option}`,
  fallback,
  ...(variable !== undefined && {
    variable,
    read: [fallback ? 'off' : 'on', !fallback] as const,
    unreadable: NO_SWITCHES,
  }),
  given: [!fallback, !fallback],
  refused: NO_FLAGS,
  problem: /^(?:telemetry\.\w+ must be true or false|COMETAPI_\w+ must be one of on, off)\.$/,
});
const name = (option: string, setting: keyof Config, variable: keyof Environment): Case => ({
  setting,
  option,
  variable,
  fallback: undefined,
  given: ['nightly.summary-2', 'nightly.summary-2'],
  read: ['from:environment', 'from:environment'],
  refused: NO_NAMES,
  unreadable: ['two words', 'ü'],
  problem: /^(?:\w+) must be a name of up to 128 letters, digits and \. _ : \/ @ \+ -, and not a secret\.$/,
});

const CASES: readonly Case[] = [
  milliseconds('timeout', 'timeoutMs', undefined, { variable: 'COMETAPI_TIMEOUT_MS' }),
  milliseconds('deadlineMs', 'deadlineMs', undefined, { variable: 'COMETAPI_DEADLINE_MS' }),
  milliseconds('idleTimeoutMs', 'idleTimeoutMs', 120_000, { variable: 'COMETAPI_STREAM_IDLE_TIMEOUT_MS' }),
  milliseconds('maxStreamMs', 'maxStreamMs', 3_600_000, { variable: 'COMETAPI_MAX_STREAM_MS', zero: true }),
  milliseconds('unreadTimeoutMs', 'unreadTimeoutMs', 300_000, {}),
  milliseconds('maxRetryAfterMs', 'maxRetryAfterMs', 60_000, { variable: 'COMETAPI_MAX_RETRY_AFTER_MS', zero: true }),
  milliseconds('backoffBaseMs', 'backoffBaseMs', 500, { zero: true }),
  milliseconds('backoffCapMs', 'backoffCapMs', 8_000, { zero: true }),
  {
    setting: 'maxRetries',
    option: 'maxRetries',
    variable: 'COMETAPI_MAX_ATTEMPTS',
    fallback: 2,
    given: [0, 0],
    read: ['4', 3],
    refused: NO_NUMBERS,
    unreadable: NO_DIGITS,
    problem:
      /^(?:maxRetries must be a whole number of retries|COMETAPI_MAX_ATTEMPTS must be a whole number of attempts), 0 or more\.$/,
  },
  {
    setting: 'maxConnections',
    option: 'maxConnections',
    variable: 'COMETAPI_MAX_CONNECTIONS',
    fallback: 64,
    given: [1, 1],
    read: ['65535', 65_535],
    refused: [...NO_NUMBERS, 0, 65_536],
    unreadable: [...NO_DIGITS, '0', '65536'],
    problem: /^(?:maxConnections|COMETAPI_MAX_CONNECTIONS) must be a whole number of connections, from 1 to 65535\.$/,
  },
  {
    setting: 'maxResponseBytes',
    option: 'maxResponseBytes',
    fallback: 67_108_864,
    given: [1_024, 1_024],
    refused: [...NO_NUMBERS, 0, 2 ** 31],
    problem: /^maxResponseBytes must be a whole number of bytes, from 1 to 2147483647\.$/,
  },
  {
    setting: 'retryBudget',
    option: 'retryBudget',
    variable: 'COMETAPI_RETRY_BUDGET',
    fallback: { capacity: 10, depositPerCall: 0.1, refillPerSecond: 0.1 },
    given: [
      { capacity: 0, depositPerCall: 0.5, refillPerSecond: 0 },
      { capacity: 0, depositPerCall: 0.5, refillPerSecond: 0 },
    ],
    read: ['1, 0.1 ,0', { capacity: 1, depositPerCall: 0.1, refillPerSecond: 0 }],
    refused: [
      true,
      'off',
      10,
      [],
      {},
      { capacity: 10 },
      { capacity: -1, depositPerCall: 0, refillPerSecond: 0 },
      { capacity: 1, depositPerCall: Number.NaN, refillPerSecond: 0 },
      { capacity: 1, depositPerCall: 0, refillPerSecond: Number.POSITIVE_INFINITY },
      { capacity: '1', depositPerCall: 0, refillPerSecond: 0 },
    ],
    unreadable: [
      'on',
      '10',
      '10,0.1',
      '10,0.1,0.1,1',
      '10;0.1;0.1',
      '-1,0,0',
      '1e1,0,0',
      ',,',
      '10,0.1,',
      `${'9'.repeat(400)},0,0`,
    ],
    problem:
      /^(?:retryBudget must be false, or an object with numbers of 0 or more: capacity, depositPerCall, refillPerSecond|COMETAPI_RETRY_BUDGET must be off, or capacity,depositPerCall,refillPerSecond, for example 10,0\.1,0\.1)\.$/,
  },
  {
    setting: 'retry',
    option: 'retry',
    fallback: 'standard',
    given: ['safe', 'safe'],
    refused: ['', 'never', 'SAFE', true, {}],
    problem: /^retry must be one of standard, safe\.$/,
  },
  {
    setting: 'transport',
    option: 'transport',
    variable: 'COMETAPI_TRANSPORT',
    fallback: 'auto',
    given: ['fetch', 'fetch'],
    read: ['fetch', 'fetch'],
    refused: ['', 'undici', 'Fetch', true],
    unreadable: ['dispatcher'],
    problem: /^(?:transport|COMETAPI_TRANSPORT) must be one of auto, fetch\.$/,
  },
  {
    setting: 'logLevel',
    option: 'logLevel',
    variable: 'COMETAPI_LOG',
    fallback: 'warn',
    given: ['off', 'off'],
    read: ['debug', 'debug'],
    refused: ['', 'verbose', 'WARN', 3, {}],
    unreadable: ['verbose', 'Debug'],
    problem: /^(?:logLevel|COMETAPI_LOG) must be one of off, error, warn, info, debug\.$/,
  },
  {
    setting: 'openaiCompatible',
    option: 'compat',
    fallback: false,
    given: ['openai', true],
    refused: ['', 'anthropic', true, {}],
    problem: /^compat must be one of openai\.$/,
  },
  flag('enabled', 'enabled', true, 'COMETAPI_TELEMETRY'),
  flag('urlTemplate', 'urlTemplate', true, 'COMETAPI_URL_TEMPLATE'),
  flag('propagate', 'propagate', false, 'COMETAPI_PROPAGATE'),
  flag('httpDurationMetric', 'httpDurationMetric', true),
  name('workflow', 'workflow', 'COMETAPI_WORKFLOW'),
  name('runId', 'runId', 'COMETAPI_RUN_ID'),
  name('environment', 'environmentName', 'COMETAPI_ENVIRONMENT'),
  {
    setting: 'requestId',
    option: 'requestId',
    fallback: undefined,
    given: ['req:2026-11-21_7', 'req:2026-11-21_7'],
    refused: [...NO_NAMES, 'a/b', 'a@b'],
    problem: /^requestId must be up to 128 letters, digits and \. _ : -, and not a secret\.$/,
  },
  {
    setting: 'recordFile',
    option: 'recordFile',
    variable: 'COMETAPI_RECORD_FILE',
    fallback: undefined,
    given: ['records/calls of today.jsonl', 'records/calls of today.jsonl'],
    read: ['./calls.jsonl', './calls.jsonl'],
    refused: ['', '  ', 'a\0b', 5, {}, new URL('file:///calls.jsonl')],
    problem: /^recordFile must be a file path\.$/,
  },
  {
    setting: 'docsChecked',
    option: 'docsChecked',
    variable: 'COMETAPI_DOCS_CHECKED',
    fallback: [],
    given: [
      [
        'https://apidoc.cometapi.com/api/text/chat@2026-11-21',
        { url: 'https://apidoc.cometapi.com/', accessedOn: '2026-02-28' },
      ],
      [
        { url: 'https://apidoc.cometapi.com/api/text/chat', accessedOn: '2026-11-21' },
        { url: 'https://apidoc.cometapi.com/', accessedOn: '2026-02-28' },
      ],
    ],
    read: [
      'https://a.example/one@2026-11-21, https://b.example/two@2026-11-20',
      [
        { url: 'https://a.example/one', accessedOn: '2026-11-21' },
        { url: 'https://b.example/two', accessedOn: '2026-11-20' },
      ],
    ],
    refused: [
      '',
      'https://a.example/@2026-11-21',
      {},
      [''],
      ['https://a.example/'],
      ['http://a.example/@2026-11-21'],
      ['https://a.example/?q=1@2026-11-21'],
      ['https://a.example/@2026-02-31'],
      ['https://a.example/@2026-13-01'],
      ['https://a.example/@21.11.2026'],
      ['https://a.example/@2026-11-21', 5],
      [{ url: 'https://a.example/' }],
      [{ url: Symbol('x'), accessedOn: '2026-11-21' }],
      [null],
    ],
    unreadable: ['https://a.example/', 'https://a.example/@2026-11-21,'],
    problem:
      /^(?:docsChecked|COMETAPI_DOCS_CHECKED) must contain https URLs, each with its access date: https:\/\/…@YYYY-MM-DD\.$/,
  },
];

describe.each(CASES)(
  '$option',
  ({ setting, option, variable, given, read, fallback, refused, unreadable, problem }) => {
    const inGroup = option.startsWith('telemetry.');
    const key = option.replace('telemetry.', '');
    const as = (value: unknown): Record<string, unknown> =>
      inGroup ? { telemetry: { [key]: value } } : { [key]: value };
    const outcome = (value: unknown, environment: Environment = {}): unknown => {
      // The table lists only existing options.
      const config = configOf(as(value) as object, environment);
      const settings: Readonly<Record<string, unknown>> = inGroup ? config.telemetry : { ...config };
      return settings[setting];
    };

    test('has the value of the option', () => {
      expect(outcome(given[0])).toEqual(given[1]);
    });

    test('has the default if the option is undefined or null', () => {
      expect([outcome(undefined), outcome(null)]).toEqual([fallback, fallback]);
    });

    test('refuses invalid values with one sentence that names the option', () => {
      for (const value of refused) {
        const problems = problemsOf(as(value));
        expect(problems, String(JSON.stringify(value))).toEqual([expect.stringMatching(problem)]);
        expect(problems[0]?.startsWith(`${option} `)).toBe(true);
      }
    });

    if (typeof given[1] === 'string') {
      test('is trimmed', () => {
        expect(outcome(` ${given[0]}\n`)).toEqual(given[1]);
      });
    }

    if (variable !== undefined && read !== undefined) {
      test(`is read from ${variable}`, () => {
        expect(outcome(undefined, { [variable]: read[0] })).toEqual(read[1]);
        expect(outcome(null, { [variable]: read[0] })).toEqual(read[1]);
      });

      test('as an option wins over the variable, which is not checked then', () => {
        expect(outcome(given[0], { [variable]: read[0] })).toEqual(given[1]);
        expect(outcome(given[0], { [variable]: unreadable?.[0] ?? 'x' })).toEqual(given[1]);
      });

      test('refuses invalid texts with one sentence that names the variable', () => {
        for (const text of unreadable ?? []) {
          const problems = problemsOf({}, { [variable]: text });
          expect(problems, text).toEqual([expect.stringMatching(problem)]);
          expect(problems[0]?.startsWith(`${variable} `)).toBe(true);
        }
      });
    }
  },
);

describe('attempts', () => {
  test.each([
    [0, 0],
    [1, 1],
    [4, 4],
  ])('maxRetries %i is unchanged', (maxRetries, expected) => {
    const config = configOf({ maxRetries });
    expect([config.maxRetries, config.warnings]).toEqual([expected, []]);
  });

  test.each([5, 1_000, 1_000_000])('maxRetries %i is reduced to the cap, with one warning', (maxRetries) => {
    const config = configOf({ maxRetries });
    expect(config.maxRetries).toBe(MAX_RETRIES_CAP);
    expect(config.warnings).toEqual(['maxRetries exceeds the limit of 5 attempts per call. The client uses 5.']);
  });

  test.each([
    ['0', 0],
    ['1', 0],
    ['2', 1],
    ['5', 4],
  ])('COMETAPI_MAX_ATTEMPTS %s means %i retries', (text, expected) => {
    const config = configOf({}, { COMETAPI_MAX_ATTEMPTS: text });
    expect([config.maxRetries, config.warnings]).toEqual([expected, []]);
  });

  test('COMETAPI_MAX_ATTEMPTS is reduced to the cap, with one warning that names it', () => {
    const config = configOf({}, { COMETAPI_MAX_ATTEMPTS: '6' });
    expect([config.maxRetries, config.warnings]).toEqual([
      4,
      ['COMETAPI_MAX_ATTEMPTS exceeds the limit of 5 attempts per call. The client uses 5.'],
    ]);
  });
});

test('the option false and the variable off turn the retry budget off', () => {
  expect(configOf({ retryBudget: false }).retryBudget).toBe(false);
  expect(configOf({}, { COMETAPI_RETRY_BUDGET: 'off' }).retryBudget).toBe(false);
  expect(
    configOf({ retryBudget: { capacity: 1, depositPerCall: 0, refillPerSecond: 0 } }, { COMETAPI_RETRY_BUDGET: 'off' })
      .retryBudget,
  ).toEqual({ capacity: 1, depositPerCall: 0, refillPerSecond: 0 });
});

describe('options that are objects or functions', () => {
  const logger = { error() {}, warn() {}, info() {}, debug() {} };

  test.each<[string, unknown]>([
    ['fetch', globalThis.fetch],
    ['fetchOptions', { keepalive: true }],
    ['defaultHeaders', { 'x-team': 'a' }],
    ['defaultHeaders', [['x-team', 'a']]],
    ['defaultHeaders', new Headers()],
    ['defaultQuery', { a: 'b' }],
    ['logger', logger],
    ['logger', console],
    ['observers', []],
    ['observers', [{ callClosed() {} }]],
    ['telemetry', { tracerProvider: { getTracer() {} }, meterProvider: { getMeter() {} }, attributes: { team: 'a' } }],
    ['telemetry', {}],
  ])('%s accepts a valid value, and null', (option, value) => {
    expect(() => configOf({ [option]: value })).not.toThrow();
    expect(() => configOf({ [option]: null })).not.toThrow();
  });

  test.each<[string, unknown, string]>([
    ['fetch', 'fetch', 'fetch must be a function like globalThis.fetch.'],
    ['fetchOptions', 'x', 'fetchOptions must be an object.'],
    ['fetchOptions', { headers: {} }, 'fetchOptions must not contain headers.'],
    ['fetchOptions', { signal: undefined }, 'fetchOptions must not contain signal.'],
    ['fetchOptions', { method: 'GET' }, 'fetchOptions must not contain method.'],
    ['fetchOptions', { body: 'x' }, 'fetchOptions must not contain body.'],
    ['defaultHeaders', 'x: y', 'defaultHeaders must be an object, an array or Headers.'],
    ['defaultQuery', 'a=b', 'defaultQuery must be an object.'],
    ['logger', {}, 'logger must have the methods error, warn, info and debug.'],
    ['logger', { ...logger, warn: undefined }, 'logger must have the methods error, warn, info and debug.'],
    ['logger', () => undefined, 'logger must have the methods error, warn, info and debug.'],
    ['observers', { callClosed() {} }, 'observers must be an array of observers.'],
    ['observers', [undefined], 'observers must be an array of observers.'],
    ['telemetry', true, 'telemetry must be an object. See docs/configuration.md.'],
    ['telemetry', 'off', 'telemetry must be an object. See docs/configuration.md.'],
    ['telemetry', { attributes: 'team=a' }, 'telemetry.attributes must be an object.'],
    ['telemetry', { tracerProvider: {} }, 'telemetry.tracerProvider must be a TracerProvider.'],
    ['telemetry', { meterProvider: {} }, 'telemetry.meterProvider must be a MeterProvider.'],
  ])('%s must not be %j', (option, value, problem) => {
    expect(problemsOf({ [option]: value })).toEqual([problem]);
  });

  test.each(['allowInsecureHttp', 'dangerouslyAllowBrowser'])('%s accepts true and false, but not text', (option) => {
    expect(() => configOf({ [option]: false })).not.toThrow();
    expect(problemsOf({ [option]: 'true' })).toEqual([`${option} must be true or false.`]);
  });
});
