import type { Fetch } from '../config/options';
import { dispatch } from './dispatch';
import { asTransportFailure } from './failure';
import { type DispatchQuestion, findDispatcher } from './find-dispatcher';
import { createKySend } from './ky-send';
import { platformFetch } from './platform-fetch';
import type { Send, SendRequest } from './send';
import { toAbortSignal } from './stop-source';

/** How requests leave: past fetch where that is possible, or always through it. */
export type TransportSetting = 'auto' | 'fetch';

/**
 * Sends with what the platform has. What goes to a dispatcher passes ky by: it would build a Request (30 µs) for the sake
 * of what is all switched off.
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

/** What such a sender would take for `request`. */
export function platformTransport(setting: TransportSetting, request: DispatchQuestion): 'dispatcher' | 'fetch' {
  return setting === 'auto' && findDispatcher(request) !== undefined ? 'dispatcher' : 'fetch';
}

/** Sends with a fetch that somebody gave. */
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
    // Node wants this said for a body that is a stream; lib.dom does not know it.
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  };
}
