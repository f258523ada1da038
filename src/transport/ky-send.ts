import ky from 'ky';
import { asTransportFailure } from './failure';
import type { Send, SendRequest } from './send';
import type { TransportResponse } from './transport-response';
import { untilAborted } from './until-aborted';

/** Everything ky could do twice, wait for, follow or throw is off: bounds and decisions are the path's. */
const TRANSPORT_ONLY = { retry: 0, timeout: false, throwHttpErrors: false, redirect: 'manual' } as const;

/**
 * ky as the transport wherever a fetch sends. Payload, headers and signal travel beside ky's own Request, straight to
 * `fetchIt`: building a Request from them costs about 40 µs a call, and ky's errors hold the Request.
 *
 * @returns what throws TransportFailure and nothing else
 */
export function createKySend(fetchIt: (request: SendRequest) => Promise<Response>): Send {
  return (request) => {
    const { url, method, signal } = request;
    const sending = ky(url, { ...TRANSPORT_ONLY, method, fetch: () => fetchIt(request) });
    // Not every fetch watches its signal.
    return untilAborted(sending, signal, discard).catch(asTransportFailure);
  };
}

/** An answer that came after nobody waited for it any more. */
function discard(response: TransportResponse): void {
  response.body?.cancel().catch(() => undefined);
}
