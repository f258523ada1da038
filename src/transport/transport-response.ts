import type { ByteSource } from '../wire/body/byte-reader';
import type { ResponseHeaders } from '../wire/response-headers';

/** The part of a response that a call uses. A `Response` matches this interface. */
export interface TransportResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: ResponseHeaders;
  readonly url: string;
  readonly redirected: boolean;
  readonly type: ResponseType;
  readonly body: ByteSource | null;
}
