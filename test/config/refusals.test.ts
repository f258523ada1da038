import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CometAPI } from '../../src/client';
import type { ClientOptions } from '../../src/config/options';
import { CometAPIError, CometAPIError as OpenAIError } from '../../src/errors/cometapi-error';
import { API_KEY, configOf, problemsOf, refusal } from './config-of';

const random = (): string => randomBytes(9).toString('hex');

describe('an invalid configuration', () => {
  // Every value is unique, so any occurrence in the error is a leak.
  const values = Array.from({ length: 24 }, random);
  const at = (index: number): string => values[index] ?? '';
  const everything = refusal(
    {
      apiKey: `${at(0)}\n${at(1)}`,
      baseURL: `https://${at(2)}:${at(3)}@${at(4)}.example/?${at(5)}#${at(6)}`,
      maxRetries: at(7),
      timeout: at(8),
      retry: at(9),
      retryBudget: at(10),
      logLevel: at(11),
      telemetry: { enabled: at(12), [`x${at(13)}`]: at(14) },
      workflow: `${at(15)} ${at(15)}`,
      recordFile: `${at(16)}\0`,
      docsChecked: [at(17)],
      requestId: `${at(18)} `.repeat(2),
      organization: at(19),
      maxretries: at(20),
      fetch: at(21),
    },
    { COMETAPI_RUN_ID: `${at(22)} ${at(22)}`, COMETAPI_DEADLINE_MS: at(23), COMETAPI_MAX_CONNECTIONS: 'many' },
  );

  test('causes one error that lists all problems by the names of options and variables', () => {
    expect(everything.message).toMatchInlineSnapshot(`
      "Invalid options:
      - organization is an openai option that this client does not support. Remove it: CometAPI has no organizations.
      - maxretries is not an option of this client. See docs/configuration.md for all options.
      - One of the names that you passed is not an option of this client.
      - fetch must be a function like globalThis.fetch.
      - apiKey contains a character that is not allowed in an HTTP header. Copy the key again.
      - baseURL must not contain a user name, a password or the API key. Pass the key as apiKey.
      - timeout must be a whole number of milliseconds, from 1 to 2147483647.
      - COMETAPI_DEADLINE_MS must be a whole number of milliseconds, from 1 to 2147483647.
      - COMETAPI_MAX_CONNECTIONS must be a whole number of connections, from 1 to 65535.
      - maxRetries must be a whole number of retries, 0 or more.
      - retryBudget must be false, or an object with numbers of 0 or more: capacity, depositPerCall, refillPerSecond.
      - retry must be one of standard, safe.
      - logLevel must be one of off, error, warn, info, debug.
      - telemetry.enabled must be true or false.
      - recordFile must be a file path.
      - workflow must be a name of up to 128 letters, digits and . _ : / @ + -, and not a secret.
      - COMETAPI_RUN_ID must be a name of up to 128 letters, digits and . _ : / @ + -, and not a secret.
      - docsChecked must contain https URLs, each with its access date: https://…@YYYY-MM-DD.
      - requestId must be up to 128 letters, digits and . _ : -, and not a secret."
    `);
    expect(everything.message).toBe(
      `Invalid options:\n${everything.problems.map((problem) => `- ${problem}`).join('\n')}`,
    );
  });

  test('causes an error that contains no value in any form', () => {
    const forms = [
      everything.message,
      everything.stack,
      String(everything),
      inspect(everything, { depth: 9, showHidden: true }),
      JSON.stringify(everything),
      inspect(structuredClone(everything), { depth: 9 }),
      ...everything.problems,
    ].join('\n');
    expect(values.filter((value) => forms.includes(value))).toEqual([]);
  });

  test('with one problem causes an error with one sentence', () => {
    const error = refusal({ apiKey: API_KEY, timeout: -1 });
    expect([error.message, error.problems]).toEqual([
      'timeout must be a whole number of milliseconds, from 1 to 2147483647.',
      ['timeout must be a whole number of milliseconds, from 1 to 2147483647.'],
    ]);
    expect('cause' in error).toBe(false);
    expect(Object.isFrozen(error.problems)).toBe(true);
  });

  test.each(['options', 5, null, true, () => API_KEY, API_KEY])(
    'includes options that are not an object: %o',
    (options) => {
      const error = refusal(options, { COMETAPI_API_KEY: API_KEY });
      expect(error.problems).toEqual(['The options must be an object, for example { apiKey }.']);
      expect(inspect(error)).not.toContain(API_KEY);
    },
  );
});

describe('unknown options', () => {
  test('are refused with a remedy if they are options of openai', () => {
    expect(
      problemsOf({
        adminAPIKey: 'x',
        organization: 'x',
        project: 'x',
        webhookSecret: 'x',
        dataResidency: 'x',
        workloadIdentity: {},
        provider: {},
        x509Transport: {},
        credential: {},
      }),
    ).toMatchInlineSnapshot(`
      [
        "adminAPIKey is an openai option that this client does not support. Pass the key as apiKey: CometAPI has one kind of key.",
        "organization is an openai option that this client does not support. Remove it: CometAPI has no organizations.",
        "project is an openai option that this client does not support. Remove it: CometAPI has no projects.",
        "webhookSecret is an openai option that this client does not support. Remove it: CometAPI has no webhooks.",
        "dataResidency is an openai option that this client does not support. Select the endpoint with baseURL.",
        "workloadIdentity is an openai option that this client does not support. Pass apiKey, which can be a function.",
        "provider is an openai option that this client does not support. Select the endpoint with baseURL.",
        "x509Transport is an openai option that this client does not support. Pass apiKey, which can be a function.",
        "credential is an openai option that this client does not support. Pass apiKey, which can be a function.",
      ]
    `);
  });

  test('are ignored if they are empty, because openai passes empty options', () => {
    expect(() =>
      configOf({ organization: null, project: undefined, webhookSecret: null } as ClientOptions),
    ).not.toThrow();
  });

  test('are refused by name, or without the name if it could be a secret', () => {
    expect(
      problemsOf({ baseUrl: 'x', max_retries: 1, [API_KEY]: true, ['x'.repeat(50)]: 1, telemetry: { exporter: 'x' } }),
    ).toEqual([
      'baseUrl is not an option of this client. See docs/configuration.md for all options.',
      'max_retries is not an option of this client. See docs/configuration.md for all options.',
      'One of the names that you passed is not an option of this client. See docs/configuration.md for all options.',
      'One of the names that you passed is not an option of this client. See docs/configuration.md for all options.',
      'telemetry.exporter is not an option of this client.',
    ]);
  });

  test('with names of Object.prototype are refused too', () => {
    expect(problemsOf({ constructor: 1, toString: 1, hasOwnProperty: 1 })).toHaveLength(3);
  });

  test('include no option of openai: each is supported, or refused by name', () => {
    const declarations = readFileSync(new URL('../../node_modules/openai/client.d.ts', import.meta.url), 'utf8');
    const body = /export interface ClientOptions \{([\s\S]*?)\n\}/.exec(declarations)?.[1] ?? '';
    const names = [...body.matchAll(/^ {4}(\w+)\?:/gm)].flatMap(([, name]) => name ?? []);
    expect(names.length).toBeGreaterThan(15);
    const unknown = names.filter((name) =>
      problemsOf({ [name]: Symbol('x'), timeout: -1 }).some((problem) =>
        problem.startsWith(`${name} is not an option`),
      ),
    );
    expect(unknown).toEqual([]);
  });
});

describe('a client that does not start', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const logged: unknown[] = [];
  const logger = Object.fromEntries(
    ['error', 'warn', 'info', 'debug'].map((level) => [level, (...line: unknown[]) => logged.push(line)]),
  );

  /** Creates a client with options of any type, as JavaScript callers can pass them. */
  const start = (options: object): unknown => {
    try {
      return new CometAPI(Object.assign<ClientOptions, object>({ logLevel: 'debug' }, { logger, ...options }));
    } catch (error) {
      return error;
    }
  };

  test.each([
    ['without a key', {}, /CometAPI API key.*COMETAPI_KEY/i],
    ['with a blank key', { apiKey: ' ' }, /CometAPI API key is required/],
    ['with a blank base URL', { apiKey: API_KEY, baseURL: ' ' }, /CometAPI baseURL must be a non-empty URL/],
  ])('%s throws exactly CometAPIError, which is also OpenAIError, and logs nothing', (_name, options, message) => {
    for (const variable of ['COMETAPI_API_KEY', 'COMETAPI_KEY', 'COMETAPI_BASE_URL']) {
      vi.stubEnv(variable, ' ');
    }
    // The excessive maxRetries would cause a warning, but the error comes first.
    const error = start({ maxRetries: 9, ...options });
    expect(error).toBeInstanceOf(OpenAIError);
    expect([Object.getPrototypeOf(error).constructor, (error as Error).name]).toEqual([CometAPIError, 'CometAPIError']);
    expect((error as Error).message).toMatch(message);
    expect(logged).toEqual([]);
  });

  test('differs from a valid one, which reads its variables from the process', () => {
    vi.stubEnv('COMETAPI_API_KEY', `${API_KEY}\n`);
    vi.stubEnv('COMETAPI_BASE_URL', 'https://api.cometapi.com/v1/ ');
    vi.stubEnv('COMETAPI_MAX_ATTEMPTS', '4');
    vi.stubEnv('COMETAPI_TIMEOUT_MS', '   ');
    const client = start({});
    expect(client).toBeInstanceOf(CometAPI);
    // The assertion above proves the type.
    const { baseURL, maxRetries, timeout } = client as CometAPI;
    expect({ baseURL, maxRetries, timeout }).toEqual({
      baseURL: 'https://api.cometapi.com/v1/',
      maxRetries: 3,
      timeout: 600_000,
    });
  });
});
