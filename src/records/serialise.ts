/** Longest record in bytes, its newline included: one write call of this size is not split by anybody (J-1). */
export const MAX_RECORD_BYTES = 65_536;

/**
 * What a terminal, an editor or another reader may take for a line end, a direction or nothing at all: DEL and C1,
 * soft hyphen, zero-width and bidi controls, line separators, byte-order mark, annotation marks, invisible tags.
 * C0 and lone surrogates are escaped by JSON.stringify itself.
 */
const UNSAFE =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** One line of JSON in which everything that could break or disguise a line is `\uXXXX` (J-10). Parses to the same value. */
export function serialise(value: unknown): string {
  // In JSON text, unsafe characters can only stand inside strings.
  return JSON.stringify(value).replace(UNSAFE, (character) => {
    let escaped = '';
    for (let at = 0; at < character.length; at++) {
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}

/** Bytes of a serialised line in UTF-8; this room knows no encoder. Serialised text holds no lone surrogate. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) {
      // Each half of a pair adds one: a pair is four bytes.
      bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
    }
  }
  return bytes;
}
