import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

/** Whatever has come is given out at once, and the end of the connection is judged by HTTP, not by the decoder. */
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
 * The body of an answer in plain bytes. We ask for `identity`, so this is for servers that compress all the same; headers
 * that spoke of the compressed bytes go.
 *
 * @throws Error with a code of Node's parser when the coding is unknown
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
  // Breaks on one side reach the other; the reader is told of them.
  return pipeline(answer, create(), () => {});
}
