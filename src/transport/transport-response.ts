import type { ByteSource } from '../wire/byte-reader';

/** What the path reads of a response; the platform's own fits. */
export interface TransportResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly url: string;
  readonly redirected: boolean;
  readonly type: ResponseType;
  readonly body: ByteSource | null;
}
