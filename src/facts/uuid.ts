import type { Identifier } from './identifier';

/** Returns a UUIDv7 (RFC 9562, 5.7): sorts by time, has 74 random bits. */
export function uuidV7(wallMs: number, random: Uint8Array): Identifier<'id'> {
  const moment = Math.max(0, Math.floor(wallMs));
  const high = Math.floor(moment / 2 ** 32);
  const low = (moment % 2 ** 32) | 0;
  writeByte(0, high >> 8);
  writeByte(1, high);
  for (let at = 0; at < 4; at++) {
    writeByte(2 + at, low >> (24 - 8 * at));
  }
  return finished(random, 6, 0x70);
}

/** Returns a UUIDv4 (RFC 9562, 5.4) from sixteen random bytes. */
export function uuidV4(random: Uint8Array): Identifier<'id'> {
  return finished(random, 0, 0x40);
}

const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** The index of the first digit of each byte. Hyphens are at 8, 13, 18 and 23. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** The characters of the id. `fromCharCode` builds a flat string; concatenation would leave a rope of forty pieces. */
const codes = Array.from({ length: 36 }, () => '-'.charCodeAt(0));

function writeByte(at: number, byte: number): void {
  const place = PLACES[at] ?? 0;
  codes[place] = DIGITS[(byte >> 4) & 0x0f] ?? 0;
  codes[place + 1] = DIGITS[byte & 0x0f] ?? 0;
}

/** Writes `random` from byte `from` on, then version and variant, and returns the id. */
function finished(random: Uint8Array, from: number, version: number): Identifier<'id'> {
  for (let at = from; at < 16; at++) {
    writeByte(at, random[at - from] ?? 0);
  }
  writeByte(6, version | ((random[6 - from] ?? 0) & 0x0f));
  writeByte(8, 0x80 | ((random[8 - from] ?? 0) & 0x3f));
  // Hexadecimal digits and hyphens match the pattern of an id.
  return String.fromCharCode.apply(undefined, codes) as Identifier<'id'>;
}
