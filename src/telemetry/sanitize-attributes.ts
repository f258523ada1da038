import type { AttributeFact } from '../facts/call-facts';
import { label } from '../facts/label';
import { createSecretGuard, type SecretGuard } from '../facts/secret-guard';

/** Users' own labels after the check. */
export interface SanitizedAttributes {
  readonly attributes: readonly AttributeFact[];
  /** How many did not fit and were left out. */
  readonly dropped: number;
}

/** More would be a payload, not labels. */
const MAX_ATTRIBUTES = 32;
/** Namespaces whose attributes say what this library observed; nobody else may write there. */
const RESERVED = new Set(['gen_ai', 'http', 'url', 'server', 'openai', 'error', 'cometapi']);
const NO_SECRETS = createSecretGuard();

/**
 * Checks labels that are to stand on every span of a client or a call: what would happen to them under
 * `telemetry.attributes`.
 *
 * A name is lowercase words joined by dots and underscores (`shop.team`), outside the namespaces of the conventions. A
 * value is a finite number, a boolean, or a word of at most 128 characters without spaces. Everything else is dropped and
 * counted, also what looks like a key and whatever comes after the thirty-second; `undefined` is simply absent. Never
 * throws; reads each value once.
 *
 * @param guard knows the live secrets; without one, only their common shapes are recognised
 */
export function sanitizeAttributes(input: unknown, guard: SecretGuard = NO_SECRETS): SanitizedAttributes {
  const attributes: AttributeFact[] = [];
  let dropped = 0;
  for (const name of ownNames(input)) {
    // Later names are not even read.
    const checked = attributes.length < MAX_ATTRIBUTES ? checkedAttribute(input, name, guard) : 'misfit';
    if (checked === 'misfit') {
      dropped += 1;
    } else if (checked !== 'absent') {
      attributes.push(checked);
    }
  }
  return { attributes, dropped };
}

/** The same without those that hold a secret the client has learned of since: keys may come from a function. */
export function withoutSecrets(checked: SanitizedAttributes, guard: SecretGuard): SanitizedAttributes {
  if (checked.attributes.length === 0) {
    return checked;
  }
  const isClean = ({ name, value }: AttributeFact): boolean =>
    !guard.refuses(name) && (typeof value === 'boolean' || !guard.refuses(String(value)));
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
    // A proxy that refuses to be listed.
    return [];
  }
}

function checkedAttribute(input: unknown, name: string, guard: SecretGuard): AttributeFact | 'absent' | 'misfit' {
  const checkedName = label('attribute_name', name, guard);
  if (checkedName === undefined || RESERVED.has(name.split('.', 1)[0] ?? name)) {
    return 'misfit';
  }
  const value = readOnce(input, name);
  if (value === undefined) {
    return 'absent';
  }
  const checkedValue = fittingValue(value, guard);
  return checkedValue === undefined ? 'misfit' : { name: checkedName, value: checkedValue };
}

/** A getter may answer differently the second time. One that throws holds nothing that fits. */
function readOnce(input: unknown, name: string): unknown {
  try {
    return Reflect.get(Object(input), name);
  } catch {
    return null;
  }
}

function fittingValue(value: unknown, guard: SecretGuard): AttributeFact['value'] | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      // A key of digits fits into a number.
      return Number.isFinite(value) && !guard.refuses(String(value)) ? value : undefined;
    default:
      return label('name', value, guard);
  }
}
