/** Something that is still open when the process exits. */
export interface OpenCall {
  /** Ends the call as abandoned, synchronously. */
  abandonAtExit(): void;
}

/**
 * Holds a call only while it is open. A set that grows leaves its old table behind, and what that held stays until the
 * next full collection: a hollow entry, not a call with its request and answer.
 */
interface Entry {
  call: OpenCall | undefined;
}

const open = new Set<Entry>();
let isListening = false;

/** Calls still open when the process exits settle as abandoned and are recorded; there is no time for anything else. */
export function registerOpenCall(call: OpenCall): () => void {
  if (!isListening) {
    isListening = true;
    // Only platforms with a process have an exit; the listener does not keep it alive.
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
