import type { FetchOptions } from '../config/options';
import type { StopSignal } from '../wire/stop-signal';
import type { HeaderFields } from './header-fields';
import type { TransportResponse } from './transport-response';

/** What can be sent as a body. */
export type RequestBody =
  | string
  | Uint8Array<ArrayBuffer>
  | ReadableStream<Uint8Array>
  | FormData
  | Blob
  | URLSearchParams;

/** One request, ready to be sent. */
export interface SendRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderFields;
  readonly body: RequestBody | undefined;
  readonly signal: StopSignal;
  readonly fetchOptions: FetchOptions | undefined;
}

/**
 * Sends one request and resolves with the response as soon as its headers are there, body unread, whatever the status.
 * Follows no redirect, retries nothing, has no limits of its own.
 *
 * @throws TransportFailure when there is no response; never an error of somebody else
 */
export type Send = (request: SendRequest) => Promise<TransportResponse>;
