import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorResponse, gatewayError } from '../gateway-error';
import type { OpenGateway } from '../open-gateway';
import { createBodyReader } from './read-incoming-body';
import { headersOf } from './received-headers';
import { refuseConnect, refuseMalformed, refuseUpgrade } from './refuse-connection';
import { writeResponse } from './write-response';

/** One listening socket of a gateway. */
export interface GatewayServer {
  readonly openRequests: number;
  /** @returns the bound port */
  listen(port: number, address: string): Promise<number>;
  close(drainMs: number): Promise<void>;
}

/**
 * Limits in bytes and milliseconds. Agents are local, so a request that takes longer is not a valid one. Idle
 * connections stay open longer than in agents (reqwest: 90 s). If the server closed first, a request sent at that
 * moment would be lost.
 */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 120_000,
  connectionsCheckingInterval: 1_000,
  // The gateway checks `Host` itself and answers with JSON.
  requireHostHeader: false,
};
const MAX_CONNECTIONS = 1_024;

/** Treats only WebSocket requests as upgrades. A server may ignore other upgrade requests, such as h2c. Supported since Node 24.9. */
const ONLY_WEBSOCKETS = {
  shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === 'websocket',
};

/**
 * Creates a gateway server on `node:http`, which exposes upgrades, broken connections and raw headers.
 * See docs/decisions/0009-gateway-on-node-http.md.
 */
export function createGatewayServer(gateway: OpenGateway): GatewayServer {
  const open = new Set<ServerResponse>();
  let isClosing = false;
  let onIdle: (() => void) | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse, isWaiting: boolean): Promise<void> => {
    open.add(response);
    const gone = new AbortController();
    response.once('close', () => {
      open.delete(response);
      if (!response.writableFinished) {
        gone.abort();
      }
      if (open.size === 0) {
        onIdle?.();
      }
    });
    if (isClosing) {
      response.setHeader('connection', 'close');
    }
    const { host, headers } = headersOf(request);
    const answered = isClosing
      ? errorResponse(gatewayError('shutting_down', { message: 'The local gateway is shutting down. Start it again.' }))
      : await gateway.answer({
          method: request.method ?? '',
          target: request.url ?? '',
          headers,
          host,
          port: request.socket.localPort,
          readBody: createBodyReader(request, response, isWaiting),
          signal: gone.signal,
        });
    if (isWaiting && !request.complete) {
      // The client may still send the body that we did not read. Node would parse it as the next request.
      response.setHeader('connection', 'close');
    }
    await writeResponse(answered, request, response);
  };

  const take = (request: IncomingMessage, response: ServerResponse, isWaiting: boolean): void => {
    // A bug here must end one connection, not the process and every agent behind it.
    answer(request, response, isWaiting).catch(() => response.destroy());
  };

  const server = createServer({ ...LIMITS, ...ONLY_WEBSOCKETS, noDelay: true }, (request, response) => {
    take(request, response, false);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('checkContinue', (request, response) => take(request, response, true));
  server.on('checkExpectation', (request, response) => {
    const error = gatewayError('expectation_failed', {
      message: 'The local gateway supports only "Expect: 100-continue".',
    });
    writeResponse(errorResponse(error), request, response).catch(() => response.destroy());
  });
  server.on('upgrade', refuseUpgrade);
  server.on('connect', refuseConnect);
  server.on('clientError', refuseMalformed);

  return {
    get openRequests() {
      return open.size;
    },
    listen: (port, address) => listen(server, port, address),
    async close(drainMs) {
      isClosing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      if (open.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, drainMs);
          onIdle = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: address, exclusive: true }, () => {
      server.off('error', reject);
      // A server that listens on a port always has an `AddressInfo`.
      resolve((server.address() as AddressInfo).port);
    });
  });
}
