import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortFailure } from '../../src/transport/failure';

const coded = (code: unknown, more: object = {}): Error =>
  Object.assign(new Error('quotes sk-something'), { code, ...more });
/** An error of undici, wrapped by Node's fetch and then by ky. */
const wrapped = (cause: unknown): Error => new Error('ky', { cause: new TypeError('fetch failed', { cause }) });

const line = (error: unknown): string => {
  const { errorType, sent, cause } = sortFailure(error);
  return `${errorType}, ${sent} sent, ${cause}`;
};

const BY_CODE: Readonly<Record<string, readonly string[]>> = {
  'connection_refused, never sent, connection': ['ECONNREFUSED', 'ConnectionRefused'],
  'dns_error, never sent, dns': ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'],
  'timeout, never sent, connection': ['UND_ERR_CONNECT_TIMEOUT'],
  'network_error, never sent, connection': [
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENETDOWN',
    'EHOSTDOWN',
    'EADDRNOTAVAIL',
    'EMFILE',
    'ENFILE',
  ],
  'connection_reset, maybe sent, connection': [
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'UND_ERR_SOCKET',
    'UND_ERR_CLOSED',
    'UND_ERR_DESTROYED',
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    'ConnectionClosed',
  ],
  'timeout, maybe sent, connection': ['ETIMEDOUT'],
  'timeout, maybe sent, platform_limit': ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
  'protocol_error, maybe sent, protocol': [
    'HPE_INVALID_CONSTANT',
    'UND_ERR_HEADERS_OVERFLOW',
    'Z_DATA_ERROR',
    'Z_BUF_ERROR',
    'ERR__ERROR_FORMAT_PADDING_1',
    'ZSTD_error_corruption_detected',
  ],
  'tls_error, never sent, tls': [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'CRL_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'HOSTNAME_MISMATCH',
    'INVALID_CA',
    'EPROTO',
  ],
  '_OTHER, never sent, other': ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'],
};

describe.each(Object.entries(BY_CODE))('%s', (expected, codes) => {
  test.each(codes)('%s', (code) => {
    // The depth in the chain of causes does not matter.
    expect([line(coded(code)), line(wrapped(coded(code)))]).toEqual([expected, expected]);
  });
});

test('a connect timeout means that the request was never sent', () => {
  expect(line(wrapped(coded('ETIMEDOUT', { syscall: 'connect' })))).toBe('timeout, never sent, connection');
});

test('the first error counts if Node tries several addresses', () => {
  expect(line(wrapped(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')])))).toBe(
    'connection_refused, never sent, connection',
  );
});

test('a message without a code can report a network failure', () => {
  for (const message of [
    'fetch failed',
    'Failed to fetch',
    'NetworkError when attempting to fetch resource.',
    'Load failed',
    'terminated',
  ]) {
    expect(line(new TypeError(message))).toBe('network_error, maybe sent, connection');
    expect(line(new Error('ky', { cause: new TypeError(message) }))).toBe('network_error, maybe sent, connection');
  }
});

test('the error for bytes that are not HTTP has a name and no code', () => {
  expect(line(wrapped(Object.assign(new Error('Expected HTTP/'), { name: 'HTTPParserError', code: undefined })))).toBe(
    'protocol_error, maybe sent, protocol',
  );
});

test('bugs in code are not network failures', () => {
  for (const error of [
    new TypeError('x is not a function'),
    new RangeError('out of it'),
    'a word',
    undefined,
    null,
    7,
    coded('toString'),
    coded(12),
    coded('__proto__'),
  ]) {
    expect(line(error)).toBe('_OTHER, maybe sent, other');
  }
});

test('a loop of causes is followed only to a maximum depth', () => {
  const loop = new Error('round');
  loop.cause = loop;
  expect(line(loop)).toBe('_OTHER, maybe sent, other');
});

test('properties that throw count as absent', () => {
  const trap = new Proxy(new Error('trap'), {
    get() {
      throw new Error('caught');
    },
  });
  expect(line(trap)).toBe('_OTHER, maybe sent, other');
  expect(line(wrapped(trap))).toBe('network_error, maybe sent, connection');
});

test('the classification never throws, for any value', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withSparseArray: true }), (anything) => {
      expect(line(anything)).toMatch(/^[a-zA-Z_]+, (?:never|maybe) sent, [a-z_]+$/);
    }),
  );
});
