import { randomBytes, randomInt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { growthOf, LARGER, LINEAR } from '../../support/growth';

/** Punctuation that encoders treat differently. */
const PUNCTUATION = '+/=&?"\\<>\'% ;';
const SECRET = `sk${PUNCTUATION}${randomBytes(24).toString('base64')}`;
const REDACTOR = createRedactor([SECRET]);

const base64At = (offset: number): string =>
  Buffer.from(`${'x'.repeat(offset)}${SECRET}${'y'.repeat(4)}`).toString('base64');
const percent = encodeURIComponent(SECRET);

/** The secret in every encoding, with surrounding text. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ['unchanged', SECRET],
  ['JSON-escaped', JSON.stringify({ key: SECRET })],
  ['JSON-escaped twice', JSON.stringify(JSON.stringify({ key: SECRET }))],
  ['URL-encoded', `https://a.example/?key=${percent}&x=1`],
  ['URL-encoded in lower case', percent.replaceAll(/%../g, (triplet) => triplet.toLowerCase())],
  ['hexadecimal', Buffer.from(SECRET).toString('hex')],
  ['hexadecimal in upper case', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['base64', base64At(0)],
  ['base64 after one byte', base64At(1)],
  ['base64 after two bytes', base64At(2)],
  ['base64 after many bytes', base64At(31)],
  ['base64 without padding', base64At(0).replaceAll('=', '')],
  ['base64 for URLs', Buffer.from(`x${SECRET}`).toString('base64url')],
  ['base64 of a basic credential', Buffer.from(`user:${SECRET}`).toString('base64')],
];

describe('a secret', () => {
  test.each(SPELLINGS)('is detected and redacted: %s', (_name, text) => {
    expect(REDACTOR.containsSecret(text)).toBe(true);
    expect(REDACTOR.looksSensitive(text)).toBe(true);
    const clean = REDACTOR.redact(`before ${text} after`, 5_000);
    expect(REDACTOR.containsSecret(clean)).toBe(false);
    expect(clean).toContain('[redacted]');
    expect(clean.startsWith('before ')).toBe(true);
    expect(clean.endsWith(' after')).toBe(true);
    expect(windowsIn(clean, SECRET)).toEqual([]);
  });

  test('with Latin-1 characters is detected in the bytes of a header', () => {
    const latin = `clé-${randomBytes(12).toString('hex')}-ÿ`;
    const redactor = createRedactor([latin]);
    for (const encoding of ['latin1', 'utf8'] as const) {
      const bytes = Buffer.from(latin, encoding);
      expect([
        redactor.containsSecret(bytes.toString('base64')),
        redactor.containsSecret(bytes.toString('hex')),
      ]).toEqual([true, true]);
    }
  });

  test('is not detected in other text', () => {
    const texts = ['', 'an ordinary sentence', randomBytes(60).toString('base64'), percent.slice(0, 6)];
    expect(texts.map((text) => REDACTOR.containsSecret(text))).toEqual(texts.map(() => false));
    expect(createRedactor().containsSecret(SECRET)).toBe(false);
  });

  test('is detected in pieces of eight characters in labels and redacted text', () => {
    const secret = randomBytes(24).toString('hex').toUpperCase();
    const redactor = createRedactor([secret]);
    for (let at = 0; at + 8 <= secret.length; at += 5) {
      const piece = secret.slice(at, at + 8);
      expect(redactor.looksSensitive(`x${piece}y`)).toBe(true);
      expect(redactor.redact(`x${piece}y`, 100)).toBe('x[redacted]y');
      expect(redactor.containsSecret(piece)).toBe(false);
    }
    expect(redactor.looksSensitive(secret.slice(0, 7))).toBe(false);
  });

  test('that overlaps another secret is redacted completely, and so is the other', () => {
    const middle = randomBytes(6).toString('hex').toUpperCase();
    const first = `${randomBytes(9).toString('hex').toUpperCase()}${middle}`;
    const second = `${middle}${randomBytes(9).toString('hex').toUpperCase()}`;
    const redactor = createRedactor([first, second]);
    const clean = redactor.redact(`${first}${second.slice(middle.length)}`, 500);
    expect([...windowsIn(clean, first), ...windowsIn(clean, second)]).toEqual([]);
  });

  test('that contains another secret is redacted as a whole', () => {
    const inner = randomBytes(9).toString('hex');
    const outer = `x${inner}y${randomBytes(9).toString('hex')}`;
    expect(createRedactor([inner, outer]).redact(`(${outer})`, 500)).toBe('([redacted])');
  });

  test('shorter than eight characters is ignored, because redacting it would remove ordinary text', () => {
    const redactor = createRedactor(['abc1234', 'abc12345']);
    expect([redactor.secretCount, redactor.containsSecret('abc1234'), redactor.containsSecret('abc12345')]).toEqual([
      1,
      false,
      true,
    ]);
  });

  test('is counted once and extends the known secrets', () => {
    const more = randomBytes(12).toString('hex');
    const redactor = REDACTOR.with([more, SECRET, more, 'short']);
    expect([REDACTOR.secretCount, redactor.secretCount, createRedactor([more, more]).secretCount]).toEqual([1, 2, 1]);
    expect([redactor.containsSecret(more), redactor.containsSecret(SECRET), REDACTOR.containsSecret(more)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(REDACTOR.with([SECRET, 'short'])).toBe(REDACTOR);
  });

  test('can contain half of a surrogate pair', () => {
    const redactor = createRedactor([`${randomBytes(9).toString('hex')}\ud800`]);
    expect(redactor.redact('text \ud800', 100)).toBe('text \ufffd');
  });
});

describe('redacted text', () => {
  const redact = (text: string, maxLength = 500): string => createRedactor().redact(text, maxLength);

  test('keeps ordinary text unchanged', () => {
    const texts = [
      'model name is required (request id: 20260101080000123456789AbCdEfGh)',
      'Rate limit reached for gpt-5.1: 3 of 3 requests per minute. Try again in 20 s.',
      'Größe 模型 🔑 naïve — “quoted” … 1,234.56',
      'max_tokens must be <= 4096, not 1234567890123',
    ];
    expect(texts.map((text) => redact(text))).toEqual(texts);
  });

  const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

  test.each([
    ['CometAPI key', `sk-${hex(24)}`],
    ['project key', `sk-proj-${hex(30)}_${hex(10)}-x`],
    ['key that a server shortened', `sk-${hex(2)}...${hex(2)}`],
    ['key that a server masked with stars', `sk-${hex(2)}********${hex(2)}`],
    ['bearer token', `Bearer ${hex(20)}`],
    ['bearer token in lower case', `bearer: ${hex(20)}`],
    ['JSON web token', `eyJ${hex(12)}.eyJ${hex(20)}.${hex(20)}`],
    ['GitHub token', `ghp_${hex(18)}`],
    ['fine-grained GitHub token', `github_pat_${hex(20)}`],
    ['GitLab token', `glpat-${hex(10)}`],
    ['Hugging Face token', `hf_${hex(17)}`],
    ['xAI key', `xai-${hex(40)}`],
    ['npm token', `npm_${hex(18)}`],
    ['Slack token', `xoxb-${randomInt(10 ** 11, 10 ** 12)}-${hex(12)}`],
    ['AWS key id', `AKIA${hex(8).toUpperCase()}`],
    ['Google key', `AIza${hex(17)}x`],
    ['Google access token', `ya29.${hex(20)}`],
    ['webhook secret', `whsec_${hex(16)}`],
    ['payment key', `sk_live_${hex(12)}`],
    ['private key with its body', `-----BEGIN RSA PRIVATE KEY----- ${randomBytes(90).toString('base64')}`],
    ['e-mail address', `jane.${hex(3)}+tag@mail-${hex(2)}.example.co.uk`],
    ['card number', '4111 1111 1111 1111'],
    ['card number with hyphens', '5500-0000-0000-0004'],
    ['card number without separators', '378282246310005'],
    ['card number of nineteen digits', '6304000000000000000'],
  ])('contains no %s', (_name, secret) => {
    expect(redact(`it was ${secret}, or so`)).toMatch(/^it was \[redacted\](?:-----)?, or so$/);
    expect(redact(secret)).not.toContain(secret.slice(4, 16));
  });

  test('contains no card number between other numbers', () => {
    expect(redact('12 4111 1111 1111 1111 7')).toBe('12 [redacted] 7');
    expect(redact('4111 1111 1111 1111 5500 0000 0000 0004')).toBe('[redacted] [redacted]');
    expect(redact('4111\n1111\t1111\r1111')).toBe('[redacted]');
  });

  test('contains no card number of 13 to 19 digits, but keeps longer and shorter numbers', () => {
    const texts = [12, 13, 19, 20].map((digits) => '0'.repeat(digits));
    expect(texts.map((text) => redact(text))).toEqual(['0'.repeat(12), '[redacted]', '[redacted]', '0'.repeat(20)]);
  });

  test('contains no e-mail address with a local part of up to 64 characters, and redacts nothing twice', () => {
    expect(redact(`${'x'.repeat(70)}@mail.example`)).toBe(`${'x'.repeat(6)}[redacted]`);
    expect(redact('a@b.cd@e.fg')).toBe('[redacted]@e.fg');
    expect(redact('say @mail.example')).toBe('say @mail.example');
  });

  test('keeps numbers that are not card numbers', () => {
    const texts = [
      '4111 1111 1111 1112',
      '411111111111',
      '41111111111111111111111111111111',
      'id4111111111111111',
      '4111111111111111x',
      '2026-11-21 12:00:00.000',
      '1 2 3 4 5 6 7 8 9 10 11 12',
    ];
    expect(texts.map((text) => redact(text))).toEqual(texts);
  });

  test('contains no secret that invisible characters split', () => {
    const secret = randomBytes(20).toString('hex').toUpperCase();
    const redactor = createRedactor([secret]);
    for (const invisible of ['\u200b', '\u200d', '\u202e', '\u2066', '\ufeff', '\u2060']) {
      const divided = [...secret].join(invisible);
      expect(redactor.redact(`a ${divided} b`, 500)).toBe('a [redacted] b');
    }
    expect(redact('jane\u200b@mail\u200b.example')).toBe('[redacted]');
  });

  test('contains no terminal escapes, line breaks or direction marks', () => {
    const text = 'a\u0000b\u001b[31mc\u009bd\u007fe\u202ef\u2066g\u200bh\ufeffi\u2028j\u2029k\r\nl\u0085m';
    expect(redact(text)).toBe('a b [31mc d efghi j k  l m');
  });

  test('is redacted before it is cut, so no part of a secret remains', () => {
    const secret = randomBytes(24).toString('hex').toUpperCase();
    const redactor = createRedactor([secret]);
    for (let length = 20; length < 80; length++) {
      const clean = redactor.redact(`${'x'.repeat(30)}${secret} end`, length);
      expect(clean.length).toBeLessThanOrEqual(length);
      expect(windowsIn(clean, secret)).toEqual([]);
    }
    expect(redact(`${'x'.repeat(19)} jane.doe@mail.example`, 30)).toBe(`${'x'.repeat(19)} [redacted]`);
    // `[redacted]` is short, so text after many secrets moves into the kept part. It must be clean too.
    const many = `${`Bearer ${'A1'.repeat(900)} `.repeat(20)}jane.doe@mail.example`;
    expect(redact(many, 500)).not.toContain('jane');
  });

  test('has at most the given length, ends with … if it was cut, and is well-formed', () => {
    expect(redact('x'.repeat(600), 10)).toBe('xxxxxxxxx…');
    expect(redact('x'.repeat(10), 10)).toBe('xxxxxxxxxx');
    expect(redact('🔑🔑🔑', 4)).toBe('🔑\ufffd…');
    expect(redact('x'.repeat(100_000), 200_000)).toHaveLength(65_536);
  });
});

describe('with a random secret in random text', () => {
  const alphabet = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+/='];
  const secrets = fc
    .array(fc.constantFrom(...alphabet), { minLength: 8, maxLength: 80 })
    .map((parts) => parts.join(''));
  const surroundings = fc.string({ unit: 'grapheme', maxLength: 60 });
  const spell = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => JSON.stringify(text),
    (text) => JSON.stringify(JSON.stringify(text)),
    (text) => encodeURIComponent(text),
    (text) => Buffer.from(text).toString('base64'),
    (text) => Buffer.from(text).toString('base64url'),
    (text) => Buffer.from(text).toString('hex'),
    (text) => text.slice(0, Math.ceil(text.length / 2) + 4),
    (text) => text.slice(Math.floor(text.length / 3)),
  );

  test('no eight consecutive characters of it remain, except lowercase words', () => {
    fc.assert(
      fc.property(
        secrets,
        surroundings,
        surroundings,
        spell,
        fc.integer({ min: 1, max: 400 }),
        (secret, before, after, as, maxLength) => {
          const redactor = createRedactor([secret]);
          const clean = redactor.redact(`${before}${as(secret)}${after}`, maxLength);
          return windowsIn(clean, secret).length === 0 && !redactor.containsSecret(clean) && clean.length <= maxLength;
        },
      ),
      { numRuns: 2_000, interruptAfterTimeLimit: 10_000 },
    );
  });

  test('no base64 of it remains, at any alignment', () => {
    fc.assert(
      fc.property(secrets, fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (secret, before, after) => {
        const redactor = createRedactor([secret]);
        const encoded = Buffer.from(`${before}${secret}${after}`).toString('base64');
        return redactor.containsSecret(encoded) && !redactor.containsSecret(redactor.redact(encoded, 500));
      }),
    );
  });
});

describe('text that makes patterns slow', () => {
  /** The guard scans no longer text. */
  const MAX_SCANNED = 65_536;
  const repeated = (unit: string, length: number): string =>
    unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  const key = randomBytes(24).toString('hex').toUpperCase();
  const redactor = createRedactor([key]);
  const units: Readonly<Record<string, string>> = {
    'sk-sk-…': 'sk-',
    'sk- with spaces': 'sk- ',
    '@@@': '@',
    'a…!': 'a',
    'a@a@a': 'a@',
    'long names before an at sign': `${'a'.repeat(64)}@${'b'.repeat(63)}!`,
    'addresses without an end': `${'a'.repeat(64)}@${'b.'.repeat(10)}@`,
    digits: '1',
    'digits and spaces': '1 ',
    'almost card numbers': '4111-',
    'BEGIN without a key': '-----BEGIN A',
    hyphens: '-',
    'eyJeyJ…': 'eyJ',
    'dots after a token': 'eyJaaaaaaaa.',
    'Bearer Bearer': 'Bearer ',
    'bearer and spaces': 'bearer    ',
    'percent signs': '%',
    'invisible characters': '\u200b',
    'control characters': '\u001b',
    'the secret itself': key,
    'almost the secret': `${key.slice(0, 30)}!`,
    'pieces of the secret': `${key.slice(3, 11)}_`,
  };

  test.each(Object.entries(units))('is scanned in linear time: %s', (_name, unit) => {
    const large = `${repeated(unit, MAX_SCANNED - 1)}!`;
    const small = `${repeated(unit, MAX_SCANNED / LARGER - 1)}!`;
    expect(growthOf((text) => redactor.redact(text, 500), small, large)).toBeLessThan(LINEAR);
    expect(growthOf((text) => redactor.looksSensitive(text), small, large)).toBeLessThan(LINEAR);
    expect(growthOf((text) => redactor.containsSecret(text), small, large)).toBeLessThan(LINEAR);
  });

  test('is refused as a label without a scan, because no label is that long', () => {
    expect(createRedactor().looksSensitive('x'.repeat(65_537))).toBe(true);
    expect(createRedactor().looksSensitive('x'.repeat(65_536))).toBe(false);
  });
});

/** Returns the eight-character pieces of `secret` that `text` contains. Ignores lowercase words. */
function windowsIn(text: string, secret: string): string[] {
  const found: string[] = [];
  for (let at = 0; at + 8 <= secret.length; at++) {
    const window = secret.slice(at, at + 8);
    if (text.includes(window) && !/^[a-z_.-]+$/.test(window)) {
      found.push(window);
    }
  }
  return found;
}
