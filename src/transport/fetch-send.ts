import ky from 'ky';
import { asTransportFailure } from './failure';
import type { Send, SendRequest } from './send';
import type { TransportResponse } from './transport-response';
import { untilAborted } from './until-aborted';

/** Disables ky's retries, timeouts, redirects and HTTP errors: `src/call` and `src/retry` decide about these. */
const TRANSPORT_ONLY = { retry: 0, timeout: false, throwHttpErrors: false, redirect: 'manual' } as const;

/**
 * Sends with ky through a fetch. Body, headers and signal are passed directly to `fetchIt`, not in ky's `Request`:
 * building a `Request` from them costs about 40 µs a call, and ky's errors contain the `Request`.
 * See docs/decisions/0002-ky-and-p-retry.md.
 *
 * @returns a function that throws only TransportFailure
 */
export function createKySend(fetchIt: (request: SendRequest) => Promise<Response>): Send {
  return (request) => {
    const { url, method, signal } = request;
    const sending = ky(url, { ...TRANSPORT_ONLY, method, fetch: () => fetchIt(request) });
    // A custom fetch may ignore its signal.
    return untilAborted(sending, signal, discard).catch(asTransportFailure);
  };
}

/** Closes a response that arrives after the abort. */
function discard(response: TransportResponse): void {
  response.body?.cancel().catch(() => undefined);
}
