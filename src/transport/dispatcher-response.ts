import type { ByteSource } from '../wire/body/byte-reader';
import type { ResponseHeaders } from '../wire/response-headers';
import type { TransportResponse } from './transport-response';

/** The parts of a response. */
export interface DispatcherResponseParts {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ResponseHeaders;
  readonly url: string;
  readonly body: ByteSource | null;
}

/** A response without the cost of a fetch `Response`. */
export class DispatcherResponse implements TransportResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ResponseHeaders;
  readonly url: string;
  readonly body: ByteSource | null;
  readonly redirected = false;
  readonly type: ResponseType = 'basic';

  constructor({ status, statusText, headers, url, body }: DispatcherResponseParts) {
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.url = url;
    this.body = body;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }
}
