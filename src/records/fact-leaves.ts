/** Identifiers, addresses and closed words; a URL of ours may hold `…` for a base path. No space, so no prose. */
const FACT_TEXT = /^[A-Za-z0-9_:/[][A-Za-z0-9._:/@+=&?~[\]…-]{0,1023}$/;
const FACT_NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
/** Facts are shallow; deeper is not ours. */
const MAX_DEPTH = 6;

/** Whether every leaf of `value` could be a fact: a number, a boolean, a closed word or a checked identifier. */
export function holdsOnlyFacts(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
    // An optional fact that is spelled out as absent.
    case 'undefined':
      return true;
    case 'string':
      return FACT_TEXT.test(value);
    case 'object':
      return value !== null && depth < MAX_DEPTH && everyEntry(value, depth);
    default:
      return false;
  }
}

function everyEntry(value: object, depth: number): boolean {
  return Object.entries(value).every(
    ([name, inner]) => (Array.isArray(value) || FACT_NAME.test(name)) && holdsOnlyFacts(inner, depth + 1),
  );
}
