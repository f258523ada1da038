import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** One request, as its bytes came. */
export interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  /** Lowercase names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request, and the wire back to the one who sent it. */
export interface Exchange {
  /** From 1, over all connections. */
  readonly index: number;
  readonly request: ReceivedRequest;
  /** Resolves when the bytes have left; never rejects. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** FIN. */
  end(): void;
  /** RST. */
  reset(): void;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** Nothing can be written any more. */
  readonly isClosed: boolean;
}

/** What happens to one request. */
export type Step = (exchange: Exchange) => void | Promise<void>;

/** What happens to a connection before anything was sent on it; `undefined` lets it be. */
export type AcceptStep = (socket: Socket, index: number) => void;

export interface FaultServerOptions {
  /** One for each request; the last one is for all that follow. */
  readonly steps: readonly Step[];
  readonly onAccept?: AcceptStep;
}

/**
 * A server that knows no HTTP beyond finding the end of a request: what it answers is bytes, written as a test says.
 * Independent of the shipped simulator, so that a mistake there cannot hide one in the client.
 */
export class FaultServer {
  readonly requests: ReceivedRequest[] = [];
  /** Connections that were opened, ever. */
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
      throw new TypeError('The server does not listen.');
    }
    return address.port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openConnections(): number {
    return this.#open.size;
  }

  /** What happens from now on. */
  become(options: FaultServerOptions): void {
    this.#options = options;
    this.requests.length = 0;
  }

  /** Resolves when `condition` holds; looked at whenever a request comes or a connection goes. */
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
    // Faults break the connection on purpose.
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
        // Other ends must get their turn: a write that succeeds at once comes back before them.
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

/** The first whole request in `bytes`: by content-length, or chunked. */
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
