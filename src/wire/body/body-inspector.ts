import type { CallEnd, ResponseNotes } from '../../facts/call-recorder';

/** Observes the bytes of a body and determines how the response ended. It is synchronous and never delays the body. */
export interface BodyInspector {
  /** @returns true if the chunk is progress: a data event of a stream, or any byte of a JSON body */
  push(chunk: Uint8Array): boolean;
  /** Set when the protocol has ended the response. The source may still be open. */
  readonly terminal: CallEnd | undefined;
  /** Set when the response is complete. More bytes may follow, but a later failure of the source does not matter. */
  readonly whole: CallEnd | undefined;
  /** Call at a clean end of the source. Returns how the response ended. */
  end(): CallEnd;
  /** Returns the facts read so far. */
  notes(): ResponseNotes;
}

/** Creates an inspector that reads nothing, for example for the body of a call that has already ended. */
export function createPassingInspector(end: CallEnd): BodyInspector {
  return { push: () => true, terminal: undefined, whole: undefined, end: () => end, notes: () => ({}) };
}
