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

/** Each byte as two digits: a call spells three ids. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function spelled(bytes: Uint8Array): Label<'id'> {
  let text = '';
  for (let at = 0; at < 16; at++) {
    text += (at === 4 || at === 6 || at === 8 || at === 10 ? '-' : '') + HEX[bytes[at] ?? 0];
  }
  // Hexadecimal digits and hyphens fit the grammar of an id.
  return text as Label<'id'>;
}
