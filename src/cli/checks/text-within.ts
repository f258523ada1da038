/** Facts are at most a few levels deep. Deeper values are skipped. */
const MAX_DEPTH = 8;
/** Limits the work: a context can reference a whole SDK. */
const MAX_VISITED = 5_000;

/**
 * Returns all text in a value passed to a sink: in objects, arrays, errors with their causes, maps, sets and bytes.
 * `JSON.stringify` omits error messages and throws on cycles.
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
