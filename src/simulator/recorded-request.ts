import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** One received request, for assertions. `closedByClient` and `finished` change while it is being answered. */
export interface RecordedRequest {
  /** HTTP method. */
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  /** Origin of the URL, for example `https://api.cometapi.com`. It shows if a client followed a redirect. */
  readonly origin: string;
  /** Headers by lower-case name. Several lines with the same name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as sent. It may be compressed. */
  readonly body: Uint8Array;
  /** The decompressed body as text. */
  readonly bodyText: string;
  /** The parsed body, or `undefined` if it is not JSON. */
  readonly json: unknown;
  /** Time of arrival, in milliseconds since the epoch, with a fraction. */
  readonly at: number;
  /** The request id that the answer contains. */
  readonly requestId: string;
  /** True if the client disconnected before the answer ended. */
  readonly closedByClient: boolean;
  /** True if the scenario performed all its steps, including a cut or a reset. */
  readonly finished: boolean;
}

/** A request as a driver receives it. */
export interface IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** True if the body exceeds the limit. `body` contains only its beginning. */
  readonly tooLarge: boolean;
}

/** A recorded request that the simulator can modify. */
export type OpenRequest = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

/** Decodes and parses an incoming request. */
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
    // Monotonic, unlike the wall clock, because tests subtract these values.
    at: performance.timeOrigin + performance.now(),
    requestId,
    closedByClient: false,
    finished: false,
  };
}

type Decoder = (bytes: Uint8Array) => Uint8Array;
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);

/** Decompresses a request body. Some agents compress it (Codex: zstd). Returns a damaged body unchanged. */
function decode(body: Uint8Array, encoding: string | undefined): Uint8Array {
  try {
    return DECODERS.get(encoding ?? '')?.(body) ?? body;
  } catch {
    // A damaged body is recorded unchanged and answered as invalid JSON.
    return body;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `json: undefined` leads to a 400 answer.
    return undefined;
  }
}
