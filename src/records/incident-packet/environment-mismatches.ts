import type { RecordEnvironment, RecordedSettings } from '../shared/envelope';

type Compared = RecordEnvironment & { readonly settings?: RecordedSettings };

/**
 * Returns the names of the fields that differ between two environments. A check from one environment proves nothing in
 * the other until these differences are explained.
 */
export function environmentMismatches(one: Compared, other: Compared): readonly string[] {
  const left = flat(one);
  const right = flat(other);
  return [...new Set([...left.keys(), ...right.keys()])].filter((name) => left.get(name) !== right.get(name)).sort();
}

function flat(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [...flat(inner, path === '' ? name : `${path}.${name}`)]),
  );
}
