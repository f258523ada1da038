import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';

type Decoder = (bytes: Uint8Array, limit: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const unzstd = promisify(zstdDecompress);
const ungzip = promisify(gunzip);
const undeflate = promisify(inflate);
const unbrotli = promisify(brotliDecompress);

/** Supported content codings of request bodies. Codex sends zstd. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['zstd', (bytes, limit) => unzstd(bytes, limit)],
  ['gzip', (bytes, limit) => ungzip(bytes, limit)],
  ['x-gzip', (bytes, limit) => ungzip(bytes, limit)],
  ['deflate', (bytes, limit) => undeflate(bytes, limit)],
  ['br', (bytes, limit) => unbrotli(bytes, limit)],
]);

export type DecodedBody =
  | { readonly kind: 'text'; readonly text: string }
  /** Damaged. The body is still forwarded; CometAPI reports the error. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'unknown_coding' };

/** Decodes a copy of a body for tracing. The original bytes are forwarded unchanged. */
export async function decodeBody(bytes: Uint8Array, coding: string | null, maxBytes: number): Promise<DecodedBody> {
  const name = coding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') {
    return { kind: 'text', text: asText(bytes) };
  }
  const decode = DECODERS.get(name);
  if (decode === undefined) {
    return { kind: 'unknown_coding' };
  }
  try {
    return { kind: 'text', text: asText(await decode(bytes, { maxOutputLength: maxBytes })) };
  } catch (error) {
    const isTooLarge =
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE');
    return { kind: isTooLarge ? 'too_large' : 'unreadable' };
  }
}

function asText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
