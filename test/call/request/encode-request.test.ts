import { describe, expect, test } from 'vitest';
import { encodeBody } from '../../../src/call/request/encode-body';
import { type EncodedRequest, encodeRequest, type TypedDefaults } from '../../../src/call/request/encode-request';
import { requestUrl } from '../../../src/call/request/request-url';
import type { RequestOptions } from '../../../src/config/options';

const BASE = { href: 'https://gateway.example/v1', origin: 'https://gateway.example' };
const PLAIN: TypedDefaults = { headers: undefined, query: undefined, fetchOptions: undefined, userAgent: 'us/1' };

function encode(
  options: RequestOptions & { readonly method?: string; readonly path?: string; readonly body?: unknown },
  defaults: Partial<TypedDefaults> = {},
): EncodedRequest {
  const { method = 'post', path = '/probe', body, ...rest } = options;
  return encodeRequest(
    { method, path, body, stream: false, options: rest },
    BASE,
    { ...PLAIN, ...defaults },
    () => 'fresh',
  );
}

describe('a request', () => {
  test('has our headers, which the client and the call can override', () => {
    const { headers, method, url, body } = encode(
      { body: { a: 1 }, headers: { 'User-Agent': 'mine' } },
      { headers: { accept: 'text/plain', 'content-type': 'text/plain', 'user-agent': 'client' } },
    );
    expect([method, url.href, body]).toEqual(['POST', 'https://gateway.example/v1/probe', '{"a":1}']);
    expect(Object.fromEntries(headers)).toEqual({
      accept: 'text/plain',
      // The encoder knows the type of the body, so it replaces the client's default.
      'content-type': 'application/json',
      'idempotency-key': 'fresh',
      'user-agent': 'mine',
    });
  });

  test('has an idempotency key only for POST, and the caller can set or remove it', () => {
    const keyOf = (options: Parameters<typeof encode>[0]) => encode(options).headers.get('idempotency-key');
    expect([
      keyOf({}),
      keyOf({ idempotencyKey: 'own' }),
      keyOf({ headers: { 'Idempotency-Key': null } }),
      keyOf({ method: 'put' }),
    ]).toEqual(['fresh', 'own', null, null]);
  });

  test('has the content type of the call, or none if the call removes it', () => {
    const typeOf = (headers: RequestOptions['headers']) => encode({ body: {}, headers }).headers.get('content-type');
    expect([
      typeOf(undefined),
      typeOf([['Content-Type', 'application/x-own']]),
      typeOf({ 'content-type': null }),
    ]).toEqual(['application/json', 'application/x-own', null]);
  });

  test('iterates the headers only once', () => {
    const once = [['x-one', 'a']][Symbol.iterator]() as never;
    expect(encode({ headers: once }).headers.get('x-one')).toBe('a');
  });

  test('is refused if the URL is on another origin or is not valid', () => {
    expect(() => encode({ path: 'https://elsewhere.example/v1' })).toThrow(/another origin/);
    expect(() => encode({ path: 'https://' })).toThrow(/do not form a valid URL/);
    expect(encode({ path: 'https://gateway.example/v2' }).url.href).toBe('https://gateway.example/v2');
  });
});

describe('a URL', () => {
  const query = (value: object, path = '/p'): string =>
    decodeURIComponent(requestUrl(path, 'https://g.example', [{ kept: 1 }, value as never]).search);

  test.each([
    [{ a: 1, b: true, c: 'x' }, '?kept=1&a=1&b=true&c=x'],
    [{ list: ['a', 'b'], none: [] }, '?kept=1&list[]=a&list[]=b'],
    [{ deep: { x: [{ y: 1 }], z: null } }, '?kept=1&deep[x][][y]=1&deep[z]='],
    [{ at: new Date(0) }, '?kept=1&at=1970-01-01T00:00:00.000Z'],
    [{ gone: undefined, run: () => 1, kept: undefined }, ''],
    [{ kept: ['2'] }, '?kept[]=2'],
  ])('encodes the query %j as %s', (value, search) => {
    expect(query(value)).toBe(search);
  });

  test('keeps the query of the path, unless a parameter replaces it', () => {
    expect(query({ a: 2 }, '/p?a=1&a=3&b=4')).toBe('?b=4&kept=1&a=2');
    expect(query({}, 'p')).toBe('?kept=1');
  });

  test('escapes reserved characters', () => {
    expect(requestUrl('/p', 'https://g.example', [{ 'a&b': 'c=d e?#' }]).search).toBe('?a%26b=c%3Dd+e%3F%23');
  });
});

describe('a body', () => {
  const encoder = new TextEncoder();
  const textOf = (body: unknown): Promise<string> => new Response(body as BodyInit).text();

  test.each([
    [undefined, null, undefined],
    [null, null, undefined],
  ])('of %j is absent', (body, type, sent) => {
    expect(encodeBody(body, type)).toEqual({ body: sent, contentType: undefined });
  });

  test('of bytes is a copy of exactly these bytes', () => {
    const bytes = encoder.encode('abcdef');
    const { body } = encodeBody(new DataView(bytes.buffer, 1, 3), null);
    bytes.fill(0);
    expect(body).toEqual(encoder.encode('bcd'));
    expect(encodeBody(encoder.encode('ab').buffer, null).body).toEqual(encoder.encode('ab'));
  });

  test.each([
    ['a FormData', new FormData()],
    ['a Blob', new Blob(['a'])],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['a stream', new ReadableStream()],
  ])('that is %s is sent unchanged, and fetch sets the content type', (_name, body) => {
    expect(encodeBody(body, null)).toEqual({ body, contentType: undefined });
  });

  test('of text is JSON, unless the caller sets a content type', () => {
    expect(encodeBody('a', null)).toEqual({ body: '"a"', contentType: 'application/json' });
    expect(encodeBody('a', 'text/plain')).toEqual({ body: 'a', contentType: undefined });
  });

  test('of an iterator is a stream that reads only on demand and ends the iterator on cancel', async () => {
    const left: string[] = [];
    const iterate = function* (): Generator<Uint8Array> {
      try {
        yield encoder.encode('a');
        yield encoder.encode('b');
      } finally {
        left.push('left');
      }
    };
    expect(await textOf(encodeBody(iterate(), null).body)).toBe('ab');
    const { body } = encodeBody(
      (async function* () {
        yield* iterate();
      })(),
      null,
    );
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    expect(left).toEqual(['left', 'left']);
  });

  test('of an array, a map or an object with toJSON is JSON', () => {
    const own = { toJSON: () => ({ said: true }), [Symbol.iterator]: () => [][Symbol.iterator]() };
    expect([[1], new Map(), own, 0, false].map((body) => encodeBody(body, null).body)).toEqual([
      '[1]',
      '{}',
      '{"said":true}',
      '0',
      'false',
    ]);
  });

  test('of an object is a form if the content type says so', () => {
    const type = 'application/x-www-form-urlencoded';
    expect(encodeBody({ a: ['1', '2'] }, type)).toEqual({ body: 'a%5B%5D=1&a%5B%5D=2', contentType: type });
  });

  test('that cannot be JSON throws an error that does not quote it', () => {
    const circle: { secretName?: unknown } = {};
    circle.secretName = circle;
    expect(() => encodeBody(circle, null)).toThrow(/cannot be written as JSON/);
    expect(() => encodeBody({ big: 1n }, null)).not.toThrow(/big/);
  });
});
