import type { ByteReader, ByteSource, TakenBytes } from '../wire/byte-reader';

/** A chain that is longer is an attack (CVE-2026-22036). */
const MAX_CODINGS = 5;

/** Content codings by the names of the platform. `deflate` is what the standard means by it, with zlib's frame. */
const FORMATS: Readonly<Record<string, string>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'brotli',
};

/**
 * The body without its content codings: a server may compress though it was asked not to. A coding the platform does
 * not know leaves the body as it is, as fetch does.
 *
 * @throws TypeError for a chain of more codings than anybody needs
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
    throw new TypeError('The network answer has too many content codings.');
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
    // A format the platform does not have throws; any bytes it takes are a BufferSource.
    return format === undefined ? undefined : (new DecompressionStream(format as CompressionFormat) as Decoder);
  } catch {
    return undefined;
  }
}

/** Bytes that are decoded as they are read. */
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
    // What waits, waits in the body, which holds its socket back.
    { highWaterMark: 0 },
  );
}
