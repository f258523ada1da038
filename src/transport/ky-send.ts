import ky from 'ky';
import { sortFailure, TransportFailure } from './failure';
import type { Send } from './send';
import type { TransportResponse } from './transport-response';

/** Everything ky could do twice, wait for, follow or throw is off: bounds and decisions are the path's. */
const TRANSPORT_ONLY = { retry: 0, timeout: false, throwHttpErrors: false, redirect: 'manual' } as const;

/**
 * ky as the transport. Payload, headers and signal travel beside ky's own Request, straight to `send`: building a
 * Request from them costs about 40 µs a call, and ky's errors hold the Request.
 *
 * @param send looks for what to send with anew for each request, so that a replaced global fetch is honoured
 * @returns what throws TransportFailure and nothing else
 */
export function createKySend(send: Send): Send {
  return async (request) => {
    try {
      const response: TransportResponse = await ky(request.url, {
        ...TRANSPORT_ONLY,
        method: request.method,
        // ky takes whatever is tagged as a Response, and hands it on as it is: all that is off would need more of it.
        fetch: () => send(request) as Promise<Response>,
      });
      return response;
    } catch (error) {
      throw new TransportFailure({ kind: 'failure', ...sortFailure(error) });
    }
  };
}
