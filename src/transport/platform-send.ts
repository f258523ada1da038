import type { Fetch } from '../config/options';
import { dispatch } from './dispatch';
import { type DispatchQuestion, findDispatcher } from './find-dispatcher';
import { platformFetch } from './platform-fetch';
import type { Send, SendRequest } from './send';

/** How requests leave: past fetch where that is possible, or always through it. */
export type TransportSetting = 'auto' | 'fetch';

/** Sends with what the platform has. */
export function createPlatformSend(setting: TransportSetting): Send {
  return async (request) => {
    const found = setting === 'auto' ? findDispatcher(request) : undefined;
    return found === undefined
      ? platformFetch(request.url, initOf(request))
      : dispatch(found.dispatcher, request, found.keepsLimits);
  };
}

/** What such a sender would take for `request`. */
export function platformTransport(setting: TransportSetting, request: DispatchQuestion): 'dispatcher' | 'fetch' {
  return setting === 'auto' && findDispatcher(request) !== undefined ? 'dispatcher' : 'fetch';
}

/** Sends with a fetch that somebody gave. */
export function createFetchSend(fetch: Fetch): Send {
  return async (request) => fetch(request.url, initOf(request));
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
