import { CometAPIError } from '../../errors/cometapi-error';
import type { RequestBody } from '../../transport/send';
import { pairsOf } from './request-url';

/** A body in the form that is sent, with its content type. */
export interface EncodedBody {
  readonly body: RequestBody | undefined;
  /** `undefined` if `fetch` sets it, or if only the caller knows it. */
  readonly contentType: string | undefined;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Encodes a body as `openai` does: bytes, forms and streams unchanged, iterators as streams, everything else as JSON.
 *
 * @param contentType the content type that the caller set; if set, text is sent unchanged
 * @throws CometAPIError when the body cannot be written as JSON
 */
export function encodeBody(body: unknown, contentType: string | null): EncodedBody {
  if (body === undefined || body === null) {
    return { body: undefined, contentType: undefined };
  }
  if (body instanceof ArrayBuffer) {
    return { body: new Uint8Array(body.slice(0)), contentType: undefined };
  }
  if (ArrayBuffer.isView(body)) {
    // Copied, because callers may change their buffer while a retry waits.
    return { body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice(), contentType: undefined };
  }
  if (
    (typeof body === 'string' && contentType !== null) ||
    body instanceof ReadableStream ||
    body instanceof FormData ||
    body instanceof Blob ||
    body instanceof URLSearchParams
  ) {
    return { body, contentType: undefined };
  }
  if (isIterator(body)) {
    return { body: streamOf(body), contentType: undefined };
  }
  if (typeof body === 'object' && contentType === FORM_TYPE) {
    const pairs = Object.entries(body).flatMap(([name, value]) => [...pairsOf(name, value)]);
    return { body: new URLSearchParams(pairs).toString(), contentType: FORM_TYPE };
  }
  return { body: toJson(body), contentType: JSON_TYPE };
}

/** True if `body` yields bytes. An array or a map is a JSON value instead. */
function isIterator(body: unknown): body is AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  return (
    typeof body === 'object' &&
    body !== null &&
    (Symbol.asyncIterator in body || (Symbol.iterator in body && 'next' in body && typeof body.next === 'function'))
  );
}

/** Like `ReadableStream.from`, which some platforms lack. */
function streamOf(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const taken = await iterator.next();
      if (taken.done) {
        controller.close();
      } else {
        controller.enqueue(taken.value);
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function toJson(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch {
    // The platform's error quotes property names of the caller's content.
    throw new CometAPIError(
      'The request body cannot be written as JSON. Remove BigInt values and circular references.',
    );
  }
}
