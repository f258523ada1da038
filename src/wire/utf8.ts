const encoder = new TextEncoder();
/** Written over and over: encoding anew would allocate as much as the text takes, outside the heap. */
const scratch = new Uint8Array(16_384);

/** How many bytes `text` takes in UTF-8. */
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
