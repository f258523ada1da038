import { decodedBody } from './decoded-body';
import { type BodyControl, DispatcherBody } from './dispatcher-body';
import type { HeaderFields } from './header-fields';
import type { SendRequest } from './send';
import { type ParsedHeaders, type RawHeaders, ThinHeaders } from './thin-headers';
import { ThinResponse } from './thin-response';
import type { TransportResponse } from './transport-response';

/** What of an undici dispatcher is used; Node's own and those people set fit. */
export interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}

const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/** The limits are the path's; a dispatcher that somebody configured keeps its own. */
const NO_LIMITS = { headersTimeout: 0, bodyTimeout: 0 } as const;

/**
 * Sends one request through a dispatcher, past the objects of the fetch standard, which cost more than the request does.
 * Follows no redirect. Asks for an uncompressed answer: these are small, and most come as streams.
 *
 * @param keepsLimits the dispatcher's own time limits hold
 */
export function dispatch(
  dispatcher: Dispatcher,
  request: SendRequest,
  keepsLimits: boolean,
): Promise<TransportResponse> {
  return new Promise<TransportResponse>((resolve, reject) => {
    request.signal.throwIfAborted();
    const { url, method, body } = request;
    const pathAt = url.indexOf('/', url.indexOf('//') + 2);
    const hashAt = url.indexOf('#', pathAt);
    const exchange = new Exchange(request, resolve, reject);
    try {
      dispatcher.dispatch(
        {
          // `url` is the `href` of a URL, so it has a path.
          origin: url.slice(0, pathAt),
          path: url.slice(pathAt, hashAt === -1 ? undefined : hashAt),
          method,
          headers: rawHeaders(request.headers),
          body: body ?? null,
          ...(!keepsLimits && NO_LIMITS),
        },
        exchange,
      );
    } catch (error) {
      exchange.onError(error);
    }
  });
}

/** Names and values in turn, with what fetch adds where the caller says nothing. */
function rawHeaders(headers: HeaderFields): string[] {
  const raw = ['accept-encoding', 'identity'];
  let hasAccept = false;
  let hasUserAgent = false;
  for (const [name, value] of headers) {
    if (name !== 'accept-encoding') {
      raw.push(name, value);
    }
    hasAccept ||= name === 'accept';
    hasUserAgent ||= name === 'user-agent';
  }
  if (!hasAccept) {
    raw.push('accept', '*/*');
  }
  if (!hasUserAgent) {
    raw.push('user-agent', 'node');
  }
  return raw;
}

/** One request and its answer, told in the words of undici 6 (Node 22) and in those of undici 7 (Node 24). */
class Exchange {
  readonly #request: SendRequest;
  readonly #resolve: (response: TransportResponse) => void;
  readonly #reject: (error: unknown) => void;
  #control: BodyControl | undefined;
  #body: DispatcherBody | undefined;
  #isPaused = false;

  constructor(request: SendRequest, resolve: (response: TransportResponse) => void, reject: (error: unknown) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  // undici 7

  onRequestStart(controller: BodyControl): void {
    this.#start(controller);
  }

  onResponseStart(_controller: BodyControl, status: number, headers: ParsedHeaders, statusText?: string): void {
    this.#answered(status, new ThinHeaders(headers), statusText);
  }

  onResponseData(_controller: BodyControl, chunk: Uint8Array): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.onComplete();
  }

  onResponseError(_controller: BodyControl, error: unknown): void {
    this.onError(error);
  }

  // undici 6

  onConnect(abort: (reason: Error) => void): void {
    this.#start({ abort, pause: () => undefined, resume: () => undefined });
  }

  onHeaders(status: number, rawHeaders: RawHeaders, resume: () => void, statusText?: string): boolean {
    const control = this.#control;
    if (control !== undefined) {
      this.#control = {
        abort: (reason) => control.abort(reason),
        pause: () => {
          this.#isPaused = true;
        },
        resume: () => {
          this.#isPaused = false;
          resume();
        },
      };
    }
    this.#answered(status, ThinHeaders.fromRaw(rawHeaders), statusText);
    return true;
  }

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
    // Settles whichever of the two is still open.
    this.#reject(error);
    this.#body?.fail(error);
  }

  #start(control: BodyControl): void {
    this.#control = control;
    if (this.#request.signal.aborted) {
      this.#onAbort();
    }
  }

  #answered(status: number, headers: ThinHeaders, statusText = ''): void {
    const control = this.#control;
    if (status < 200 || control === undefined) {
      // Early hints and their like: the answer is still to come.
      return;
    }
    const { url, method } = this.#request;
    // Bytes of an answer that has no body are dropped, so that they hold no socket back.
    this.#body = NULL_BODY_STATUSES.has(status) || method === 'HEAD' ? undefined : new DispatcherBody(control);
    try {
      const body = this.#body === undefined ? null : decodedBody(this.#body, headers.get('content-encoding'));
      this.#resolve(new ThinResponse({ status, statusText, headers, url, body }));
    } catch (error) {
      this.onError(error);
      control.abort(aborted());
    }
  }

  readonly #onAbort = (): void => {
    const { reason } = this.#request.signal;
    this.onError(reason);
    this.#control?.abort(reason instanceof Error ? reason : aborted());
  };

  #forgetSignal(): void {
    this.#request.signal.removeEventListener('abort', this.#onAbort);
  }
}

function aborted(): DOMException {
  return new DOMException('This operation was aborted', 'AbortError');
}
