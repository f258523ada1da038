import type { ByteSource } from '../wire/byte-reader';
import type { ResponseHeaders } from '../wire/response-headers';

/** What the path reads of a response; the platform's own fits. */
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
