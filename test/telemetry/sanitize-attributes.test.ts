import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../../src/facts/redaction/redactor';
import { mergeAttributes } from '../../src/telemetry/merge-attributes';
import { sanitizeAttributes } from '../../src/telemetry/sanitize-attributes';
import { anAttribute } from '../support/facts';

test('keeps text without spaces, numbers and booleans with dotted lowercase names', () => {
  expect(sanitizeAttributes({ team: 'search', 'app.shard_2': 7, canary: false, ratio: 0, region: undefined })).toEqual({
    attributes: [
      anAttribute('team', 'search'),
      anAttribute('app.shard_2', 7),
      anAttribute('canary', false),
      anAttribute('ratio', 0),
    ],
    dropped: 0,
  });
});

test.each<[string, Record<string, unknown>]>([
  ['prose', { note: 'two words' }],
  ['empty text', { team: '' }],
  ['text that is too long', { team: 'x'.repeat(129) }],
  ['a line break', { team: 'search\n' }],
  ['NaN', { ratio: Number.NaN }],
  ['infinity', { ratio: Number.POSITIVE_INFINITY }],
  ['null', { team: null }],
  ['an array', { team: ['search'] }],
  ['an object that converts to valid text', { team: { toString: () => 'search' } }],
  ['a bigint', { shard: 7n }],
  ['a symbol', { team: Symbol('search') }],
  ['an e-mail address', { owner: 'somebody@example.com' }],
  ['a name in upper case', { Team: 'search' }],
  ['a name with a space', { 'team name': 'search' }],
  ['an empty name', { '': 'search' }],
  ['gen_ai.*', { 'gen_ai.request.model': 'gpt-5.1' }],
  ['http.*', { 'http.request.method': 'POST' }],
  ['url.*', { 'url.full': 'x' }],
  ['server.*', { 'server.address': 'localhost' }],
  ['openai.*', { 'openai.api.type': 'responses' }],
  ['error.*', { 'error.type': 'x' }],
  ['cometapi.*', { 'cometapi.call.ending': 'completed' }],
  ['the bare name of a reserved namespace', { error: true }],
])('drops and counts %s', (_what, input) => {
  expect(sanitizeAttributes(input)).toEqual({ attributes: [], dropped: 1 });
});

test('keeps a name that only starts with the same letters as a reserved namespace', () => {
  expect(sanitizeAttributes({ errors: 3, 'server_pool.size': 2 }).dropped).toBe(0);
});

test('drops an active key as value and as name, and text that looks like a key', () => {
  const key = ['live', crypto.randomUUID().replaceAll('-', '')].join('');
  const lookalike = ['sk', '-', crypto.randomUUID().replaceAll('-', '')].join('');
  expect(
    sanitizeAttributes({ team: key, part: key.slice(4, 20), [key]: 1, other: lookalike }, createRedactor([key])),
  ).toEqual({ attributes: [], dropped: 4 });
});

test('reads each getter once, and drops a getter that throws', () => {
  let asked = 0;
  const input = {
    get team() {
      asked += 1;
      return asked === 1 ? 'search' : 'two words';
    },
    get broken(): string {
      throw new Error('getter');
    },
  };
  expect(sanitizeAttributes(input)).toEqual({ attributes: [anAttribute('team', 'search')], dropped: 1 });
  expect(asked).toBe(1);
});

test('counts the attributes after the first 32 without reading them', () => {
  let asked = 0;
  const input: Record<string, unknown> = Object.fromEntries(
    Array.from({ length: 32 }, (_, index) => [`label_${index}`, index]),
  );
  Object.defineProperty(input, 'late', { enumerable: true, get: () => (asked += 1) });
  input['later'] = 1;
  const { attributes, dropped } = sanitizeAttributes(input);
  expect([attributes.length, dropped, asked]).toEqual([32, 2, 0]);
});

test('ignores a polluted prototype, and drops an own __proto__ without pollution', () => {
  Object.defineProperty(Object.prototype, 'polluted', { value: 'yes', enumerable: true, configurable: true });
  const found = [
    sanitizeAttributes({ team: 'search' }),
    sanitizeAttributes(JSON.parse('{"__proto__":{"admin":true},"constructor":"x"}')),
  ];
  Reflect.deleteProperty(Object.prototype, 'polluted');
  expect(found).toEqual([
    { attributes: [anAttribute('team', 'search')], dropped: 0 },
    { attributes: [anAttribute('constructor', 'x')], dropped: 1 },
  ]);
  expect(Reflect.get({}, 'admin')).toBeUndefined();
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a string', 'team'],
  ['a number', 7],
  [
    'a proxy whose ownKeys trap throws',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
  ],
])('returns no attributes for %s', (_what, input) => {
  expect(sanitizeAttributes(input)).toEqual({ attributes: [], dropped: 0 });
});

test('never throws, keeps or counts every attribute of any input, and keeps only valid ones', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.string(), fc.stringMatching(/^[a-z]{1,8}(\.[a-z]{1,8})?$/)), fc.anything()),
      (input) => {
        const { attributes, dropped } = sanitizeAttributes(input);
        const given = Object.keys(input).filter((name) => input[name] !== undefined);
        expect(attributes.length + dropped).toBeGreaterThanOrEqual(given.length);
        expect(attributes.length + dropped).toBeLessThanOrEqual(Object.keys(input).length);
        expect(attributes.length).toBeLessThanOrEqual(32);
        for (const { name, value } of attributes) {
          expect(name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/);
          expect(['number', 'boolean', 'string']).toContain(typeof value);
          expect(value).toBe(input[name]);
          expect(String(value)).not.toMatch(/\s/);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('attributes of a call win over those of its client, and the dropped counts are added', () => {
  expect(
    mergeAttributes(
      sanitizeAttributes({ team: 'search', shard: 1, Bad: 1 }),
      sanitizeAttributes({ shard: 2, 'also bad': 1 }),
    ),
  ).toEqual({ attributes: [anAttribute('team', 'search'), anAttribute('shard', 2)], dropped: 2 });
});
