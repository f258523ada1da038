import type { RecordEnvironment, RecordedSettings } from './envelope';

type Compared = RecordEnvironment & { readonly settings?: RecordedSettings };

/**
 * Names of what differs between two environments, for "still to verify": a check that ran elsewhere proves nothing
 * here until these are settled (seeds, "Environment mismatch").
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
