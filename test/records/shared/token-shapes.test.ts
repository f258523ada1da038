import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { checkAnnotations } from '../../../src/records/shared/annotations';
import { holdsToken, redactTokens } from '../../../src/records/shared/token-shapes';
import { growthOf, LARGER, LINEAR } from '../../support/growth';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
/** Random letters and digits. Tries again if few digits precede letters, because such a text looks like a word. */
function mixed(length: number): string {
  const text = randomBytes(length * 2)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, length);
  return (text.match(/\d(?=[A-Za-z])/g) ?? []).length >= 3 && /[a-z]/.test(text) && /[A-Z]/.test(text)
    ? text
    : mixed(length);
}

describe('a key of an unknown provider', () => {
  test.each([
    ['a key of letters and digits', mixed(40)],
    ['a hexadecimal key', `${hex(15)}1a`],
    ['a key with a prefix', `acme_live_${mixed(32)}`],
    ['a base64 key', `${mixed(20)}/${mixed(12)}+${mixed(8)}`],
  ])('%s is redacted at any place in a note', (_name, key) => {
    for (const note of [key, `it is ${key}, I think`, `(${key})`, `"${key}"`, `key=${key}`]) {
      expect(redactTokens(note)).not.toContain(key);
      expect(redactTokens(note)).toContain('[redacted]');
    }
    expect(holdsToken(`https://example.com/${key}`)).toBe(true);
  });

  test.each([
    ['a password', 'password: hunter2', 'password: [redacted]'],
    ['a password in JSON', '{"password":"hunter2"}', '{"password":"[redacted]"}'],
    ['a named key', 'API key = correcthorse', 'API key = [redacted]'],
    ['a named token', 'token=correcthorsebattery', 'token=[redacted]'],
    ['a basic credential', `Basic ${btoa('user:hunter2')}`, 'Basic [redacted]'],
    ['the user information of a URL', 'postgres://admin:hunter2@db:5432/x', 'postgres://[redacted]@db:5432/x'],
    [
      'the query values of a URL',
      'https://a.example/x?code=hunter2&b=1#c',
      'https://a.example/x?code=[redacted]&b=[redacted]#c',
    ],
  ])('%s is redacted', (_name, text, clean) => {
    expect(redactTokens(text)).toBe(clean);
  });

  test.each([
    'The nightly job failed at 10:05 UTC with three 503 answers.',
    'See packages/summary-service2/src/V1Handler.test.tsx and README.md',
    'Basic authentication was used; the token: absent, max_tokens=8',
    'https://apidoc.cometapi.com/api/text/chat was read',
    'model claude-sonnet-4-5-20250929 and accounts/fireworks/models/llama-v3p1-405b-instruct',
    'getUserByIdentifierForTenant2 threw',
    'run publisher-smoke-20261121-1000, job agent-run-20261122-0058-0af2',
    `call ${randomUUID()}`,
    'request 20261122013109501337233IcoLkkHy',
    'Donaudampfschifffahrtsgesellschaftskapitän',
  ])('this text is kept: %s', (text) => {
    expect(redactTokens(text)).toBe(text);
  });

  test('a name or page that looks like a key is omitted, but a run id may be a commit hash', () => {
    const key = mixed(40);
    const commit = `${hex(19)}1a`;
    const words = {
      workflow: key,
      environmentName: key,
      runId: commit,
      docsChecked: [`https://a.example/${key}@2026-11-20`],
    };
    expect(checkAnnotations(words, createRedactor())).toMatchObject({
      workflow: null,
      environmentName: null,
      runId: commit,
      docs: [],
      dropped: true,
    });
  });

  test.each(['a1', 'A', '=', '://', 'password:', '?a=', 'Basic ', '1/'])(
    'text that repeats %j is redacted in linear time',
    (piece) => {
      const small = piece.repeat(8_192 / piece.length);
      expect(growthOf(redactTokens, small, small.repeat(LARGER))).toBeLessThan(LINEAR);
    },
  );
});
