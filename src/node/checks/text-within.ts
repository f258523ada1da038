/** Facts are shallow; what is deeper was not made to be read. */
const MAX_DEPTH = 8;
/** A context may hold a whole SDK. */
const MAX_VISITED = 5_000;

/**
 * Every text within what was handed to a sink: in objects, lists, errors with their causes, maps and bytes. `JSON.stringify`
 * would pass over the message of an error and fail at a cycle.
 */
export function textWithin(value: unknown): string {
  const visited = new Set<object>();
  const texts: string[] = [];
  const look = (inner: unknown, depth: number): void => {
    if (typeof inner === 'string' || typeof inner === 'bigint' || typeof inner === 'number') {
      texts.push(String(inner));
    }
    if (typeof inner !== 'object' || inner === null || depth > MAX_DEPTH || visited.has(inner)) {
      return;
    }
    if (visited.size >= MAX_VISITED) {
      return;
    }
    visited.add(inner);
    if (inner instanceof Uint8Array) {
      texts.push(new TextDecoder().decode(inner));
      return;
    }
    if (inner instanceof Error) {
      look([inner.name, inner.message, inner.stack, inner.cause], depth + 1);
    }
    const entries = inner instanceof Map || inner instanceof Set ? inner.entries() : Object.entries(inner);
    for (const [name, within] of entries) {
      look(name, depth + 1);
      look(within, depth + 1);
    }
  };
  look(value, 0);
  return texts.join('\n');
}
