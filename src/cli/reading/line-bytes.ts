const FIRST = /[A-Za-z0-9_]/;
const NEXT = /[A-Za-z0-9._:/@+-]/;
/** By byte of an identifier or a model: 0 nowhere, 1 not at its beginning, 2 anywhere. */
const PLACE_OF_BYTE = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  return FIRST.test(character) ? 2 : Number(NEXT.test(character));
});
/** No identifier is longer. */
const MAX_TEXT = 128;
/** More digits could be rounded. */
const MAX_DIGITS = 15;
const ZERO = 0x30;
const POINT = 0x2e;
const QUOTE = 0x22;

/** From here on a call out of JavaScript is cheaper than a loop in it. */
const LONG = 128;

/** Whether `literal` stands at `at`. */
export function standsAt(literal: Uint8Array, bytes: Buffer, at: number): boolean {
  const { length } = literal;
  if (at + length > bytes.length) {
    return false;
  }
  if (length >= LONG) {
    return bytes[at + length - 1] === literal[length - 1] && bytes.compare(literal, 0, length, at, at + length) === 0;
  }
  for (let offset = 0; offset < length; offset++) {
    if (bytes[at + offset] !== literal[offset]) {
      return false;
    }
  }
  return true;
}

/** Where the text that begins at `at` meets its quote; -1 when it could be no identifier. */
export function endOfText(bytes: Uint8Array, at: number, end: number): number {
  if (PLACE_OF_BYTE[bytes[at] ?? 0] !== 2) {
    return -1;
  }
  const last = Math.min(end, at + MAX_TEXT);
  for (let place = at + 1; place < last; place++) {
    const code = bytes[place] ?? 0;
    if (code === QUOTE) {
      return place;
    }
    if (!PLACE_OF_BYTE[code]) {
      return -1;
    }
  }
  return -1;
}

/** Where the number that begins at `at` ends: digits, and a point with digits behind it. -1 for any other spelling. */
export function endOfNumber(bytes: Uint8Array, at: number, end: number): number {
  const whole = endOfDigits(bytes, at, end);
  const hasLeadingZero = bytes[at] === ZERO && whole > at + 1;
  if (whole === at || hasLeadingZero || whole - at > MAX_DIGITS) {
    return -1;
  }
  if (bytes[whole] !== POINT) {
    return whole;
  }
  const all = endOfDigits(bytes, whole + 1, end);
  return all === whole + 1 || all - at > MAX_DIGITS ? -1 : all;
}

function endOfDigits(bytes: Uint8Array, at: number, end: number): number {
  let place = at;
  while (place < end && isDigit(bytes[place])) {
    place++;
  }
  return place;
}

export function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= ZERO + 9;
}

/** The number between `from` and `to`, where {@link endOfNumber} has found one. */
export function numberAt(bytes: Buffer, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const code = bytes[at] ?? 0;
    if (code === POINT) {
      return Number(bytes.toString('latin1', from, to));
    }
    number = number * 10 + code - ZERO;
  }
  return number;
}
