import type { Label } from './label';

/** UUIDv7 (RFC 9562 5.7): sorted by time, 74 random bits. */
export function uuidV7(wallMs: number, random: Uint8Array): Label<'id'> {
  const bytes = new Uint8Array(16);
  bytes.set(random.subarray(0, 10), 6);
  let rest = Math.max(0, Math.floor(wallMs));
  for (let at = 5; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return spelled(bytes);
}

/** UUIDv4 (RFC 9562 5.4) from sixteen random bytes. */
export function uuidV4(random: Uint8Array): Label<'id'> {
  const bytes = Uint8Array.from(random.subarray(0, 16));
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return spelled(bytes);
}

const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const HYPHENS: ReadonlySet<number> = new Set([8, 13, 18, 23]);
/** Where the digits of an id stand. */
const PLACES = Array.from({ length: 36 }, (_, at) => at).filter((at) => !HYPHENS.has(at));
/** The characters of the id being spelled. One text made of them is whole; one added up stays in forty pieces. */
const codes = Array.from({ length: 36 }, () => '-'.charCodeAt(0));

function spelled(bytes: Uint8Array): Label<'id'> {
  let digit = 0;
  for (const place of PLACES) {
    const byte = bytes[digit >> 1] ?? 0;
    codes[place] = DIGITS[digit % 2 === 0 ? byte >> 4 : byte & 0x0f] ?? 0;
    digit++;
  }
  // Hexadecimal digits and hyphens fit the grammar of an id.
  return String.fromCharCode.apply(undefined, codes) as Label<'id'>;
}
