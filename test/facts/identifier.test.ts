import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type IdentifierKind, identifier, modelIdentifier, timestampIdentifier } from '../../src/facts/identifier';
import { createRedactor, type Redactor } from '../../src/facts/redaction/redactor';

const NO_SECRETS = createRedactor();

interface Grammar {
  readonly fits: readonly string[];
  readonly schemaViolations: readonly string[];
}

const NEVER = [
  '',
  ' ',
  'two words',
  'The model said hello.',
  'line\nbreak',
  'return\rhome',
  'tab\there',
  'zero\0byte',
  'escape\u001b[31m',
  'c1\u009bcontrol',
  'bidi\u202eover',
  'zero\u200bwidth',
  'bom\ufeff',
  'ümlaut',
  '模型',
  'emoji🔑',
  'quote"',
  "apostrophe'",
  'back`tick',
  'angle<b>',
  'brace{x}',
  'comma,',
  'semicolon;',
  'dollar$',
  'back\\slash',
  'pipe|',
  'trailing ',
  ' leading',
  'trailing\n',
];

const GRAMMARS: Readonly<Record<IdentifierKind, Grammar>> = {
  model: {
    fits: ['gpt-5.1', 'a', 'claude-sonnet-4@20260101', 'accounts/team/models/x', 'qwen3:8b', 'o4+', 'x'.repeat(128)],
    schemaViolations: ['-gpt', '.gpt', 'x'.repeat(129), 'gpt 5', 'gpt-5\n'],
  },
  id: {
    fits: ['chatcmpl-123', 'req_1.2:3-4', '20260101080000123456789AbCdEfGh', 'x'.repeat(128)],
    schemaViolations: ['a/b', 'a@b', 'a+b', '_x', 'x'.repeat(129)],
  },
  host: {
    fits: [
      'api.cometapi.com',
      'localhost',
      '127.0.0.1',
      '::1',
      '[::1]',
      '[2001:db8::ff00:42:8329]',
      'a',
      'under_score.x',
    ],
    schemaViolations: ['api.cometapi.com:443', 'host/path', '-host', 'host-', 'user@host', `${'a'.repeat(254)}`],
  },
  url: {
    fits: [
      'https://api.cometapi.com/v1/chat/completions',
      'http://127.0.0.1:4000/…',
      'https://[::1]:4000/v1',
      'https://a.example',
      'https://a.example/v1?model=REDACTED&x=REDACTED',
    ],
    schemaViolations: [
      'ftp://a.example',
      'https://',
      '//a.example',
      'https://user@a.example/',
      'https://a.example/#part',
      'https://a.example/v1?q=two words',
      'https://a.example/v1?q=100%25',
    ],
  },
  timestamp: {
    fits: ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.123Z'],
    schemaViolations: [
      '2026-11-21',
      '2026-11-21T12:00:00',
      '2026-11-21T12:00:00+01:00',
      '2026-11-21 12:00:00Z',
      '+012026-11-21T12:00:00Z',
    ],
  },
  date: { fits: ['2026-11-21'], schemaViolations: ['2026-11-2', '21.11.2026', '2026-11-21T12:00:00Z'] },
  docs_url: {
    fits: ['https://apidoc.cometapi.com/', 'https://apidoc.cometapi.com/api/text/chat#errors', 'https://a.example'],
    schemaViolations: [
      'http://a.example/',
      'https://a.example/?q=1',
      'https://a.example:8443/',
      'https://u@a.example/',
      'a.example',
    ],
  },
  version: {
    fits: ['1', '0.1.0', '24.21.0', '1.0.0-rc.1+build'],
    schemaViolations: ['v1', 'latest', '1.', '.1', '1.2.3.4.5.6.7.8', '1 2', '1234567'],
  },
  fingerprint: { fits: ['fp_44709d6fcb'], schemaViolations: ['fp_', '44709d6fcb', 'fp_44-09', `fp_${'a'.repeat(65)}`] },
  attribute_name: {
    fits: ['team', 'team.name_2', 'a.b.c.d.e.f'],
    schemaViolations: ['Team', '2team', 'team.', '.team', 'team..name', 'a.b.c.d.e.f.g', 'team-name', 'a'.repeat(33)],
  },
  json_path: {
    fits: ['$', '$[]', 'choices[].message.content', 'usage', '_x-y[][].z'],
    schemaViolations: ['$.', 'choices[0]', 'a..b', '.a', 'a b', 'a.$', '1a', 'a'.repeat(49), `a${'.b'.repeat(17)}`],
  },
  name: {
    fits: ['nightly', 'nightly.summary-2', 'ci:main@v1+2/x', '2026', 'x'.repeat(128)],
    schemaViolations: ['-x', '_x', 'x'.repeat(129)],
  },
};

/** The kinds of the table. */
const KINDS = Object.keys(GRAMMARS) as IdentifierKind[];

describe.each(KINDS)('a label of kind %s', (kind) => {
  const { fits, schemaViolations } = GRAMMARS[kind];

  test('accepts values that match the pattern, unchanged', () => {
    expect(fits.map((value) => identifier(kind, value, NO_SECRETS))).toEqual(fits);
  });

  test('refuses all other text, prose and control characters included', () => {
    const taken = [...schemaViolations, ...NEVER].filter((value) => identifier(kind, value, NO_SECRETS) !== undefined);
    expect(taken).toEqual([]);
  });

  test('refuses values that are not strings', () => {
    const values = [undefined, null, 5, true, {}, [fits[0]], Symbol('x'), Object(fits[0])];
    expect(values.map((value) => identifier(kind, value, NO_SECRETS))).toEqual(values.map(() => undefined));
  });

  test('never contains white space, control characters or non-ASCII characters', () => {
    const pieces = fc.constantFrom(...fits, ...NEVER, 'https://', 'fp_', '2026-11-21', 'T12:00:00Z');
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.array(pieces, { maxLength: 3 }).map((parts) => parts.join('')),
      fc.stringMatching(/^[A-Za-z0-9._:/@+-]{1,40}$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const made = identifier(kind, text, NO_SECRETS);
        // The library itself writes `…` for an unknown path of a URL.
        return made === undefined || /^[\x21-\x7e…]+$/.test(made);
      }),
    );
  });
});

describe('a label and the active secrets', () => {
  const secretOf = (): string => randomBytes(18).toString('base64url');
  const holding: readonly IdentifierKind[] = ['model', 'id', 'host', 'url', 'docs_url', 'name'];
  const place: Partial<Record<IdentifierKind, (piece: string) => string>> = {
    url: (piece) => `https://a.example/${piece}`,
    docs_url: (piece) => `https://a.example/${piece}`,
  };

  test.each(holding)('of kind %s never contains eight consecutive characters of a secret', (kind) => {
    fc.assert(
      fc.property(fc.nat(16), fc.integer({ min: 8, max: 24 }), (start, length) => {
        const secret = secretOf();
        const piece = secret.slice(start, start + length);
        fc.pre(piece.length >= 8 && !/^[a-z_.-]{8}/.test(piece));
        const value = (place[kind] ?? ((text: string) => `a${text}z`))(piece);
        return identifier(kind, value, createRedactor([secret])) === undefined;
      }),
    );
  });

  test.each(holding)('of kind %s may be a lowercase word that a secret contains', (kind) => {
    const secret = `${secretOf()}simulator${secretOf()}`;
    const value = (place[kind] ?? ((text: string) => text))('simulator');
    expect(identifier(kind, value, createRedactor([secret]))).toBe(value);
    expect(identifier(kind, place[kind]?.(secret) ?? `a${secret}`, createRedactor([secret]))).toBeUndefined();
  });

  test.each([
    'sk-',
    'pk-',
    'rk-',
    'ghp_',
    'github_pat_',
    'glpat-',
    'hf_',
    'npm_',
    'xai-',
    'xoxb-',
    'AKIA',
    'AIza',
    'eyJ',
  ])('refuses text that looks like a secret: %s…', (prefix) => {
    const tail = randomBytes(20).toString('hex').toUpperCase();
    expect(identifier('name', `${prefix}${tail}`, NO_SECRETS)).toBeUndefined();
  });

  test('refuses e-mail addresses, but accepts an at sign in names and models', () => {
    expect(identifier('name', 'jane.doe@mail.example', NO_SECRETS)).toBeUndefined();
    expect(identifier('model', 'jane@mail.example', NO_SECRETS)).toBeUndefined();
    expect(identifier('name', 'job@main', NO_SECRETS)).toBe('job@main');
  });
});

describe('a model label', () => {
  const models = (values: readonly unknown[], redactor: Redactor = NO_SECRETS) =>
    values.map((value) => modelIdentifier(value, redactor));

  test('is the name of the model, which may have one colon', () => {
    const names = ['gpt-5.1', 'qwen3:8b', 'openai/gpt-5.1', 'claude-sonnet-4@20260101', 'ft'];
    expect(models(names)).toEqual(names);
  });

  test('is _OTHER for a fine-tuned model, whose name contains the name of an organization', () => {
    const names = ['ft:gpt-5.1', 'ft:gpt-5.1:acme:summaries:AbC', 'FT:gpt-5.1', 'gpt:acme:x', 'a:b:c', '::a', 'a::'];
    expect(models(names)).toEqual(names.map(() => '_OTHER'));
  });

  test('is _OTHER for a value that is not a model name', () => {
    const values = ['', 'a prompt in the wrong place', 5, {}, [], true, 'x'.repeat(129), 'jane@mail.example'];
    expect(models(values)).toEqual(values.map(() => '_OTHER'));
  });

  test('is _OTHER for a value that contains a secret', () => {
    const secret = randomBytes(18).toString('hex').toUpperCase();
    expect(models([secret, `gpt-${secret.slice(3, 14)}`], createRedactor([secret]))).toEqual(['_OTHER', '_OTHER']);
  });

  test('is absent if the request has no model', () => {
    expect(models([undefined, null])).toEqual([undefined, undefined]);
  });
});

test('a timestamp label is in UTC with milliseconds and matches its pattern', () => {
  const moment = timestampIdentifier(Date.UTC(2026, 10, 21, 12, 0, 0, 5));
  expect(moment).toBe('2026-11-21T12:00:00.005Z');
  expect(identifier('timestamp', moment, NO_SECRETS)).toBe(moment);
});
