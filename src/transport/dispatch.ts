import type { ResponseHeaders } from '../wire/response-headers';
import { decodedBody } from './decoded-body';
import { type BodyControl, DispatcherBody } from './dispatcher-body';
import { DispatcherResponse } from './dispatcher-response';
import type { HeaderList } from './header-list';
import { headersOf, LazyHeaders, type ParsedHeaders, type RawHeaders } from './lazy-headers';
import type { SendRequest } from './send';
import type { TransportResponse } from './transport-response';

/** The part of an undici dispatcher that the client uses. Node's default dispatcher and custom ones match it. */
export interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}

/** The features of a dispatcher. */
export interface DispatcherTraits {
  /** True if the timeouts of the dispatcher stay active. */
  readonly hasOwnTimeouts: boolean;
  /** True if it supports the handler methods of undici 6, which receive unparsed headers. */
  readonly supportsLegacyHandler: boolean;
}

const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Sends one request through a dispatcher. Bypasses the objects of fetch, which cost more than the request itself
 * (docs/decisions/0001-node-dispatcher-instead-of-fetch.md). Does not follow redirects. Asks for an uncompressed
 * response, because responses are small and most are streams.
 */
export function dispatch(
  dispatcher: Dispatcher,
  request: SendRequest,
  { hasOwnTimeouts, supportsLegacyHandler }: DispatcherTraits,
): Promise<TransportResponse> {
  return new Promise<TransportResponse>((resolve, reject) => {
    request.signal.throwIfAborted();
    const { url, method, body } = request;
    const pathAt = url.indexOf('/', url.indexOf('//') + 2);
    const hashAt = url.indexOf('#', pathAt);
    const exchange = supportsLegacyHandler
      ? new DispatchHandler(request, resolve, reject)
      : new CurrentDispatchHandler(request, resolve, reject);
    const options: DispatchOptions = {
      // `url` is the `href` of a URL, so it has a path.
      origin: url.slice(0, pathAt),
      path: url.slice(pathAt, hashAt === -1 ? undefined : hashAt),
      method,
      headers: rawHeaders(request.headers),
      body: body ?? null,
    };
    if (!hasOwnTimeouts) {
      // The call enforces its timeouts itself.
      options.headersTimeout = 0;
      options.bodyTimeout = 0;
    }
    try {
      dispatcher.dispatch(options, exchange);
    } catch (error) {
      exchange.onError(error);
    }
  });
}

interface DispatchOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly body: SendRequest['body'] | null;
  headersTimeout?: 0;
  bodyTimeout?: 0;
}

/** Returns alternating names and values. Adds the headers that fetch adds by default. */
function rawHeaders(headers: HeaderList): string[] {
  const raw = ['accept-encoding', 'identity'];
  let hasAccept = false;
  let hasUserAgent = false;
  headers.forEach((name, value) => {
    if (name !== 'accept-encoding') {
      raw.push(name, value);
    }
    hasAccept ||= name === 'accept';
    hasUserAgent ||= name === 'user-agent';
  });
  if (!hasAccept) {
    raw.push('accept', '*/*');
  }
  if (!hasUserAgent) {
    raw.push('user-agent', 'node');
  }
  return raw;
}

/** One request and its response, as a handler for undici 6 (Node 22). Undici 7 (Node 24) also supports this form. */
class DispatchHandler implements BodyControl {
  readonly #request: SendRequest;
  readonly #resolve: (response: TransportResponse) => void;
  readonly #reject: (error: unknown) => void;
  #destroy: ((reason: Error) => void) | undefined;
  #resumeSource: (() => void) | undefined;
  #body: DispatcherBody | undefined;
  #isPaused = false;

  constructor(request: SendRequest, resolve: (response: TransportResponse) => void, reject: (error: unknown) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onConnect(abort: (reason: Error) => void): void {
    this.#destroy = abort;
    if (this.#request.signal.aborted) {
      this.#onAbort();
    }
  }

  onHeaders(status: number, rawHeaders: RawHeaders, resume: () => void, statusText?: string): boolean {
    this.answered(status, headersOf(rawHeaders), resume, statusText);
    return true;
  }

  /** @returns false to pause the source */
  onData(chunk: Uint8Array): boolean {
    this.#body?.push(chunk);
    return !this.#isPaused;
  }

  onComplete(): void {
    this.#forgetSignal();
    this.#body?.finish();
  }

  onError(error: unknown): void {
    this.#forgetSignal();
    // Only one of the two is still open. The other call has no effect.
    this.#reject(error);
    this.#body?.fail(error);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumeSource?.();
  }

  abort(reason: Error): void {
    this.#destroy?.(reason);
  }

  protected answered(status: number, headers: ResponseHeaders, resume: () => void, statusText = ''): void {
    if (status < 200) {
      // An informational response, such as 103 Early Hints. The final response follows.
      return;
    }
    this.#resumeSource = resume;
    const { url, method } = this.#request;
    // Bytes of a response without a body are dropped. Unread bytes would pause the socket.
    this.#body = NULL_BODY_STATUSES.has(status) || method === 'HEAD' ? undefined : new DispatcherBody(this);
    try {
      const body = this.#body === undefined ? null : decodedBody(this.#body, headers.get('content-encoding'));
      this.#resolve(new DispatcherResponse({ status, statusText, headers, url, body }));
    } catch (error) {
      this.onError(error);
      this.abort(aborted());
    }
  }

  readonly #onAbort = (): void => {
    const { reason } = this.#request.signal;
    this.onError(reason);
    this.abort(reason instanceof Error ? reason : aborted());
  };

  #forgetSignal(): void {
    this.#request.signal.removeEventListener('abort', this.#onAbort);
  }
}

/** Also implements the handler methods of undici 7 and 8. A custom dispatcher may support only those. */
class CurrentDispatchHandler extends DispatchHandler {
  onRequestStart(controller: BodyControl): void {
    this.onConnect((reason) => controller.abort(reason));
  }

  onResponseStart(controller: BodyControl, status: number, headers: ParsedHeaders, statusText?: string): void {
    this.answered(status, new LazyHeaders(headers), () => controller.resume(), statusText);
  }

  onResponseData(controller: BodyControl, chunk: Uint8Array): void {
    if (!this.onData(chunk)) {
      controller.pause();
    }
  }

  onResponseEnd(): void {
    this.onComplete();
  }

  onResponseError(_controller: BodyControl, error: unknown): void {
    this.onError(error);
  }
}

function aborted(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError');
}
