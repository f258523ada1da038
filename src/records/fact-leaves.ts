/** Identifiers, addresses and closed words begin so. */
const FIRST = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:/[';
/** And go on so, or with `…`, which stands in a URL of ours for a base path. No space, so no prose. */
const NEXT = `${FIRST}.@+=&?~]-`;
const ELLIPSIS = '…'.charCodeAt(0);
const MAX_LENGTH = 1_024;
/** By code: 0 never, 1 not at the beginning, 2 anywhere. */
const PLACE_OF_CODE = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return Number(NEXT.includes(character)) + Number(FIRST.includes(character));
});

const FACT_NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
/** Facts are shallow; deeper is not ours. */
const MAX_DEPTH = 6;

/** Names that passed. There are about a hundred, and a record file has them on every line; a foreign one may have any. */
const seenNames = new Set<string>();
const MAX_SEEN = 500;

/**
 * Whether every leaf of `value` could be a fact: a number, a boolean, a closed word or a checked identifier.
 *
 * Runs on every line that is read: 5 µs for the hundred leaves of a call, a third of what parsing its JSON costs.
 */
export function holdsOnlyFacts(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
    // An optional fact that is spelled out as absent.
    case 'undefined':
      return true;
    case 'string':
      return isFactText(value);
    case 'object':
      return value !== null && depth < MAX_DEPTH && everyEntry(value, depth + 1);
    default:
      return false;
  }
}

/** A loop: a regular expression takes a third longer for the forty short texts of a line. */
function isFactText(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > MAX_LENGTH || PLACE_OF_CODE[text.charCodeAt(0)] !== 2) {
    return false;
  }
  for (let at = 1; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code !== ELLIPSIS && !PLACE_OF_CODE[code]) {
      return false;
    }
  }
  return true;
}

function everyEntry(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (const item of value) {
      if (!holdsOnlyFacts(item, depth)) {
        return false;
      }
    }
    return true;
  }
  // Any object may be read by name; what is read is looked at. Reflect.get costs a third more here.
  const named = value as Readonly<Record<string, unknown>>;
  for (const name in named) {
    if (!isFactName(name) || !holdsOnlyFacts(named[name], depth)) {
      return false;
    }
  }
  return true;
}

function isFactName(name: string): boolean {
  if (seenNames.has(name)) {
    return true;
  }
  const isName = FACT_NAME.test(name);
  if (isName && seenNames.size < MAX_SEEN) {
    seenNames.add(name);
  }
  return isName;
}
