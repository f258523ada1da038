import type { FetchOptions } from '../config/options';
import type { AbortSignalLike } from '../wire/abort-signal-like';
import type { HeaderList } from './header-list';
import type { TransportResponse } from './transport-response';

/** A request body. */
export type RequestBody =
  | string
  | Uint8Array<ArrayBuffer>
  | ReadableStream<Uint8Array>
  | FormData
  | Blob
  | URLSearchParams;

/** One request, ready to send. */
export interface SendRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: RequestBody | undefined;
  readonly signal: AbortSignalLike;
  readonly fetchOptions: FetchOptions | undefined;
}

/**
 * Sends one request. Resolves when the response headers arrive, for every status, with the body unread.
 * Does not follow redirects, retry, or apply timeouts.
 *
 * @throws TransportFailure if there is no response. It never throws another error.
 */
export type Send = (request: SendRequest) => Promise<TransportResponse>;
