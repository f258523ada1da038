import { transportError } from '../faults/transport-error';
import { play } from '../play';
import type { Receiver } from '../reception';
import type { IncomingRequest } from '../recorded-request';
import type { Settings } from '../simulator-options';
import { createMemoryConnection } from './memory-connection';

const MAX_REDIRECTS = 20;
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Marks this `fetch` as simulated. Records of its calls name the simulator, not CometAPI. */
const MARK = Symbol.for('cometapi-otel.simulator');

/** A `fetch` that the simulator answers in memory. Matches Node's errors, redirects and abort behavior. */
export function createMemoryFetch(receiver: Receiver, settings: Settings): typeof globalThis.fetch {
  async function simulatedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const signal = init?.signal === undefined && input instanceof Request ? input.signal : init?.signal;
    // Without the signal, because a Request keeps a listener on its signal until it is garbage collected.
    const request = new Request(input, { ...init, signal: null });
    signal?.throwIfAborted();
    let hop = await readRequest(request, settings.maxRequestBytes);
    for (let redirects = 0; ; redirects++) {
      signal?.throwIfAborted();
      const response = await answer(receiver, hop, signal ?? undefined);
      const location = response.headers.get('location');
      if (!REDIRECT_STATUSES.has(response.status) || location === null || request.redirect === 'manual') {
        return redirects === 0 ? response : Object.defineProperty(response, 'redirected', { value: true });
      }
      await response.body?.cancel();
      if (request.redirect === 'error' || redirects >= MAX_REDIRECTS) {
        const text = request.redirect === 'error' ? 'unexpected redirect' : 'redirect count exceeded';
        throw transportError('headers', { text });
      }
      hop = followRedirect(hop, response.status, location);
    }
  }
  return Object.assign(simulatedFetch, { [MARK]: true as const });
}

/** Answers one request. Rejects like `fetch` if there is no response. */
function answer(receiver: Receiver, hop: IncomingRequest, signal: AbortSignal | undefined): Promise<Response> {
  return new Promise((resolve, reject) => {
    const reception = receiver.fromMemory(hop);
    if ('unreachable' in reception) {
      const { unreachable: code } = reception;
      reject(transportError('headers', { code, text: `connect ${code}` }));
      return;
    }
    const connection = createMemoryConnection({
      url: hop.origin + hop.path,
      resolve,
      reject,
      cancelled: () => reception.settle('closed_by_client'),
      over() {
        signal?.removeEventListener('abort', abort);
      },
    });
    const abort = (): void => {
      connection.abort(signal?.reason);
      reception.settle('closed_by_client');
    };
    signal?.addEventListener('abort', abort);
    reception.stop.addEventListener('abort', () => connection.close());
    play(reception.steps, connection, reception.stop).then(
      (isFinished) => {
        if (isFinished) {
          reception.settle('finished');
        }
      },
      (error: unknown) => {
        // A function of the test threw. Pass the error to the test.
        connection.abort(error);
        reception.settle('finished');
      },
    );
  });
}

async function readRequest(request: Request, maxBytes: number): Promise<IncomingRequest> {
  const url = new URL(request.url);
  const body = new Uint8Array(await request.arrayBuffer());
  return {
    method: request.method,
    path: url.pathname + url.search,
    origin: url.origin,
    headers: Object.fromEntries(request.headers),
    body: body.subarray(0, maxBytes),
    tooLarge: body.length > maxBytes,
  };
}

/** Returns the request that follows a redirect, as in the Fetch standard. The simulator answers it for every host. */
function followRedirect(from: IncomingRequest, status: number, location: string): IncomingRequest {
  const url = new URL(location, from.origin + from.path);
  const becomesGet = status === 303 || ((status === 301 || status === 302) && from.method === 'POST');
  const dropped = new Set([
    ...(becomesGet ? ['content-type', 'content-length', 'content-encoding'] : []),
    ...(url.origin === from.origin ? [] : ['authorization', 'cookie', 'host']),
  ]);
  return {
    method: becomesGet ? 'GET' : from.method,
    path: url.pathname + url.search,
    origin: url.origin,
    headers: Object.fromEntries(Object.entries(from.headers).filter(([name]) => !dropped.has(name))),
    body: becomesGet ? new Uint8Array() : from.body,
    tooLarge: !becomesGet && from.tooLarge,
  };
}
