import type { QueryLike } from '../config/options';

/**
 * The URL of a request, with query parameters written as `openai` does: `name[]=a` for each entry of a list,
 * `name[key]=a` for objects, nothing for `undefined`. A later source replaces a parameter of the same name.
 */
export function requestUrl(path: string, base: string, queries: readonly (QueryLike | null | undefined)[]): URL {
  const url = new URL(/^https?:\/\//i.test(path) ? path : `${base}${path.startsWith('/') ? '' : '/'}${path}`);
  for (const [name, value] of Object.entries(Object.assign({}, ...queries))) {
    url.searchParams.delete(name);
    for (const [flatName, text] of pairsOf(name, value)) {
      url.searchParams.append(flatName, text);
    }
  }
  return url;
}

/** A structured value as the parameters that say it. */
export function* pairsOf(name: string, value: unknown): Generator<[string, string]> {
  if (value === undefined || typeof value === 'function') {
    return;
  }
  if (value === null) {
    yield [name, ''];
  } else if (value instanceof Date) {
    yield [name, value.toISOString()];
  } else if (Array.isArray(value)) {
    for (const entry of value) {
      yield* pairsOf(`${name}[]`, entry);
    }
  } else if (typeof value === 'object') {
    for (const [key, entry] of Object.entries(value)) {
      yield* pairsOf(`${name}[${key}]`, entry);
    }
  } else {
    yield [name, String(value)];
  }
}
