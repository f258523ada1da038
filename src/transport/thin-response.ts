import type { ByteSource } from '../wire/byte-reader';
import type { TransportResponse } from './transport-response';

/** Names and values in turn, as they came; undici gives bytes, others may give text. */
export type RawHeaders = readonly (string | Uint8Array)[];

/** What a response is made of. */
export interface ThinResponseParts {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly url: string;
  readonly body: ByteSource | null;
}

/** A response without the machinery of the fetch standard. ky takes anything for a response that says it is one. */
export class ThinResponse implements TransportResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly url: string;
  readonly body: ByteSource | null;
  readonly redirected = false;
  readonly type: ResponseType = 'basic';

  constructor({ status, statusText, headers, url, body }: ThinResponseParts) {
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.url = url;
    this.body = body;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get [Symbol.toStringTag](): string {
    return 'Response';
  }
}

/** Headers as fetch would hold them; what cannot stand in one is left out. */
export function toHeaders(raw: RawHeaders): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    try {
      headers.append(text(raw[at]), text(raw[at + 1]));
    } catch {
      // A name or value that is none: to fail the whole answer for it, as fetch does, helps nobody.
    }
  }
  return headers;
}

/** Headers are Latin-1 on the wire. */
function text(value: string | Uint8Array | undefined): string {
  return typeof value === 'string' || value === undefined ? (value ?? '') : latin1.decode(value);
}

/** windows-1252 in the standard's own words, which differs from Latin-1 in control characters only. */
const latin1 = new TextDecoder('latin1');
