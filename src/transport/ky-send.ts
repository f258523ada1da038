import ky from 'ky';
import type { Fetch } from '../config/options';
import { sortFailure, TransportFailure } from './failure';
import type { Send, SendRequest } from './send';

/** Everything ky could do twice, wait for, follow or throw is off: bounds and decisions are the path's. */
const TRANSPORT_ONLY = { retry: 0, timeout: false, throwHttpErrors: false, redirect: 'manual' } as const;

/**
 * ky as the transport. Payload, headers and signal travel beside ky's own Request, straight to `fetch`: building a
 * Request from them costs about 40 µs a call, and ky's errors hold the Request.
 *
 * @param getFetch asked for each request, so that a replaced global fetch is honoured
 */
export function createKySend(getFetch: () => Fetch): Send {
  return async (request) => {
    const fetch = getFetch();
    try {
      return await ky(request.url, {
        ...TRANSPORT_ONLY,
        method: request.method,
        fetch: () => fetch(request.url, initOf(request)),
      });
    } catch (error) {
      throw new TransportFailure({ kind: 'failure', ...sortFailure(error) });
    }
  };
}

function initOf({ method, headers, body, signal, fetchOptions }: SendRequest): RequestInit {
  return {
    ...fetchOptions,
    redirect: 'manual',
    method,
    headers,
    signal,
    ...(body !== undefined && { body }),
    // Node wants this said for a body that is a stream; lib.dom does not know it.
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  };
}
