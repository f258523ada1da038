import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** One request as received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  /** Lowercase names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request, and the connection to its client. */
export interface Exchange {
  /** Number of the request, from 1, over all connections. */
  readonly index: number;
  readonly request: ReceivedRequest;
  /** Resolves when the bytes are written; never rejects. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Closes the connection cleanly (FIN). */
  end(): void;
  /** Resets the connection (RST). */
  reset(): void;
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
  /** True if nothing more can be written. */
  readonly isClosed: boolean;
}

/** The server's reaction to one request. */
export type Step = (exchange: Exchange) => void | Promise<void>;

/** The server's reaction to a new connection, before the client has sent a byte. */
export type AcceptStep = (socket: Socket, index: number) => void;

export interface FaultServerOptions {
  /** One step per request. The last step repeats for all further requests. */
  readonly steps: readonly Step[];
  readonly onAccept?: AcceptStep;
}

/**
 * A TCP server that answers with the exact bytes of a test. It parses only where a request ends.
 * Independent of the shipped simulator, because a bug there could hide a bug in the client.
 */
export class FaultServer {
  readonly requests: ReceivedRequest[] = [];
  /** Number of connections that were opened so far. */
  connectionCount = 0;
  peakConnections = 0;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #waiters: (() => void)[] = [];
  #options: FaultServerOptions;

  private constructor(server: Server, options: FaultServerOptions) {
    this.#server = server;
    this.#options = options;
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async start(options: FaultServerOptions): Promise<FaultServer> {
    const server = createServer({ noDelay: true });
    const faulty = new FaultServer(server, options);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return faulty;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') {
      throw new TypeError('The server is not listening.');
    }
    return address.port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openConnections(): number {
    return this.#open.size;
  }

  /** Replaces the steps and clears the received requests. */
  become(options: FaultServerOptions): void {
    this.#options = options;
    this.requests.length = 0;
  }

  /** Resolves when `condition` is true. Checked on every new request and every closed connection. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async close(): Promise<void> {
    if (!this.#server.listening) {
      return;
    }
    for (const socket of this.#open) {
      socket.destroy();
    }
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(socket: Socket): void {
    this.connectionCount++;
    this.#open.add(socket);
    this.peakConnections = Math.max(this.peakConnections, this.#open.size);
    // Faults break the connection on purpose, so socket errors are expected.
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#wake();
        resolve();
      });
    });
    this.#options.onAccept?.(socket, this.connectionCount);
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (let taken = takeRequest(received); taken !== undefined; taken = takeRequest(received)) {
        received = received.subarray(taken.size);
        this.#answer(socket, closed, taken.request);
      }
    });
  }

  #answer(socket: Socket, closed: Promise<void>, request: ReceivedRequest): void {
    this.requests.push(request);
    const index = this.requests.length;
    const step = this.#options.steps[Math.min(index, this.#options.steps.length) - 1];
    const exchange = createExchange(socket, closed, request, index);
    this.#wake();
    void step?.(exchange);
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) {
      wake();
    }
  }
}

function createExchange(socket: Socket, closed: Promise<void>, request: ReceivedRequest, index: number): Exchange {
  return {
    index,
    request,
    write: (bytes) =>
      new Promise<void>((resolve) => {
        if (socket.destroyed || !socket.writable) {
          resolve();
          return;
        }
        // `setImmediate` lets the client run between two writes. Endless writes would otherwise block it.
        socket.write(bytes, () => setImmediate(resolve));
      }),
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    closed,
    get isClosed() {
      return socket.destroyed || !socket.writable;
    },
  };
}

/** The first complete request in `bytes`, framed by content-length or chunked encoding. */
function takeRequest(bytes: Buffer): { readonly request: ReceivedRequest; readonly size: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) {
    return undefined;
  }
  const [requestLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const [method = '', target = ''] = requestLine.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const start = headEnd + 4;
  if (headers['transfer-encoding'] === 'chunked') {
    const end = bytes.indexOf('0\r\n\r\n', start);
    return end === -1 ? undefined : { request: { method, target, headers, body: '' }, size: end + 5 };
  }
  const size = start + Number(headers['content-length'] ?? 0);
  return bytes.length < size
    ? undefined
    : { request: { method, target, headers, body: bytes.subarray(start, size).toString() }, size };
}
