/** Identifiers, addresses and enum values. No space, so no prose. `…` replaces the base path in `urlFull`. */
const FACT_TEXT = /^[A-Za-z0-9_:/[][A-Za-z0-9._:/@+=&?~[\]…-]{0,1023}$/;
const FACT_NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
/** This library writes no facts deeper than this. */
const MAX_DEPTH = 6;

/** True if every leaf of `value` could be a fact: a number, a boolean, an enum value or an identifier. */
export function holdsOnlyFacts(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
    // An optional fact that is present but undefined.
    case 'undefined':
      return true;
    case 'string':
      return FACT_TEXT.test(value);
    case 'object':
      return value !== null && depth < MAX_DEPTH && everyEntry(value, depth + 1);
    default:
      return false;
  }
}

function everyEntry(value: object, depth: number): boolean {
  return Array.isArray(value)
    ? value.every((item) => holdsOnlyFacts(item, depth))
    : Object.entries(value).every(([name, inner]) => FACT_NAME.test(name) && holdsOnlyFacts(inner, depth));
}
