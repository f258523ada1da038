/** Returns a secret in every form that common encoders produce: JSON, URL, hexadecimal, base64. */
export function encodings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret.toWellFormed());
  return [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    url,
    url.replace(/%../g, (triplet) => triplet.toLowerCase()),
    ...byteEncodings(utf8(secret)),
    // HTTP headers are Latin-1, so a server may encode the Latin-1 bytes of the key.
    ...(/[\u0080-\u00ff]/.test(secret)
      ? byteEncodings([...secret].map((character) => character.charCodeAt(0) & 0xff))
      : []),
  ];
}

function byteEncodings(bytes: readonly number[]): string[] {
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const inBase64 = [0, 1, 2].flatMap((offset) => {
    const text = base64(bytes, offset);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [hex, hex.toUpperCase(), ...inBase64];
}

/** Returns UTF-8 bytes without `TextEncoder`: this module is compiled without platform types. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const escaped = encodeURIComponent(character);
    if (escaped.startsWith('%')) {
      for (const pair of escaped.slice(1).split('%')) {
        bytes.push(Number.parseInt(pair, 16));
      }
    } else {
      bytes.push(character.charCodeAt(0));
    }
  }
  return bytes;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Returns the base64 characters that depend only on `bytes` when `offset` unknown bytes precede them. */
function base64(bytes: readonly number[], offset: number): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const skip = (6 - ((offset * 8) % 6)) % 6;
  let text = '';
  for (let at = skip; at + 6 <= bits.length; at += 6) {
    text += BASE64.charAt(Number.parseInt(bits.slice(at, at + 6), 2));
  }
  return text;
}
