import type { AttributeFact } from '../facts/call-facts';
import { identifier } from '../facts/identifier';
import { createRedactor, type Redactor } from '../facts/redaction/redactor';

/** The result of {@link sanitizeAttributes}. */
export interface SanitizedAttributes {
  /** The valid attributes. */
  readonly attributes: readonly AttributeFact[];
  /** Number of invalid attributes that were dropped. */
  readonly dropped: number;
}

/** Limits the size of a span. */
const MAX_ATTRIBUTES = 32;
/** Namespaces of the attributes that this library sets itself. */
const RESERVED: ReadonlySet<string> = new Set(['gen_ai', 'http', 'url', 'server', 'openai', 'error', 'cometapi']);
const NO_SECRETS = createRedactor();

/**
 * Returns the attributes that `telemetry.attributes` would keep, and the number that it would drop.
 *
 * A valid name has lowercase words joined by dots and underscores (`shop.team`), outside the namespaces of the
 * conventions. A valid value is a finite number, a boolean, or text of at most 128 characters without spaces.
 *
 * Drops and counts every other attribute, every attribute that looks like a secret, and all after the first 32. Ignores
 * `undefined` values. Never throws.
 *
 * @param guard detects the active secrets; without it, only the patterns of common secrets are detected
 */
export function sanitizeAttributes(input: unknown, redactor: Redactor = NO_SECRETS): SanitizedAttributes {
  const attributes: AttributeFact[] = [];
  let dropped = 0;
  for (const name of ownNames(input)) {
    // Do not read values beyond the limit.
    const checked = attributes.length < MAX_ATTRIBUTES ? checkedAttribute(input, name, redactor) : 'misfit';
    if (checked === 'misfit') {
      dropped += 1;
    } else if (checked !== 'absent') {
      attributes.push(checked);
    }
  }
  return { attributes, dropped };
}

/** Removes attributes that contain a secret which became active after the check, such as a key from a function. */
export function withoutSecrets(checked: SanitizedAttributes, redactor: Redactor): SanitizedAttributes {
  if (checked.attributes.length === 0) {
    return checked;
  }
  const isClean = ({ name, value }: AttributeFact): boolean =>
    !redactor.looksSensitive(name) && (typeof value === 'boolean' || !redactor.looksSensitive(String(value)));
  const attributes = checked.attributes.filter(isClean);
  return { attributes, dropped: checked.dropped + checked.attributes.length - attributes.length };
}

function ownNames(input: unknown): readonly string[] {
  if (typeof input !== 'object' || input === null) {
    return [];
  }
  try {
    return Object.keys(input);
  } catch {
    // A proxy whose `ownKeys` trap throws.
    return [];
  }
}

function checkedAttribute(input: unknown, name: string, redactor: Redactor): AttributeFact | 'absent' | 'misfit' {
  const checkedName = identifier('attribute_name', name, redactor);
  if (checkedName === undefined || RESERVED.has(name.split('.', 1)[0] ?? name)) {
    return 'misfit';
  }
  const value = readOnce(input, name);
  if (value === undefined) {
    return 'absent';
  }
  const checkedValue = fittingValue(value, redactor);
  return checkedValue === undefined ? 'misfit' : { name: checkedName, value: checkedValue };
}

/** Reads a value once, because a getter may return another value later. Returns an invalid value if it throws. */
function readOnce(input: unknown, name: string): unknown {
  try {
    return Reflect.get(Object(input), name);
  } catch {
    return null;
  }
}

function fittingValue(value: unknown, redactor: Redactor): AttributeFact['value'] | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      // A key that has only digits is also a number.
      return Number.isFinite(value) && !redactor.looksSensitive(String(value)) ? value : undefined;
    default:
      return identifier('name', value, redactor);
  }
}
