/** Something that is still open when the process exits. */
export interface OpenCall {
  /** Ends the call as abandoned, synchronously. */
  abandonAtExit(): void;
}

const open = new Set<OpenCall>();
let isListening = false;

/** Calls still open when the process exits settle as abandoned and are recorded; there is no time for anything else. */
export function registerOpenCall(call: OpenCall): () => void {
  if (!isListening) {
    isListening = true;
    // Only platforms with a process have an exit; the listener does not keep it alive.
    globalThis.process?.on?.('exit', () => {
      for (const left of open) {
        left.abandonAtExit();
      }
    });
  }
  open.add(call);
  return () => open.delete(call);
}
