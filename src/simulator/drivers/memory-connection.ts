import { CLOSED, DAMAGED, NOT_HTTP, RESET, type TransportFault, transportError } from '../faults/transport-error';
import type { Connection } from '../play';
import { SIMULATOR_HEADER } from '../reception';
import type { Head } from '../step';

/** Bytes that are buffered before the client reads, similar to a socket. */
const BUFFERED_BYTES = 65_536;
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** A {@link Connection} that ends in a `Response`. */
export interface MemoryConnection extends Connection {
  /** Fails the call with `reason` immediately, in every phase. */
  abort(reason: unknown): void;
  /** Fails the call like a server that terminates. */
  close(): void;
}

/** Callbacks of one `fetch` call. */
export interface MemoryCall {
  readonly url: string;
  resolve(response: Response): void;
  reject(error: unknown): void;
  /** Called when the reader cancels the body. */
  cancelled(): void;
  /** Called when the call has failed or its body is completely read. A later abort has no effect. */
  over(): void;
}

/** Performs steps on a call in memory. */
export function createMemoryConnection(call: MemoryCall): MemoryConnection {
  let body: ReadableByteStreamController | undefined;
  let wake: (() => void) | undefined;
  /** True if further steps have no effect. */
  let isOver = false;
  let isSettled = false;
  /** The last step. It waits until earlier data has been read, because erroring a stream drops its queue. */
  let lastAct: (() => void) | undefined;
  /** True if the end of the connection is the normal end of the body. */
  let endsWithConnection = false;

  function settle(act: () => void): void {
    if (!isSettled) {
      isSettled = true;
      isOver = true;
      act();
      call.over();
      wake?.();
    }
  }

  function fail(error: unknown): void {
    settle(() => (body === undefined ? call.reject(error) : body.error(error)));
  }

  function breakWith(fault: TransportFault): void {
    fail(transportError(body === undefined ? 'headers' : 'body', fault));
  }

  function isDrained(): boolean {
    return body === undefined || body.desiredSize === BUFFERED_BYTES;
  }

  function conclude(act: () => void): void {
    isOver = true;
    if (isDrained()) {
      act();
    } else {
      lastAct = act;
    }
  }

  function closeBody(): void {
    if (body === undefined) {
      breakWith(CLOSED);
      return;
    }
    const open = body;
    settle(() => {
      open.close();
      // A reader that supplied a buffer is still waiting for a response.
      open.byobRequest?.respond(0);
    });
  }

  return {
    keepsProcessAlive: true,
    abort: fail,
    close: () => breakWith(RESET),
    informational() {},
    head(head) {
      endsWithConnection = head.version === '1.0' || head.delimiter === 'close';
      const stream = new ReadableStream(
        {
          type: 'bytes',
          start(controller) {
            body = controller;
          },
          pull() {
            wake?.();
            if (isDrained()) {
              lastAct?.();
            }
          },
          cancel() {
            settle(() => call.cancelled());
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
      // A copy, because a byte stream transfers the buffer, and a scenario may send the same bytes again.
      body.enqueue(new Uint8Array(bytes));
      while (!isOver && (body.desiredSize ?? 0) <= 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    raw: () => conclude(() => breakWith(NOT_HTTP)),
    flush() {},
    end: () => conclude(closeBody),
    cut: () => conclude(endsWithConnection ? closeBody : () => breakWith(CLOSED)),
    reset: () => conclude(() => breakWith(RESET)),
  };
}

/** Builds the `Response` that `fetch` would return: decompressed, with a URL, without a body where none is allowed. */
function createResponse(head: Head, stream: ReadableStream<Uint8Array<ArrayBuffer>>, url: string): Response {
  const headers = new Headers();
  for (const [name, value] of [...head.headers, SIMULATOR_HEADER]) {
    headers.append(name, value);
  }
  if (!headers.has('date')) {
    // The HTTP server also adds one. A client compares a `Retry-After` date with it.
    headers.set('date', new Date().toUTCString());
  }
  const isGzip = headers.get('content-encoding') === 'gzip';
  const decoded = isGzip ? gunzipped(stream) : stream;
  const isConstructible = head.status >= 200 && head.status <= 599;
  const response = new Response(NULL_BODY_STATUSES.has(head.status) ? null : decoded, {
    status: isConstructible ? head.status : 200,
    headers,
    ...(head.reason === undefined ? {} : { statusText: head.reason }),
  });
  Object.defineProperty(response, 'url', { value: url });
  if (!isConstructible) {
    // The constructor rejects statuses that a socket can deliver.
    Object.defineProperties(response, { status: { value: head.status }, ok: { value: false } });
  }
  return response;
}

/** Decompresses the body. Reports damage like `fetch`, and passes on every other end of `stream`. */
function gunzipped(stream: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.pipeThrough(new DecompressionStream('gzip')).getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      } catch (error) {
        const isDamage = error instanceof Error && 'code' in error && error.code === DAMAGED.code;
        controller.error(isDamage ? transportError('body', DAMAGED) : error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
