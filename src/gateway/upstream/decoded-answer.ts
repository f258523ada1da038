import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

/** Emits decoded bytes immediately, and accepts a truncated input: the HTTP parser decides if the body is complete. */
const ZLIB = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH };

const DECODERS: ReadonlyMap<string, () => ReturnType<typeof createGunzip>> = new Map([
  ['gzip', () => createGunzip(ZLIB)],
  ['x-gzip', () => createGunzip(ZLIB)],
  ['deflate', () => createInflate(ZLIB)],
  ['br', () => createBrotliDecompress(BROTLI)],
  ['zstd', () => createZstdDecompress()],
]);

/**
 * Returns the body of a response without its content coding. We request `identity`, but some servers compress anyway.
 * Deletes the headers that describe the compressed bytes.
 *
 * @throws Error with code `HPE_UNKNOWN_CODING` if the coding is unknown
 */
export function decodedAnswer(answer: IncomingMessage, headers: Headers): Readable {
  const coding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') {
    return answer;
  }
  const create = DECODERS.get(coding);
  if (create === undefined) {
    throw Object.assign(new Error('unknown content coding'), { code: 'HPE_UNKNOWN_CODING' });
  }
  headers.delete('content-encoding');
  headers.delete('content-length');
  // The empty callback is needed: `pipeline` propagates an error to both streams, and the reader receives it.
  return pipeline(answer, create(), () => {});
}
