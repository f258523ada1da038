import { describe, expect, test } from 'vitest';
import { encodeBody } from '../../src/call/encode-body';
import { type EncodedRequest, encodeRequest, type TypedDefaults } from '../../src/call/encode-request';
import { requestUrl } from '../../src/call/request-url';
import type { RequestOptions } from '../../src/config/options';

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
  test('has our headers, under those of the client, under those of the call', () => {
    const { headers, method, url, body } = encode(
      { body: { a: 1 }, headers: { 'User-Agent': 'mine' } },
      { headers: { accept: 'text/plain', 'content-type': 'text/plain', 'user-agent': 'client' } },
    );
    expect([method, url.href, body]).toEqual(['POST', 'https://gateway.example/v1/probe', '{"a":1}']);
    expect(Object.fromEntries(headers)).toEqual({
      accept: 'text/plain',
      // What was encoded is known better than by a default.
      'content-type': 'application/json',
      'idempotency-key': 'fresh',
      'user-agent': 'mine',
    });
  });

  test('has an idempotency key for POST alone, which the caller may choose or remove', () => {
    const keyOf = (options: Parameters<typeof encode>[0]) => encode(options).headers.get('idempotency-key');
    expect([
      keyOf({}),
      keyOf({ idempotencyKey: 'own' }),
      keyOf({ headers: { 'Idempotency-Key': null } }),
      keyOf({ method: 'put' }),
    ]).toEqual(['fresh', 'own', null, null]);
  });

  test('has the content type of the call, also none', () => {
    const typeOf = (headers: RequestOptions['headers']) => encode({ body: {}, headers }).headers.get('content-type');
    expect([
      typeOf(undefined),
      typeOf([['Content-Type', 'application/x-own']]),
      typeOf({ 'content-type': null }),
    ]).toEqual(['application/json', 'application/x-own', null]);
  });

  test('reads headers once, however they come', () => {
    const once = [['x-one', 'a']][Symbol.iterator]() as never;
    expect(encode({ headers: once }).headers.get('x-one')).toBe('a');
  });

  test('is refused on another origin, and where path and base make no URL', () => {
    expect(() => encode({ path: 'https://elsewhere.example/v1' })).toThrow(/another origin/);
    expect(() => encode({ path: 'https://' })).toThrow(/no URL/);
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
  ])('says %j as %s', (value, search) => {
    expect(query(value)).toBe(search);
  });

  test('keeps the query of its path, unless a parameter replaces it', () => {
    expect(query({ a: 2 }, '/p?a=1&a=3&b=4')).toBe('?b=4&kept=1&a=2');
    expect(query({}, 'p')).toBe('?kept=1');
  });

  test('escapes what would be read as something else', () => {
    expect(requestUrl('/p', 'https://g.example', [{ 'a&b': 'c=d e?#' }]).search).toBe('?a%26b=c%3Dd+e%3F%23');
  });
});

describe('a body', () => {
  const encoder = new TextEncoder();
  const textOf = (body: unknown): Promise<string> => new Response(body as BodyInit).text();

  test.each([
    [undefined, null, undefined],
    [null, null, undefined],
  ])('of %j is none', (body, type, sent) => {
    expect(encodeBody(body, type)).toEqual({ body: sent, contentType: undefined });
  });

  test('of bytes is a copy of just these bytes', () => {
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
  ])('that is %s stays it, and fetch says its type', (_name, body) => {
    expect(encodeBody(body, null)).toEqual({ body, contentType: undefined });
  });

  test('of text is JSON, unless the caller says what it is', () => {
    expect(encodeBody('a', null)).toEqual({ body: '"a"', contentType: 'application/json' });
    expect(encodeBody('a', 'text/plain')).toEqual({ body: 'a', contentType: undefined });
  });

  test('of an iterator is a stream, which asks for no more than is read and is told when nobody reads on', async () => {
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

  test('of a list, a map or an object that says how it is written is JSON', () => {
    const own = { toJSON: () => ({ said: true }), [Symbol.iterator]: () => [][Symbol.iterator]() };
    expect([[1], new Map(), own, 0, false].map((body) => encodeBody(body, null).body)).toEqual([
      '[1]',
      '{}',
      '{"said":true}',
      '0',
      'false',
    ]);
  });

  test('of an object can be a form', () => {
    const type = 'application/x-www-form-urlencoded';
    expect(encodeBody({ a: ['1', '2'] }, type)).toEqual({ body: 'a%5B%5D=1&a%5B%5D=2', contentType: type });
  });

  test('that is no JSON is an error without a word of it', () => {
    const circle: { secretName?: unknown } = {};
    circle.secretName = circle;
    expect(() => encodeBody(circle, null)).toThrow(/cannot be written as JSON/);
    expect(() => encodeBody({ big: 1n }, null)).not.toThrow(/big/);
  });
});
