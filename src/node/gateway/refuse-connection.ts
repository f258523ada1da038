import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type GatewayError, gatewayError } from './gateway-error';
import { isForeignOrigin, isOwnHost } from './local-access';
import { headersOf } from './received-headers';
import { routeOf } from './routes';

/** A WebSocket is never opened: 426 makes Codex fall back to POST at once; anything else costs it seven attempts. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex): void {
  const { headers, host } = headersOf(request);
  const port = request.socket.localPort;
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (host === null || !isOwnHost(host, port)) {
    refuse(socket, gatewayError('foreign_host', { message: 'This gateway answers only to loopback addresses.' }));
  } else if (isForeignOrigin(headers, port)) {
    refuse(socket, gatewayError('foreign_origin', { message: 'This gateway does not answer to pages in a browser.' }));
  } else if (routeOf(path) === undefined) {
    refuse(socket, gatewayError('not_found', { message: 'The gateway has no such path.' }));
  } else {
    refuse(socket, gatewayError('upgrade_required', { message: 'The gateway speaks no WebSocket: use POST.' }));
  }
}

export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  refuse(socket, gatewayError('method_not_allowed', { message: 'The gateway is no proxy.' }));
}

/** What is no HTTP, too large or too slow. */
export function refuseMalformed(error: Error & { readonly code?: string }, socket: Duplex): void {
  switch (error.code) {
    case 'ECONNRESET':
    case 'EPIPE':
      socket.destroy();
      break;
    case 'HPE_HEADER_OVERFLOW':
      refuse(socket, gatewayError('headers_too_large', { message: 'The headers are larger than 16 KiB.' }));
      break;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      refuse(socket, gatewayError('request_timeout', { message: 'The request took too long to arrive.' }));
      break;
    default:
      refuse(socket, gatewayError('bad_request', { message: 'This is not HTTP as the gateway speaks it.' }));
  }
}

function refuse(socket: Duplex, { status, headers, body }: GatewayError): void {
  // What breaks on a connection that is being refused is of no interest.
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = Object.entries({
    ...headers,
    ...(status === 426 && { upgrade: 'HTTP/1.1' }),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}
