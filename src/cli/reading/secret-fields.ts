import type { Redactor } from '../../facts/redaction/redactor';

/**
 * Names of the fields whose text holds a live secret or has the shape of one. A record file may have been written to by
 * anybody, so what is taken from it is looked through again. Names that are not ours are not shown.
 */
export function secretFields(value: unknown, redactor: Redactor, path = ''): readonly string[] {
  if (typeof value === 'string') {
    return redactor.looksSensitive(value) && !MOMENT.test(value) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) => {
    const forDisplay = FIELD_NAME.test(name) && !redactor.looksSensitive(name) ? name : '?';
    const inside = Array.isArray(value) ? `${path}[${name}]` : `${path}${path === '' ? '' : '.'}${forDisplay}`;
    return [
      ...(redactor.looksSensitive(name) ? [`${inside} (its name)`] : []),
      ...secretFields(inner, redactor, inside),
    ];
  });
}

/** A key may hold a date, and every line holds many. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/;
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
