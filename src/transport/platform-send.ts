import type { Fetch } from '../config/options';
import { dispatch } from './dispatch';
import { asTransportFailure } from './failure';
import { createKySend } from './fetch-send';
import { type DispatchQuestion, findDispatcher } from './find-dispatcher';
import { toAbortSignal } from './light-abort-controller';
import { platformFetch } from './platform-fetch';
import type { Send, SendRequest } from './send';

/** `auto` bypasses fetch where that is possible. `fetch` always sends through fetch. */
export type TransportSetting = 'auto' | 'fetch';

/**
 * Sends through the platform's dispatcher or fetch. Requests through a dispatcher bypass ky: it would build a `Request`
 * (30 µs) for features that are all disabled.
 */
export function createPlatformSend(setting: TransportSetting): Send {
  const throughFetch = createKySend((request) => platformFetch(request.url, initOf(request)));
  return (request) => {
    const found = setting === 'auto' ? findDispatcher(request) : undefined;
    return found === undefined
      ? throughFetch(request)
      : dispatch(found.dispatcher, request, found).catch(asTransportFailure);
  };
}

/** Returns the transport that {@link createPlatformSend} uses for `request`. */
export function platformTransport(setting: TransportSetting, request: DispatchQuestion): 'dispatcher' | 'fetch' {
  return setting === 'auto' && findDispatcher(request) !== undefined ? 'dispatcher' : 'fetch';
}

/** Sends through a custom fetch. */
export function createFetchSend(fetch: Fetch): Send {
  return createKySend(async (request) => fetch(request.url, initOf(request)));
}

function initOf({ method, headers, body, signal, fetchOptions }: SendRequest): RequestInit {
  return {
    ...fetchOptions,
    redirect: 'manual',
    method,
    headers: headers.toHeaders(),
    signal: toAbortSignal(signal),
    ...(body !== undefined && { body }),
    // Node requires `duplex` for a stream as body. The DOM types lack it.
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  };
}
