import type { FetchOptions } from '../../config/options';
import { HeaderList } from '../../transport/header-list';
import type { RequestBody } from '../../transport/send';
import { untilAborted } from '../../transport/until-aborted';

/** The arguments of `fetch`, in one form. */
export interface FetchInput {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: RequestBody | undefined;
  readonly replayable: boolean;
  readonly signal: AbortSignal | null | undefined;
  readonly fetchOptions: FetchOptions;
}

/** A Request body up to this size is buffered for retries. A larger one is sent once. */
const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

/** Reads the arguments of `fetch`. Reads the body of a `Request` once and no other body. */
export function readFetchInput(
  input: string | URL | Request,
  init: RequestInit = {},
): FetchInput | Promise<FetchInput> {
  if (input instanceof Request) {
    return readRequestInput(input, init);
  }
  const { method = 'GET', headers, body, signal, ...fetchOptions } = init;
  const verb = method.toUpperCase();
  if ((verb === 'GET' || verb === 'HEAD') && body !== undefined && body !== null) {
    // `fetch` throws here too, but Node's dispatcher would send the body.
    throw new TypeError('A GET or HEAD request cannot have a body. Remove the body or use POST.');
  }
  return {
    url: String(input),
    method: verb,
    headers: withContentType(readHeaders(headers), body),
    ...readBody(body),
    signal,
    fetchOptions,
  };
}

/** Replaces the platform's error, which quotes the value, because the value may be a key. */
function readHeaders(headers: HeadersInit | undefined): HeaderList {
  try {
    return new HeaderList(new Headers(headers));
  } catch {
    throw new TypeError('A request header has an invalid name or value. Use Latin-1 text without line breaks.');
  }
}

/** Replaces the platform's errors, which quote header values and methods. */
function mergeRequest(input: Request, init: RequestInit): Request {
  readHeaders(init.headers);
  try {
    return new Request(input, init);
  } catch {
    throw new TypeError(
      'The Request and its init cannot be combined. Check the method, and that the body has not been read yet.',
    );
  }
}

async function readRequestInput(input: Request, init: RequestInit): Promise<FetchInput> {
  const { method: _method, headers: _headers, body: _body, signal: _signal, ...fetchOptions } = init;
  const isReplaced = init.body !== undefined && init.body !== null;
  // `new Request()` merges the two by the rules of `fetch`. A body that `init` replaces is not read.
  const request = mergeRequest(input, isReplaced ? { ...init, body: null } : init);
  const common = { url: request.url, method: request.method, signal: request.signal, fetchOptions };
  if (isReplaced) {
    return {
      ...common,
      headers: withContentType(new HeaderList(request.headers), init.body),
      ...readBody(init.body),
    };
  }
  return {
    ...common,
    headers: new HeaderList(request.headers),
    ...(await untilAborted(bufferBody(request), request.signal)),
  };
}

function readBody(body: BodyInit | null | undefined): Pick<FetchInput, 'body' | 'replayable'> {
  if (body === undefined || body === null) {
    return { body: undefined, replayable: true };
  }
  if (body instanceof ArrayBuffer) {
    return { body: new Uint8Array(body.slice(0)), replayable: true };
  }
  if (ArrayBuffer.isView(body)) {
    // Copied, because callers may change their buffer while a retry waits.
    return { body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice(), replayable: true };
  }
  // Node also accepts async iterables, which lib.dom does not declare. Like a stream, they can be read only once.
  const isOnce = body instanceof ReadableStream || (typeof body === 'object' && Symbol.asyncIterator in body);
  return { body: body as RequestBody, replayable: !isOnce };
}

/** Sets the content type that `fetch` would derive from the body, so that every attempt sends the same one. */
function withContentType(headers: HeaderList, body: BodyInit | null | undefined): HeaderList {
  if (typeof body === 'string' && !headers.has('content-type')) {
    headers.set('content-type', 'text/plain;charset=UTF-8');
  }
  return headers;
}

async function bufferBody(request: Request): Promise<Pick<FetchInput, 'body' | 'replayable'>> {
  if (request.body === null) {
    return { body: undefined, replayable: true };
  }
  const reader = request.body.getReader();
  request.signal.addEventListener('abort', () => void reader.cancel(request.signal.reason).catch(() => undefined), {
    once: true,
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return { body: joined(chunks, size), replayable: true };
    }
    chunks.push(value);
    size += value.byteLength;
    if (size > MAX_BUFFERED_BYTES) {
      return { body: resumed(chunks, reader), replayable: false };
    }
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** The whole body as a stream: first the chunks already read, then the rest. */
function resumed(chunks: Uint8Array[], reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const early = chunks.shift();
      const taken = early === undefined ? await reader.read() : { done: false as const, value: early };
      if (taken.done) {
        controller.close();
      } else {
        controller.enqueue(taken.value);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
