import type { Connection } from './play';
import { SIMULATOR_HEADER } from './reception';
import type { Head } from './step';
import { transportError } from './transport-error';

/** As much as a socket would take before a reader reads. */
const BUFFERED_BYTES = 65_536;
const NULL_BODY_STATUSES = new Set([101, 103, 204, 205, 304]);

/** A {@link Connection} that ends in a `Response`. */
export interface MemoryConnection extends Connection {
  /** Ends the call with `reason`, as an abort does in every phase. */
  abort(reason: unknown): void;
}

/** What a fetch call is waiting for. */
export interface MemoryCall {
  readonly url: string;
  resolve(response: Response): void;
  reject(error: unknown): void;
  /** The reader cancelled the body. */
  cancelled(): void;
}

/** Does steps on a call in memory. */
export function createMemoryConnection(call: MemoryCall): MemoryConnection {
  let body: ReadableByteStreamController | undefined;
  let wake: (() => void) | undefined;
  let isOver = false;

  function fail(error: unknown): void {
    if (isOver) {
      return;
    }
    isOver = true;
    if (body === undefined) {
      call.reject(error);
    } else {
      body.error(error);
    }
    wake?.();
  }

  function breakOff(code: string, text: string): void {
    fail(transportError(body === undefined ? 'headers' : 'body', code, text));
  }

  return {
    keepsProcessAlive: true,
    abort: fail,
    informational() {},
    head(head) {
      const stream = new ReadableStream(
        {
          type: 'bytes',
          start(controller) {
            body = controller;
          },
          pull: () => wake?.(),
          cancel() {
            isOver = true;
            call.cancelled();
            wake?.();
          },
        },
        { highWaterMark: BUFFERED_BYTES },
      );
      call.resolve(createResponse(head, stream, call.url));
    },
    partialHead() {},
    async write(bytes) {
      if (isOver || body === undefined || bytes.length === 0) {
        return;
      }
      // A byte stream takes the buffer away, and a scenario's bytes may be sent again.
      body.enqueue(bytes.slice());
      while (!isOver && (body.desiredSize ?? 0) <= 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    raw: () => breakOff('HPE_INVALID_CONSTANT', 'raw bytes are no HTTP in memory: use simulator.listen()'),
    flush() {},
    end() {
      if (isOver) {
        return;
      }
      isOver = true;
      if (body === undefined) {
        call.reject(transportError('headers', 'UND_ERR_SOCKET', 'other side closed'));
      } else {
        body.close();
        // A reader that brought its own buffer waits for an answer still.
        body.byobRequest?.respond(0);
      }
    },
    cut: () => breakOff('UND_ERR_SOCKET', 'other side closed'),
    reset: () => breakOff('ECONNRESET', 'read ECONNRESET'),
  };
}

/** What fetch makes of a head: decoded when compressed, with a URL, without a body where none is allowed. */
function createResponse(head: Head, stream: ReadableStream<Uint8Array<ArrayBuffer>>, url: string): Response {
  const headers = new Headers();
  for (const [name, value] of [...head.headers, SIMULATOR_HEADER]) {
    headers.append(name, value);
  }
  const isGzip = headers.get('content-encoding') === 'gzip';
  const decoded = isGzip ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
  const isConstructible = head.status >= 200 && head.status <= 599;
  const response = new Response(NULL_BODY_STATUSES.has(head.status) ? null : decoded, {
    status: isConstructible ? head.status : 200,
    headers,
    ...(head.reason === undefined ? {} : { statusText: head.reason }),
  });
  Object.defineProperty(response, 'url', { value: url });
  if (!isConstructible) {
    // The constructor refuses what a socket delivers.
    Object.defineProperties(response, { status: { value: head.status }, ok: { value: false } });
  }
  return response;
}
