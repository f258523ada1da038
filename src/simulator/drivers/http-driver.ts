import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { play } from '../play';
import type { Receiver } from '../reception';
import type { IncomingRequest } from '../recorded-request';
import type { Settings } from '../simulator-options';
import { createHttpConnection } from './http-connection';

/** The running server. */
export interface HttpServer {
  /** For example `http://127.0.0.1:49152`. */
  readonly origin: string;
  readonly port: number;
  readonly openSockets: number;
  close(): Promise<void>;
}

/** Global list of the origins of running simulators. Records use it to distinguish them from CometAPI. */
const ORIGINS = Symbol.for('cometapi-otel.simulators');

/** Starts a server on 127.0.0.1. `port` 0 selects a free port. */
export async function startHttpServer(receiver: Receiver, settings: Settings, port: number): Promise<HttpServer> {
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      keepAliveTimeout: settings.keepAliveTimeoutMs,
      // No timeouts here: the client under test decides how long to wait.
      requestTimeout: 0,
      headersTimeout: 0,
      maxHeaderSize: 1_048_576,
      noDelay: true,
    },
    (request, response) => void answer(receiver, settings, request, response),
  );
  server.on('connection', (socket) => {
    sockets.add(socket);
    // Clients reset connections regularly in tests. Without this listener the error would end the process.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Large enough for thousands of clients that connect at the same moment.
    server.listen({ host: '127.0.0.1', port, backlog: 16_384 }, resolve);
  });
  // A server that listens on a port always has an `AddressInfo`.
  const address = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${address.port}`;
  const origins = simulatorOrigins();
  origins.add(origin);
  return {
    origin,
    port: address.port,
    get openSockets() {
      return sockets.size;
    },
    close: () =>
      new Promise((resolve) => {
        origins.delete(origin);
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
      }),
  };
}

async function answer(
  receiver: Receiver,
  settings: Settings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const incoming = await readRequest(request, settings.maxRequestBytes);
  if (incoming === undefined) {
    return;
  }
  const connection = createHttpConnection(response, request.socket);
  try {
    const reception = receiver.fromSocket(incoming);
    response.on('close', () => reception.settle(connection.isOver ? 'finished' : 'closed_by_client'));
    if (await play(reception.steps, connection, reception.stop)) {
      reception.settle('finished');
    }
  } catch (error) {
    // A function of the test threw, or a header is not valid HTTP. The client sees a broken connection; the warning
    // shows the reason.
    process.emitWarning(`cometapi-otel/testing: a scenario failed: ${String(error)}`);
    connection.reset();
  }
}

/** Returns the complete request, or `undefined` if the client disconnected while sending it. */
async function readRequest(request: IncomingMessage, maxBytes: number): Promise<IncomingRequest | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      // Chunks are buffers, because no encoding is set.
      const bytes = chunk as Buffer;
      length += bytes.length;
      if (length <= maxBytes) {
        chunks.push(bytes);
      }
    }
  } catch {
    // The client disconnected, so no answer is possible.
    return undefined;
  }
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]);
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    origin: `http://${request.headers.host ?? ''}`,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
    tooLarge: length > maxBytes,
  };
}

/** Returns the set on the global object. Creates it on first use. */
function simulatorOrigins(): Set<string> {
  const holder = globalThis as { [ORIGINS]?: Set<string> };
  holder[ORIGINS] ??= new Set();
  return holder[ORIGINS];
}
