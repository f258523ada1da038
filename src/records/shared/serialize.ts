/** Maximum size of a record in bytes, including its newline. A record is one write call of at most this size. */
export const MAX_RECORD_BYTES = 65_536;

/**
 * Characters that a terminal, editor or parser may hide, or read as a line end or a change of direction: DEL and C1,
 * soft hyphen, zero-width and bidi controls, line separators, byte-order mark, annotation marks, invisible tags.
 * JSON.stringify itself escapes C0 and lone surrogates.
 */
const UNSAFE =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** Serialises `value` to one line of JSON. Characters that could break or disguise a line are escaped as `\uXXXX`. */
export function serialize(value: unknown): string {
  // In JSON, these characters can occur only inside strings.
  return JSON.stringify(value).replace(UNSAFE, (character) => {
    let escaped = '';
    for (let at = 0; at < character.length; at++) {
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}

/** The UTF-8 length of serialised text, without an encoder. Serialised text contains no lone surrogate. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) {
      // Each half of a surrogate pair adds one byte: a pair takes four bytes.
      bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
    }
  }
  return bytes;
}
