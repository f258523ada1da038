import type { ByteReader, ByteSource, TakenBytes } from '../wire/body/byte-reader';

/** A longer chain is treated as an attack (CVE-2026-22036). */
const MAX_CODINGS = 5;

/** Formats of `DecompressionStream` by content coding. `deflate` has the zlib header, as RFC 9110 defines it. */
const FORMATS: Readonly<Record<string, string>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'brotli',
};

/**
 * Decodes the content codings of a body. A server may compress although the request asks for no compression.
 * If the platform does not support a coding, the body stays encoded, as with fetch.
 *
 * @throws TypeError if there are more than five codings
 */
export function decodedBody(body: ByteSource, contentEncoding: string | null): ByteSource {
  if (contentEncoding === null) {
    return body;
  }
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  const coded = codings.filter((coding) => coding !== '' && coding !== 'identity');
  if (coded.length > MAX_CODINGS) {
    throw new TypeError('The response has too many content codings.');
  }
  const decoders = coded.reverse().map(decoderOf);
  return decoders.length > 0 && decoders.every((decoder) => decoder !== undefined)
    ? new DecodedBody(body, decoders)
    : body;
}

type Decoder = ReadableWritablePair<Uint8Array, Uint8Array>;

function decoderOf(coding: string): Decoder | undefined {
  const format = Object.hasOwn(FORMATS, coding) ? FORMATS[coding] : undefined;
  try {
    // Throws if the platform does not support the format. The casts are safe: every `Uint8Array` is a BufferSource.
    return format === undefined ? undefined : (new DecompressionStream(format as CompressionFormat) as Decoder);
  } catch {
    return undefined;
  }
}

/** A body that is decoded while it is read. */
class DecodedBody implements ByteReader, ByteSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(body: ByteSource, decoders: readonly Decoder[]) {
    const source = streamOf(body.getReader());
    this.#reader = decoders.reduce((stream, decoder) => stream.pipeThrough(decoder), source).getReader();
  }

  getReader(): ByteReader {
    return this;
  }

  read(): Promise<TakenBytes> {
    return this.#reader.read();
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

function streamOf(reader: ByteReader): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const taken = await reader.read();
        if (taken.done) {
          controller.close();
        } else {
          controller.enqueue(taken.value);
        }
      },
      cancel: () => reader.cancel(),
    },
    // No buffer here: unread bytes stay in the body, which pauses its socket.
    { highWaterMark: 0 },
  );
}
