import { describe } from 'vitest';
import { completed, type Fault, healthy, type Story, testFaults } from '../support/fault-story';
import { both, bytes, close, reset, silence } from '../support/wire-bytes';

const SOON = { timeout: 300 };

/** The `attempts` string of three attempts with the same failure. */
const thrice = (because: string, errorType: string): string =>
  `${errorType} ${because} (maybe twice), ${errorType} ${because} (maybe twice), ${errorType} attempts_exhausted`;

const RESET: Fault['story'] = ({ entryPoint }) => ({
  requests: 3,
  attempts: thrice('retryable_transport_failure', 'connection_reset'),
  ending: 'failed connection connection connection_reset in headers',
  caller: entryPoint === 'client' ? 'APIConnectionError connection retryable in headers' : 'TypeError connection_reset',
});

const SILENT: Fault['story'] = ({ entryPoint }) => ({
  requests: 3,
  attempts: thrice('header_timeout', 'timeout'),
  ending: 'failed header_timeout timeout timeout in headers',
  caller: entryPoint === 'client' ? 'APIConnectionTimeoutError timeout retryable in headers' : 'TimeoutError',
});

const NOT_HTTP: Fault['story'] = ({ entryPoint }) => ({
  requests: 1,
  attempts: 'protocol_error final_transport_failure',
  ending: 'failed connection unexpected_response protocol_error in headers',
  caller:
    entryPoint === 'client' ? 'APIConnectionError unexpected_response final in headers' : 'TypeError protocol_error',
});

const unreachable =
  (attempts: string, errorType: string, category = 'connection', retryable = 'retryable'): Fault['story'] =>
  ({ entryPoint }): Story => ({
    requests: 0,
    attempts,
    ending: `failed connection ${category} ${errorType} in connect`,
    caller:
      entryPoint === 'client' ? `APIConnectionError ${category} ${retryable} in connect` : `TypeError ${errorType}`,
  });

describe('faults before the response headers', () => {
  testFaults({
    'a host name that cannot be resolved is retried once': {
      // A DNS label has at most 63 characters. A longer one fails locally, without a request to a resolver.
      origin: () => `https://${'a'.repeat(64)}.invalid`,
      steps: () => [],
      story: unreachable('dns_error retryable_transport_failure, dns_error dns_retried_once', 'dns_error'),
    },
    'a refused connection is retried and counts as never sent': {
      isDown: true,
      steps: () => [],
      story: unreachable(
        'connection_refused retryable_transport_failure, connection_refused retryable_transport_failure, connection_refused attempts_exhausted',
        'connection_refused',
      ),
    },
    'TLS to a plain port is final': {
      origin: (server) => server.origin.replace('http:', 'https:'),
      // The response of an HTTP server to a TLS handshake.
      onAccept: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      steps: () => [],
      story: unreachable('tls_error tls_error', 'tls_error', 'tls', 'final'),
    },
    'plain HTTP to a TLS port is final': {
      // The response of a TLS server to plain HTTP: a fatal alert, unexpected_message.
      steps: () => [both(bytes(Uint8Array.of(0x15, 3, 1, 0, 2, 2, 10)), close)],
      story: NOT_HTTP,
    },
    'a response that is not HTTP is final': { steps: () => [bytes('SSH-2.0-OpenSSH_9.9\r\n')], story: NOT_HTTP },
    'a reset before any byte': { steps: () => [reset], story: RESET },
    'a close before any byte': { steps: () => [close], story: RESET },
    'a reset in the headers': { steps: () => [both(bytes('HTTP/1.1 200 O'), reset)], story: RESET },
    'a close in the headers': { steps: () => [both(bytes('HTTP/1.1 200 OK\r\nx-a: b\r\n'), close)], story: RESET },
    'silence before the headers': { steps: () => [silence], options: SOON, story: SILENT },
    'silence in the headers': { steps: () => [bytes('HTTP/1.1 200 O')], options: SOON, story: SILENT },
    'endless headers are final': {
      steps: () => [
        async (exchange) => {
          await exchange.write('HTTP/1.1 200 OK\r\nx-slow: ');
          while (!exchange.isClosed) {
            await exchange.write('a'.repeat(1_000));
          }
        },
      ],
      story: NOT_HTTP,
    },
    'headers that are too large are final': {
      steps: () => [bytes(`HTTP/1.1 200 OK\r\nx-large: ${'a'.repeat(100_000)}\r\n\r\n`)],
      story: NOT_HTTP,
    },
    'a connection that the server closes at once': {
      onAccept: (socket, index) => {
        if (index <= 3) {
          socket.destroy();
        }
      },
      steps: () => [],
      story: (way) => ({ ...RESET(way), requests: 0 }),
    },
    'a call completes after two failed attempts': {
      steps: (way) => [reset, close, healthy(way)],
      story: (way) => ({
        requests: 3,
        attempts:
          'connection_reset retryable_transport_failure (maybe twice), connection_reset retryable_transport_failure (maybe twice), 200 success',
        ...completed(way),
      }),
    },
  });
});
