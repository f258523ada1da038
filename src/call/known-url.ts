/** A client asks for a few URLs again and again; whoever puts ids into paths or queries fills this and starts anew. */
const MAX_KNOWN = 64;
let known = new Map<string, URL>();

/** The same by where it is: a path below a base is asked for by words that are there already, not by a text made of them. */
let below = new Map<string, Map<string, URL>>();

/** What {@link knownUrl} says of `${base}${path}`. */
export function knownUrlBelow(base: string, path: string): URL | undefined {
  const found = below.get(base)?.get(path);
  if (found !== undefined) {
    return found;
  }
  const url = knownUrl(`${base}${path}`);
  if (url !== undefined) {
    let paths = below.get(base);
    if (paths === undefined || paths.size >= MAX_KNOWN) {
      paths = new Map();
      below = below.size >= MAX_KNOWN ? new Map() : below;
      below.set(base, paths);
    }
    paths.set(path, url);
  }
  return url;
}

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
