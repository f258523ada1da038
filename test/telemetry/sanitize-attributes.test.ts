import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretGuard } from '../../src/facts/secret-guard';
import { mergeAttributes } from '../../src/telemetry/merge-attributes';
import { sanitizeAttributes } from '../../src/telemetry/sanitize-attributes';
import { anAttribute } from '../support/facts';

test('words, numbers and booleans under dotted lowercase names are kept', () => {
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
  ['an empty word', { team: '' }],
  ['a word too long', { team: 'x'.repeat(129) }],
  ['a line break', { team: 'search\n' }],
  ['NaN', { ratio: Number.NaN }],
  ['infinity', { ratio: Number.POSITIVE_INFINITY }],
  ['null', { team: null }],
  ['an array', { team: ['search'] }],
  ['an object that would print a word', { team: { toString: () => 'search' } }],
  ['a bigint', { shard: 7n }],
  ['a symbol', { team: Symbol('search') }],
  ['an e-mail address', { owner: 'somebody@example.com' }],
  ['an upper-case name', { Team: 'search' }],
  ['a name with a space', { 'team name': 'search' }],
  ['an empty name', { '': 'search' }],
  ['gen_ai.*', { 'gen_ai.request.model': 'gpt-5.1' }],
  ['http.*', { 'http.request.method': 'POST' }],
  ['url.*', { 'url.full': 'x' }],
  ['server.*', { 'server.address': 'localhost' }],
  ['openai.*', { 'openai.api.type': 'responses' }],
  ['error.*', { 'error.type': 'x' }],
  ['cometapi.*', { 'cometapi.call.ending': 'completed' }],
  ['a bare reserved root', { error: true }],
])('%s is dropped and counted', (_what, input) => {
  expect(sanitizeAttributes(input)).toEqual({ attributes: [], dropped: 1 });
});

test('a name that only begins like a reserved one is free', () => {
  expect(sanitizeAttributes({ errors: 3, 'server_pool.size': 2 }).dropped).toBe(0);
});

test('a live key is dropped as value and as name, and so is what looks like one', () => {
  const key = ['live', crypto.randomUUID().replaceAll('-', '')].join('');
  const lookalike = ['sk', '-', crypto.randomUUID().replaceAll('-', '')].join('');
  expect(
    sanitizeAttributes({ team: key, part: key.slice(4, 20), [key]: 1, other: lookalike }, createSecretGuard([key])),
  ).toEqual({ attributes: [], dropped: 4 });
});

test('a getter is asked once, and one that throws is dropped', () => {
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

test('after the thirty-second the rest is counted and not even read', () => {
  let asked = 0;
  const input: Record<string, unknown> = Object.fromEntries(
    Array.from({ length: 32 }, (_, index) => [`label_${index}`, index]),
  );
  Object.defineProperty(input, 'late', { enumerable: true, get: () => (asked += 1) });
  input['later'] = 1;
  const { attributes, dropped } = sanitizeAttributes(input);
  expect([attributes.length, dropped, asked]).toEqual([32, 2, 0]);
});

test('a polluted prototype adds nothing, and an own __proto__ is a misfit that pollutes nothing', () => {
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
  ['a word', 'team'],
  ['a number', 7],
  [
    'a proxy that refuses to be listed',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
  ],
])('%s holds no labels', (_what, input) => {
  expect(sanitizeAttributes(input)).toEqual({ attributes: [], dropped: 0 });
});

test('whatever is given, nothing throws, everything is kept or counted, and what is kept fits', () => {
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

test('labels of a call win over those of its client, and what both dropped is added up', () => {
  expect(
    mergeAttributes(
      sanitizeAttributes({ team: 'search', shard: 1, Bad: 1 }),
      sanitizeAttributes({ shard: 2, 'also bad': 1 }),
    ),
  ).toEqual({ attributes: [anAttribute('team', 'search'), anAttribute('shard', 2)], dropped: 2 });
});
