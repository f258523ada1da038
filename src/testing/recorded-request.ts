import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** One request as the simulator received it, for a test's assertions. The last two members change while it is answered. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  /** Where it was sent, for example `https://api.cometapi.com`: shows a client that followed a redirect. */
  readonly origin: string;
  /** By lower-case name; several lines of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as sent, which may be compressed. */
  readonly body: Uint8Array;
  /** The decoded body. */
  readonly bodyText: string;
  /** The parsed body; `undefined` when it is not JSON. */
  readonly json: unknown;
  /** When it had arrived, in ms since the epoch, with a fraction. */
  readonly at: number;
  /** The request id that goes into the answer. */
  readonly requestId: string;
  /** The client went away before the answer was over. */
  readonly closedByClient: boolean;
  /** Everything the scenario wanted to send was sent, a cut or a reset included. */
  readonly finished: boolean;
}

/** What a driver knows of a request. */
export interface IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body was longer than the limit; `body` holds what came before it. */
  readonly tooLarge: boolean;
}

/** The same record, writable by the simulator. */
export type OpenRequest = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

/** Reads `incoming` once, so that every later question is answered from the record. */
export function recordRequest(incoming: IncomingRequest, requestId: string): OpenRequest {
  const bodyText = new TextDecoder().decode(decode(incoming.body, incoming.headers['content-encoding']));
  return {
    method: incoming.method,
    path: incoming.path,
    origin: incoming.origin,
    headers: incoming.headers,
    body: incoming.body,
    bodyText,
    json: parseJson(bodyText),
    // Never goes backwards, unlike the wall clock: tests subtract two of these.
    at: performance.timeOrigin + performance.now(),
    requestId,
    closedByClient: false,
    finished: false,
  };
}

const DECODERS = new Map<string, (bytes: Uint8Array) => Uint8Array>([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);

/** Some agents compress what they send (Codex: zstd). A body that cannot be decoded stays as it is. */
function decode(body: Uint8Array, encoding: string | undefined): Uint8Array {
  try {
    return DECODERS.get(encoding ?? '')?.(body) ?? body;
  } catch {
    // A damaged body is the client's mistake: it is recorded, and answered as invalid JSON.
    return body;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `json: undefined` says it, and the contract answers 400.
    return undefined;
  }
}
