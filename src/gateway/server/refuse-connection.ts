import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type GatewayError, gatewayError } from '../gateway-error';
import { isForeignOrigin, isOwnHost } from '../local-access';
import { routeOf } from '../routes';
import { headersOf } from './received-headers';

/** Refuses WebSockets. On 426, Codex falls back to POST at once. On any other answer it makes seven attempts first. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex): void {
  const { headers, host } = headersOf(request);
  const port = request.socket.localPort;
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (host === null || !isOwnHost(host, port)) {
    refuse(socket, gatewayError('foreign_host', { message: 'The local gateway accepts only loopback host names.' }));
  } else if (isForeignOrigin(headers, port)) {
    refuse(socket, gatewayError('foreign_origin', { message: 'The local gateway refuses requests from web pages.' }));
  } else if (routeOf(path) === undefined) {
    refuse(socket, gatewayError('not_found', { message: 'The local gateway does not serve this path.' }));
  } else {
    refuse(
      socket,
      gatewayError('upgrade_required', { message: 'The local gateway does not support WebSocket. Use POST.' }),
    );
  }
}

export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  refuse(
    socket,
    gatewayError('method_not_allowed', { message: 'The local gateway is not a proxy. Set it as the base URL.' }),
  );
}

/** Refuses input that is not HTTP, has headers that are too large, or arrives too slowly. */
export function refuseMalformed(error: Error & { readonly code?: string }, socket: Duplex): void {
  switch (error.code) {
    case 'ECONNRESET':
    case 'EPIPE':
      socket.destroy();
      break;
    case 'HPE_HEADER_OVERFLOW':
      refuse(
        socket,
        gatewayError('headers_too_large', { message: 'The request headers exceed 16 KiB. Send smaller headers.' }),
      );
      break;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      refuse(
        socket,
        gatewayError('request_timeout', { message: 'The request did not arrive in time. Send it again.' }),
      );
      break;
    default:
      refuse(socket, gatewayError('bad_request', { message: 'The request is not valid HTTP/1.1.' }));
  }
}

function refuse(socket: Duplex, { status, headers, body }: GatewayError): void {
  // The connection is being refused, so its errors do not matter. Without a listener they would end the process.
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
