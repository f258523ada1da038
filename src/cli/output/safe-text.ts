/** Everything that moves a cursor, changes a terminal or hides (L-16); line ends and colours are looked at one by one. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  /\u001b\[[0-9;]{0,8}m|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** `text` as a terminal may have it: lines, and our colours where they are on. */
export function safeText(text: string, withColour: boolean): string {
  return text.toWellFormed().replace(UNSAFE, (found) => (withColour && isColour(found) ? found : ' '));
}

/** Of what {@link UNSAFE} finds, only a colour begins with an escape and goes on. */
function isColour(found: string): boolean {
  return found.length > 1 && found.startsWith('\u001b');
}
