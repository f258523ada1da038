/** A call that may still be open when the process exits. */
export interface OpenCall {
  /** Ends the call as abandoned, synchronously. */
  abandonAtExit(): void;
}

/**
 * References a call only while it is open. When a Set grows, V8 keeps the old table until the next full collection.
 * That table then keeps empty entries in memory, not calls with their requests and responses.
 */
interface Entry {
  call: OpenCall | undefined;
}

const open = new Set<Entry>();
let isListening = false;

/**
 * Registers an open call. If the process exits first, the call ends as abandoned and its record is written.
 *
 * @returns a function that removes the call again
 */
export function registerOpenCall(call: OpenCall): () => void {
  if (!isListening) {
    isListening = true;
    // Browsers and workers have no `process`. An exit listener does not keep the process alive.
    globalThis.process?.on?.('exit', () => {
      for (const left of open) {
        left.call?.abandonAtExit();
      }
    });
  }
  const entry: Entry = { call };
  open.add(entry);
  return () => {
    open.delete(entry);
    entry.call = undefined;
  };
}
