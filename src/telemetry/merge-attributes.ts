import type { AttributeFact } from '../facts/call-facts';
import type { SanitizedAttributes } from './sanitize-attributes';

/** The labels of a call beside those of its client; the call's win where both have one. */
export function mergeAttributes(client: SanitizedAttributes, call: SanitizedAttributes): SanitizedAttributes {
  const merged = new Map<string, AttributeFact>();
  for (const attribute of [...client.attributes, ...call.attributes]) {
    merged.set(attribute.name, attribute);
  }
  return { attributes: [...merged.values()], dropped: client.dropped + call.dropped };
}
