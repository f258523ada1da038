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

describe('the API key', () => {
  test('is the option, then COMETAPI_API_KEY, then COMETAPI_KEY', () => {
    const both = { COMETAPI_API_KEY: API_KEY, COMETAPI_KEY: OTHER_KEY };
    expect(revealed(resolveConfig({ apiKey: OTHER_KEY }, { COMETAPI_API_KEY: API_KEY }).apiKey)).toBe(OTHER_KEY);
    expect(revealed(resolveConfig({}, both).apiKey)).toBe(API_KEY);
    expect(revealed(resolveConfig({}, { COMETAPI_KEY: OTHER_KEY }).apiKey)).toBe(OTHER_KEY);
    expect(revealed(resolveConfig({ apiKey: null }, both).apiKey)).toBe(API_KEY);
  });

  test.each([undefined, null])(
    'causes a warning if both variables have different values and the option is %s',
    (apiKey) => {
      const warningsOf = (COMETAPI_API_KEY: string, COMETAPI_KEY: string) =>
        resolveConfig({ apiKey }, { COMETAPI_API_KEY, COMETAPI_KEY }).warnings;
      expect(warningsOf(API_KEY, OTHER_KEY)).toEqual([
        'COMETAPI_API_KEY and COMETAPI_KEY have different values. The client uses COMETAPI_API_KEY.',
      ]);
      expect(warningsOf(API_KEY, API_KEY)).toEqual([]);
    },
  );

  test('causes no warning about different variables if it is an option', () => {
    const { warnings } = resolveConfig({ apiKey: API_KEY }, { COMETAPI_API_KEY: OTHER_KEY, COMETAPI_KEY: API_KEY });
    expect(warnings).toEqual([]);
  });

  test('is trimmed, because a key read from a file may end with a newline', () => {
    expect(revealed(resolveConfig({ apiKey: `  ${API_KEY}\r\n` }, {}).apiKey)).toBe(API_KEY);
  });

  test('may contain Latin-1 characters and needs no prefix', () => {
    const key = `clé ${randomBytes(8).toString('hex')}`;
    expect(revealed(resolveConfig({ apiKey: key }, {}).apiKey)).toBe(key);
  });

  test('may have only eight characters', () => {
    expect(revealed(resolveConfig({ apiKey: API_KEY.slice(-8) }, {}).apiKey)).toBe(API_KEY.slice(-8));
  });

  test('is required', () => {
    expect(refusal({}).problems).toEqual([REQUIRED]);
    expect(refusal({}).message).toMatch(/CometAPI API key.*COMETAPI_KEY/i);
  });

  test.each(['', '   ', '\n'])('never falls back to a variable if the option is blank (%j)', (apiKey) => {
    expect(refusal({ apiKey }, { COMETAPI_API_KEY: API_KEY }).message).toMatch(/CometAPI API key is required/);
  });

  test.each([[7], [true], [{}], [[API_KEY]], [Symbol('key')]])('must not be %o', (apiKey) => {
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
  ])('must not contain %s', (_name, key) => {
    const sentence = (field: string) =>
      `${field} contains a character that is not allowed in an HTTP header. Copy the key again.`;
    expect(refusal({ apiKey: key }).problems).toEqual([sentence('apiKey')]);
    expect(refusal({}, { COMETAPI_API_KEY: key }).problems).toEqual([sentence('COMETAPI_API_KEY')]);
    expect(refusal({}, { COMETAPI_KEY: key }).problems).toEqual([sentence('COMETAPI_KEY')]);
  });

  test('must have eight characters, because a shorter key cannot be redacted', () => {
    expect(refusal({ apiKey: 'sk-1234' }).problems).toEqual([
      'apiKey must have at least 8 characters. A shorter key cannot be redacted.',
    ]);
    expect(refusal({}, { COMETAPI_KEY: 'sk-1234' }).problems).toEqual([
      'COMETAPI_KEY must have at least 8 characters. A shorter key cannot be redacted.',
    ]);
  });

  test('never appears in a printed or serialized configuration', () => {
    const config = configOf();
    expect([inspect(config, { depth: 9, showHidden: true }), JSON.stringify(config), `${config}`].join()).not.toContain(
      API_KEY,
    );
  });

  test('is refused in every other setting', () => {
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
    // In JavaScript the function can return anything.
    const config = resolveConfig({ apiKey: apiKey as () => string }, { COMETAPI_API_KEY: OTHER_KEY });
    return Promise.resolve(revealed(config.apiKey));
  };

  test('is requested for each use, and trimmed', async () => {
    let asked = 0;
    const { apiKey } = resolveConfig({ apiKey: () => `${API_KEY}${asked++}\n` }, {});
    expect([await revealed(apiKey), await revealed(apiKey)]).toEqual([`${API_KEY}0`, `${API_KEY}1`]);
    expect(await ask(async () => API_KEY)).toBe(API_KEY);
  });

  test('is not requested before it is needed', () => {
    expect(() =>
      resolveConfig(
        {
          apiKey() {
            throw new Error('called too early');
          },
        },
        {},
      ),
    ).not.toThrow();
  });

  test.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, 'The apiKey function must return a non-empty string.'],
    ['a blank string', () => ' \n', 'The apiKey function must return a non-empty string.'],
    ['a number', () => 12_345_678, 'The apiKey function must return a non-empty string.'],
    [
      'a short key',
      () => 'sk-1234',
      'The result of the apiKey function must have at least 8 characters. A shorter key cannot be redacted.',
    ],
    [
      'a key with a line break',
      () => `${API_KEY}\nx: y`,
      'The result of the apiKey function contains a character that is not allowed in an HTTP header. Copy the key again.',
    ],
    [
      'an error',
      () => {
        throw new Error(`vault refused ${API_KEY}`, { cause: API_KEY });
      },
      'The apiKey function failed. Call the function directly to see its error.',
    ],
    [
      'a rejection',
      () => Promise.reject(new Error(API_KEY)),
      'The apiKey function failed. Call the function directly to see its error.',
    ],
  ])('that results in %s causes an error without the key', async (_name, apiKey, message) => {
    const error: unknown = await ask(apiKey).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CometAPIError);
    expect(inspect(error, { depth: 9 })).not.toContain(API_KEY);
    expect(error).toMatchObject({ message });
  });
});
