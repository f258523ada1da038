const encoder = new TextEncoder();
/** Reused for each text. A new buffer per text would allocate as many bytes outside the heap. */
const scratch = new Uint8Array(16_384);

/** Returns the number of UTF-8 bytes of `text`. */
export function utf8ByteLength(text: string): number {
  let bytes = 0;
  let rest = text;
  while (rest !== '') {
    const { read, written } = encoder.encodeInto(rest, scratch);
    bytes += written;
    rest = rest.slice(read);
  }
  return bytes;
}
