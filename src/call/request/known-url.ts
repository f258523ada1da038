/** Most clients use few URLs. If a caller puts ids into URLs, the cache fills up and is then cleared. */
const MAX_KNOWN = 64;
let known = new Map<string, URL>();

/** Parses `text`; returns `undefined` if it is not a URL. Callers share the returned object and must not change it. */
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
