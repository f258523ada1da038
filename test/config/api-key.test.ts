import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { ApiKey } from '../../src/config/api-key';
import { resolveConfig } from '../../src/config/resolve-config';
import { CometAPIError } from '../../src/errors/cometapi-error';
import { API_KEY, configOf, problemsOf, refusal } from './config-of';

const OTHER_KEY = `sk-${randomBytes(24).toString('hex')}`;
const REQUIRED = 'A CometAPI API key is required. Pass apiKey or set COMETAPI_API_KEY (or COMETAPI_KEY).';

const revealed = (apiKey: ApiKey): string | Promise<string> =>
  apiKey.kind === 'fixed' ? apiKey.secret.reveal() : apiKey.ask().then((secret) => secret.reveal());

describe('the key', () => {
  test('is the option, then COMETAPI_API_KEY, then COMETAPI_KEY', () => {
    const both = { COMETAPI_API_KEY: API_KEY, COMETAPI_KEY: OTHER_KEY };
    expect(revealed(resolveConfig({ apiKey: OTHER_KEY }, { COMETAPI_API_KEY: API_KEY }).apiKey)).toBe(OTHER_KEY);
    expect(revealed(resolveConfig({}, both).apiKey)).toBe(API_KEY);
    expect(revealed(resolveConfig({}, { COMETAPI_KEY: OTHER_KEY }).apiKey)).toBe(OTHER_KEY);
    expect(revealed(resolveConfig({ apiKey: null }, both).apiKey)).toBe(API_KEY);
  });

  test.each([undefined, null])(
    'warns by name when both variables are set and differ, and %s is the option',
    (apiKey) => {
      const warningsOf = (COMETAPI_API_KEY: string, COMETAPI_KEY: string) =>
        resolveConfig({ apiKey }, { COMETAPI_API_KEY, COMETAPI_KEY }).warnings;
      expect(warningsOf(API_KEY, OTHER_KEY)).toEqual([
        'COMETAPI_API_KEY and COMETAPI_KEY differ: COMETAPI_API_KEY is used.',
      ]);
      expect(warningsOf(API_KEY, API_KEY)).toEqual([]);
    },
  );

  test('of an option makes variables that differ nobody’s business', () => {
    const { warnings } = resolveConfig({ apiKey: API_KEY }, { COMETAPI_API_KEY: OTHER_KEY, COMETAPI_KEY: API_KEY });
    expect(warnings).toEqual([]);
  });

  test('is trimmed, as a key read from a file is', () => {
    expect(revealed(resolveConfig({ apiKey: `  ${API_KEY}\r\n` }, {}).apiKey)).toBe(API_KEY);
  });

  test('may hold Latin-1, and has no prefix', () => {
    const key = `clé ${randomBytes(8).toString('hex')}`;
    expect(revealed(resolveConfig({ apiKey: key }, {}).apiKey)).toBe(key);
  });

  test('of eight characters is long enough', () => {
    expect(revealed(resolveConfig({ apiKey: API_KEY.slice(-8) }, {}).apiKey)).toBe(API_KEY.slice(-8));
  });

  test('that is missing, is required', () => {
    expect(refusal({}).problems).toEqual([REQUIRED]);
    expect(refusal({}).message).toMatch(/CometAPI API key.*COMETAPI_KEY/i);
  });

  test.each(['', '   ', '\n'])('that is blank (%j) never falls back to a variable', (apiKey) => {
    expect(refusal({ apiKey }, { COMETAPI_API_KEY: API_KEY }).message).toMatch(/CometAPI API key is required/);
  });

  test.each([[7], [true], [{}], [[API_KEY]], [Symbol('key')]])('is no %o', (apiKey) => {
    expect(refusal({ apiKey }).problems).toEqual(['apiKey must be a string or a function that returns one.']);
  });

  const unsendable = (head: string, tail = ''): string => `${API_KEY}${head}${tail}`;

  test.each([
    ['a line feed', unsendable('\n', 'x-injected: 1')],
    ['a carriage return', unsendable('\r', 'x')],
    ['a zero byte', unsendable('\0')],
    ['a tab', unsendable('\t', 'x')],
    ['a control character', unsendable('\u0085', 'x')],
    ['a typographic dash', unsendable('–')],
    ['an emoji', unsendable('🔑')],
    ['a zero-width space', unsendable('\u200b')],
    ['half of a surrogate pair', unsendable('\ud800')],
  ])('is refused with %s in it', (_name, key) => {
    const sentence = (field: string) => `${field} holds a character that cannot stand in a header: copy the key again.`;
    expect(refusal({ apiKey: key }).problems).toEqual([sentence('apiKey')]);
    expect(refusal({}, { COMETAPI_API_KEY: key }).problems).toEqual([sentence('COMETAPI_API_KEY')]);
    expect(refusal({}, { COMETAPI_KEY: key }).problems).toEqual([sentence('COMETAPI_KEY')]);
  });

  test('is refused under eight characters, since it could not be redacted by value', () => {
    expect(refusal({ apiKey: 'sk-1234' }).problems).toEqual([
      'apiKey must have at least 8 characters, so that it can be redacted by value.',
    ]);
    expect(refusal({}, { COMETAPI_KEY: 'sk-1234' }).problems).toEqual([
      'COMETAPI_KEY must have at least 8 characters, so that it can be redacted by value.',
    ]);
  });

  test('prints nowhere, once it is configured', () => {
    const config = configOf();
    expect([inspect(config, { depth: 9, showHidden: true }), JSON.stringify(config), `${config}`].join()).not.toContain(
      API_KEY,
    );
  });

  test('has no place in any other setting', () => {
    const inURL = `https://api.cometapi.com/${API_KEY}/v1`;
    expect(
      problemsOf({
        baseURL: inURL,
        workflow: API_KEY,
        runId: `run-${API_KEY.slice(4, 20)}`,
        environment: Buffer.from(API_KEY).toString('hex'),
        requestId: API_KEY,
        docsChecked: [`https://a.example/${API_KEY}@2026-11-21`],
      }).map((problem) => problem.split(' ')[0]),
    ).toEqual(['baseURL', 'workflow', 'runId', 'environment', 'docsChecked', 'requestId']);
  });
});

describe('a key from a function', () => {
  const ask = (apiKey: () => unknown): Promise<string> => {
    // A caller without types may return anything.
    const config = resolveConfig({ apiKey: apiKey as () => string }, { COMETAPI_API_KEY: OTHER_KEY });
    return Promise.resolve(revealed(config.apiKey));
  };

  test('is asked each time, and trimmed', async () => {
    let asked = 0;
    const { apiKey } = resolveConfig({ apiKey: () => `${API_KEY}${asked++}\n` }, {});
    expect([await revealed(apiKey), await revealed(apiKey)]).toEqual([`${API_KEY}0`, `${API_KEY}1`]);
    expect(await ask(async () => API_KEY)).toBe(API_KEY);
  });

  test('is not asked before it is needed', () => {
    expect(() =>
      resolveConfig(
        {
          apiKey() {
            throw new Error('asked too early');
          },
        },
        {},
      ),
    ).not.toThrow();
  });

  test.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, 'The apiKey function must return a non-empty string.'],
    ['a blank', () => ' \n', 'The apiKey function must return a non-empty string.'],
    ['a number', () => 12_345_678, 'The apiKey function must return a non-empty string.'],
    [
      'too little',
      () => 'sk-1234',
      'The apiKey function’s answer must have at least 8 characters, so that it can be redacted by value.',
    ],
    [
      'what cannot be sent',
      () => `${API_KEY}\nx: y`,
      'The apiKey function’s answer holds a character that cannot stand in a header: copy the key again.',
    ],
    [
      'an error',
      () => {
        throw new Error(`vault refused ${API_KEY}`, { cause: API_KEY });
      },
      'The apiKey function failed: call it alone to see why.',
    ],
    ['a rejection', () => Promise.reject(new Error(API_KEY)), 'The apiKey function failed: call it alone to see why.'],
  ])('that gives %s fails without quoting it', async (_name, apiKey, message) => {
    const error: unknown = await ask(apiKey).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CometAPIError);
    expect(inspect(error, { depth: 9 })).not.toContain(API_KEY);
    expect(error).toMatchObject({ message });
  });
});
