import type { TransportResponse } from '../transport/transport-response';
import { BodyFailure } from '../wire/body/body-failure';
import type { ByteReader } from '../wire/body/byte-reader';
import type { MonitoredBody } from '../wire/body/monitored-body';
import type { MonitoredResponse } from './accept-response';
import { timeoutReason } from './call-abort';
import { cancelWhenCollected } from './finalization';

/** Statuses whose responses have no body (Fetch standard). */
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** Converts an accepted response to a `Response` with its body unread. Reads pass through the monitored body. */
export function toResponse({ response, body }: MonitoredResponse): Response {
  const { status, statusText } = response;
  if (status < 200 || status > 599) {
    return oddResponse(response);
  }
  const headers = new Headers([...response.headers]);
  if (headers.has('content-encoding')) {
    // The transport has decoded the body, but these headers describe the encoded bytes.
    headers.delete('content-encoding');
    headers.delete('content-length');
  }
  const stream = response.body === null || NULL_BODY_STATUSES.has(status) ? null : streamOf(body);
  if (stream === null) {
    // The caller has nothing to read. This read ends the call.
    body.read().catch(() => undefined);
  }
  const made = new Response(stream, { status, statusText, headers });
  Object.defineProperties(made, {
    url: { value: response.url },
    redirected: { value: response.redirected },
    type: { value: response.type },
  });
  return made;
}

/**
 * The `Response` for a status that the constructor rejects. Returns the platform's own response if there is one.
 * Otherwise defines the status on a `Response` that was constructed with 200.
 */
function oddResponse(response: TransportResponse): Response {
  if (response instanceof Response) {
    return response;
  }
  const { status, statusText, headers, url, body } = response;
  const reader = body?.getReader();
  const stream = reader === undefined ? null : unwatched(reader);
  return Object.defineProperties(new Response(stream, { headers: new Headers([...headers]) }), {
    status: { value: status },
    statusText: { value: statusText },
    ok: { value: false },
    url: { value: url },
  });
}

function unwatched(reader: ByteReader): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const taken = await reader.read();
        if (taken.done) {
          controller.close();
        } else {
          controller.enqueue(taken.value);
        }
      },
      cancel: () => reader.cancel(),
    },
    { highWaterMark: 0 },
  );
}

function streamOf(body: MonitoredBody): ReadableStream<Uint8Array> {
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await body.read();
          if (chunk === undefined) {
            controller.close();
          } else {
            controller.enqueue(chunk);
          }
        } catch (error) {
          controller.error(error instanceof BodyFailure ? bodyError(error) : error);
        }
      },
      cancel: () => body.cancel(),
    },
    // No read-ahead: a body that the caller never reads costs nothing and can be garbage-collected.
    { highWaterMark: 0 },
  );
  cancelWhenCollected(stream, body);
  return stream;
}

/** The error that a failed body throws: the caller's abort reason, a timeout, or a network error without a cause. */
export function bodyError(failure: BodyFailure): unknown {
  const { end, reason } = failure;
  if (end.ending === 'cancelled') {
    return reason ?? new DOMException('This operation was aborted', 'AbortError');
  }
  if (end.errorType === 'timeout') {
    return timeoutReason();
  }
  return networkError(end.errorType ?? '_OTHER');
}

/** Like the network error of `fetch`, but with an enum value as `code` and no cause, which may quote secrets. */
export function networkError(errorType: string): TypeError {
  return Object.assign(new TypeError('fetch failed'), { code: errorType });
}
