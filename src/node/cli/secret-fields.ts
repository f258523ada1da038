import type { SecretGuard } from '../../facts/secret-guard';

/**
 * Names of the fields whose text holds a live secret or has the shape of one. A record file may have been written to by
 * anybody, so what is taken from it is looked through again. Names that are not ours are not shown.
 */
export function secretFields(value: unknown, guard: SecretGuard, path = ''): readonly string[] {
  if (typeof value === 'string') {
    return guard.refuses(value) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) => {
    const shown = FIELD_NAME.test(name) && !guard.refuses(name) ? name : '?';
    const inside = Array.isArray(value) ? `${path}[${name}]` : `${path}${path === '' ? '' : '.'}${shown}`;
    return [...(guard.refuses(name) ? [`${inside} (its name)`] : []), ...secretFields(inner, guard, inside)];
  });
}

const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
