import type { Redactor } from '../facts/redaction/redactor';

/** A reason with more values is not searched, and is dropped. */
const MAX_VALUES = 1_000;
const ERROR_TAGS: ReadonlySet<string> = new Set(['[object Error]', '[object DOMException]']);

/**
 * Returns the caller's abort reason, or `undefined` if any text in it contains a secret: printing an error prints its
 * cause. Also drops objects that print more than their own properties (headers, requests, maps, buffers, instances).
 */
export function safeCause(reason: unknown, redactor: Redactor): unknown {
  try {
    return isPlainlyClean(reason, redactor) ? reason : undefined;
  } catch {
    // An accessor or proxy threw, so the reason cannot be checked.
    return undefined;
  }
}

function isPlainlyClean(reason: unknown, redactor: Redactor): boolean {
  const seen = new Set<object>();
  const waiting: unknown[] = [reason];
  for (let looked = 0; waiting.length > 0; looked++) {
    const value = waiting.pop();
    if (looked >= MAX_VALUES || !isCleanLeaf(value, redactor)) {
      return false;
    }
    if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      if (!isPlain(value)) {
        return false;
      }
      waiting.push(...innerValues(value));
    }
  }
  return true;
}

function isCleanLeaf(value: unknown, redactor: Redactor): boolean {
  switch (typeof value) {
    case 'string':
      return !redactor.containsSecret(value);
    case 'symbol':
    case 'bigint':
      return !redactor.containsSecret(String(value));
    case 'function':
      return false;
    default:
      return true;
  }
}

/** True for errors, arrays and object literals of any realm. They print only own properties and error fields. */
function isPlain(value: object): boolean {
  if (Array.isArray(value) || ERROR_TAGS.has(Object.prototype.toString.call(value))) {
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function innerValues(value: object): unknown[] {
  const inner: unknown[] = [];
  for (const name of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    // `inspect` prints an accessor as `[Getter]` and does not call it.
    inner.push(typeof name === 'symbol' ? String(name) : name, property?.value);
  }
  for (const name of ['name', 'message', 'stack', 'cause']) {
    inner.push(Reflect.get(value, name));
  }
  return inner;
}
