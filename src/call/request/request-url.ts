import type { QueryLike } from '../../config/options';
import { CometAPIError } from '../../errors/cometapi-error';
import { knownUrl } from './known-url';

/**
 * The URL of a request. Writes query parameters as `openai` does: `name[]=a` for each entry of an array, `name[key]=a`
 * for objects, nothing for `undefined`. A later source replaces a parameter of the same name.
 *
 * @returns a URL object that other calls may share; do not change it
 * @throws CometAPIError if path and base are not a valid URL
 */
export function requestUrl(path: string, base: string, queries: readonly (QueryLike | null | undefined)[]): URL {
  const known = knownUrl(/^https?:\/\//i.test(path) ? path : `${base}${path.startsWith('/') ? '' : '/'}${path}`);
  if (known === undefined) {
    // The platform's error would quote the path.
    throw new CometAPIError('The path and baseURL do not form a valid URL. Check the host name and port in the path.');
  }
  if (queries.every((query) => query === undefined || query === null)) {
    return known;
  }
  const parameters = Object.entries(Object.assign({}, ...queries));
  if (parameters.length === 0) {
    return known;
  }
  const url = new URL(known);
  for (const [name, value] of parameters) {
    url.searchParams.delete(name);
    for (const [flatName, text] of pairsOf(name, value)) {
      url.searchParams.append(flatName, text);
    }
  }
  return url;
}

/** Flattens a structured value into query parameters. */
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
