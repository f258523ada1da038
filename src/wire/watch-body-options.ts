import type { CallEnd, ResponseNotes } from '../facts/observation';
import type { BodyInspector } from './body-inspector';
import type { BodyLimits, WatchClock } from './body-watchdog';
import type { BodySource } from './byte-reader';

/** What the watch over one body needs to know. */
export interface WatchBodyOptions {
  readonly source: BodySource;
  readonly inspector: BodyInspector;
  readonly phase: 'body' | 'stream';
  readonly clock: WatchClock;
  readonly limits: BodyLimits;
  /** Decoded bytes. */
  readonly maxBytes: number;
  /**
   * One read gives no more than this. What is parsed of a read is held until it is iterated, and a whole answer of small
   * events takes a hundred times its bytes that way.
   *
   * @default as much as the source gives
   */
  readonly maxReadBytes?: number | undefined;
  /** Told once, when it is known how the answer ended. */
  readonly onEnd: (end: CallEnd, notes: ResponseNotes) => void;
  /** Told once, when the source is done with: its connection is free. */
  readonly onClosed: () => void;
  /** Destroys what is still open of the request. */
  readonly abortTransport: () => void;
  /** Sorts an error of the transport. */
  readonly describeError: (error: unknown) => CallEnd;
  /** Failures that the consumer does not want to hear of; they are recorded all the same. */
  readonly isTolerated: (end: CallEnd) => boolean;
}
