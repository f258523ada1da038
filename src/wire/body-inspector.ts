import type { CallEnd, ResponseNotes } from '../facts/observation';

/**
 * Looks at the bytes of a body as they pass, and knows at its end what the answer was. Never keeps the body waiting.
 */
export interface BodyInspector {
  /** @returns whether the chunk was progress: a data event of a stream, any byte of a JSON body */
  push(chunk: Uint8Array): boolean;
  /** Present once the protocol itself has said that the answer is over, before the source has ended. */
  readonly terminal: CallEnd | undefined;
  /** Present once the answer is whole, though more may follow; a source that breaks after that has done its work. */
  readonly whole: CallEnd | undefined;
  /** The source ended cleanly. */
  end(): CallEnd;
  /** What was read so far. */
  notes(): ResponseNotes;
}

/** Lets a body pass that has nothing to tell: its call has ended, or its family has no answer to read. */
export function createPassingInspector(end: CallEnd): BodyInspector {
  return { push: () => true, terminal: undefined, whole: undefined, end: () => end, notes: () => ({}) };
}
