import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import type { APIError } from '../../src/errors/api-error';
import { CometAPIError } from '../../src/errors/cometapi-error';
import { createError } from '../../src/errors/create-error';
import { createRedactor } from '../../src/facts/redaction/redactor';
import { answeredWith, unanswered } from './failed-facts';

const KEY = `sk-${randomBytes(24).toString('hex')}`;
const REDACTOR = createRedactor([KEY]);
const ABORTED = unanswered('_OTHER', 'cancelled', { ending: 'cancelled', endingReason: 'caller_abort' });

/** Every form in which an error can leave the process. */
function forms(error: Error): string {
  return [
    error.message,
    error.stack,
    String(error),
    inspect(error, { depth: 20 }),
    inspect({ wrapped: error }, { depth: 20, showHidden: false }),
    inspect(structuredClone(error), { depth: 20 }),
    JSON.stringify(error),
    JSON.stringify({ ...error }),
  ].join('\n');
}

describe('the printed forms of an error', () => {
  const words = 'The quick brown server says';
  const error = createError({
    facts: answeredWith(400, 'invalid_request'),
    server: { serverMessage: `${words} [redacted]` },
    headers: new Headers({ authorization: `Bearer ${KEY}`, 'x-request-id': KEY, 'x-ratelimit-limit': '5' }),
    redactor: REDACTOR,
  });

  test('do not contain the server text, which only serverMessage returns', () => {
    expect(error.serverMessage).toContain(words);
    expect(forms(error)).not.toContain(words);
  });

  test('contain no header, and the kept headers contain no key', () => {
    expect(forms(error)).not.toContain('x-ratelimit');
    expect([...(error.headers ?? [])].flat().join()).toBe('x-ratelimit-limit,5');
  });

  test('contain the attempts once, and not the other facts', () => {
    expect(forms(error)).toContain('attempts');
    expect(forms(error)).not.toContain('routeTemplate');
  });
});

describe('the cause of an abort', () => {
  const abortedFor = (reason: unknown): APIError => createError({ facts: ABORTED, reason, redactor: REDACTOR });

  test.each([
    ['an error', new Error('the user went away')],
    ['a string', 'the user went away'],
    ['a number', 7],
    ['null', null],
    ['the default reason of abort()', AbortSignal.abort().reason],
    ['a timeout', new DOMException('The operation timed out.', 'TimeoutError')],
    ['an object literal', { why: 'shutdown', at: [1, 2] }],
    ['an object without a prototype', Object.assign(Object.create(null), { why: 'shutdown' })],
    ['an error with a cause and errors', new AggregateError([new Error('one')], 'all', { cause: new Error('deep') })],
  ])('is the abort reason itself: %s', (_name, reason) => {
    const error = abortedFor(reason);
    expect(error.cause).toBe(reason);
    expect(error.message).toBe('Request was aborted.');
    expect(Object.keys(error)).not.toContain('cause');
  });

  class Holder {
    readonly #key = KEY;
    [inspect.custom](): string {
      return this.#key;
    }
  }
  const loop: Record<string, unknown> = { key: KEY };
  loop['self'] = loop;
  const named = new Error('x');
  named.name = KEY;

  test.each([
    ['in the message', new Error(`wrong key ${KEY}`)],
    ['in base64 in the message', new Error(Buffer.from(KEY).toString('base64'))],
    ['as a string', KEY],
    ['in a property', Object.assign(new Error('failed'), { config: { headers: { authorization: `Bearer ${KEY}` } } })],
    ['in a property that is not enumerable', Object.defineProperty(new Error('failed'), 'hidden', { value: KEY })],
    ['in the name of a property', { [KEY]: 1 }],
    ['under a symbol', { [Symbol('key')]: KEY }],
    ['in the description of a symbol', Symbol(KEY)],
    ['in its name', named],
    ['in its cause', new Error('outer', { cause: new Error('inner', { cause: KEY }) })],
    ['in one of its errors', new AggregateError([new Error(KEY)], 'all')],
    ['in an array', [[[KEY]]]],
    ['in a circular object', loop],
    ['in headers', new Headers({ authorization: `Bearer ${KEY}` })],
    ['in a request', { request: new Request('http://127.0.0.1/', { headers: { authorization: `Bearer ${KEY}` } }) }],
    ['in a map', new Map([['key', KEY]])],
    ['in bytes', Buffer.from(KEY)],
    ['in a URL', new URL(`http://127.0.0.1/${KEY}`)],
    ['in an object that prints itself', new Holder()],
    ['in a function', () => KEY],
    [
      'behind an accessor that throws',
      Object.defineProperty(new Error('x'), 'message', { get: () => JSON.parse(KEY) }),
    ],
    ['in an array of 5,000 values', Array.from({ length: 5_000 }, () => 'word')],
  ])('is dropped if it contains the key or cannot be checked: %s', (_name, reason) => {
    const error = abortedFor(reason);
    expect('cause' in error).toBe(false);
    expect(forms(error)).not.toContain(KEY);
  });

  test('is absent on every error other than an abort', () => {
    const error = createError({
      facts: answeredWith(500, 'server_error'),
      reason: new Error('unrelated'),
      redactor: REDACTOR,
    });
    expect('cause' in error).toBe(false);
  });
});

describe('isInstance', () => {
  test('recognizes errors of another copy of this package, and no other values', async () => {
    vi.resetModules();
    const copy = await import('../../src/errors/create-error');
    const foreign = copy.createError({ facts: ABORTED, redactor: REDACTOR });
    expect([foreign instanceof CometAPIError, CometAPIError.isInstance(foreign)]).toEqual([false, true]);
    const others = [new Error('x'), null, undefined, 'CometAPIError', { name: 'CometAPIError' }, () => undefined];
    expect(others.filter((other) => CometAPIError.isInstance(other))).toEqual([]);
  });

  test('uses a marker that is not printed', () => {
    expect(inspect(new CometAPIError('message'), { showHidden: false })).not.toContain('cometapi-otel.error');
    expect(Object.getOwnPropertySymbols({ ...new CometAPIError('message') })).toEqual([]);
  });
});

test('the class name appears in the stack and the string, even if a minifier shortens class names', () => {
  const error = createError({ facts: answeredWith(429, 'rate_limited'), redactor: REDACTOR });
  expect(String(error)).toMatch(/^RateLimitError: 429 /);
  expect(error.stack).toMatch(/^RateLimitError: 429 /);
  expect(Object.getOwnPropertyDescriptor(Object.getPrototypeOf(error), 'name')?.value).toBe('RateLimitError');
});
