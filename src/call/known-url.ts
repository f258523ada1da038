/** A client asks for a few URLs again and again; whoever puts ids into paths or queries fills this and starts anew. */
const MAX_KNOWN = 64;
let known = new Map<string, URL>();

/** `text` parsed, or `undefined` when it makes no URL. The same for everybody who asks: it must not be changed. */
export function knownUrl(text: string): URL | undefined {
  const found = known.get(text);
  if (found !== undefined || !URL.canParse(text)) {
    return found;
  }
  const url = new URL(text);
  if (known.size >= MAX_KNOWN) {
    known = new Map();
  }
  known.set(text, url);
  return url;
}
