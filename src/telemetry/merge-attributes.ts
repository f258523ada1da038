import type { AttributeFact } from '../facts/call-facts';
import type { SanitizedAttributes } from './sanitize-attributes';

/** Merges the attributes of a client and of a call. The call's attribute wins. */
export function mergeAttributes(client: SanitizedAttributes, call: SanitizedAttributes): SanitizedAttributes {
  const merged = new Map<string, AttributeFact>();
  for (const attribute of [...client.attributes, ...call.attributes]) {
    merged.set(attribute.name, attribute);
  }
  return { attributes: [...merged.values()], dropped: client.dropped + call.dropped };
}
