import type { CallEnd, ResponseNotes } from '../../facts/call-recorder';
import type { BodyInspector } from './body-inspector';
import type { BodyClock, BodyLimits } from './body-timeouts';
import type { BodySource } from './byte-reader';

/** Options of a `MonitoredBody`. */
export interface MonitoredBodyOptions {
  readonly source: BodySource;
  readonly inspector: BodyInspector;
  readonly phase: 'body' | 'stream';
  readonly clock: BodyClock;
  readonly limits: BodyLimits;
  /** Maximum number of decoded bytes. */
  readonly maxBytes: number;
  /**
   * Maximum number of bytes per read. Parsed events of a read stay in memory until the consumer takes them, and small
   * events take a hundred times their bytes.
   *
   * @default the size of the source's chunk
   */
  readonly maxReadBytes?: number | undefined;
  /** Called once, when it is known how the response ended. */
  readonly onEnd: (end: CallEnd, notes: ResponseNotes) => void;
  /** Called once, when the source is closed and its connection is free. */
  readonly onClosed: () => void;
  /** Aborts the request if it is still open. */
  readonly abortTransport: () => void;
  /** Classifies an error of the transport. */
  readonly describeError: (error: unknown) => CallEnd;
  /** Returns true for a failure that is recorded but not thrown to the consumer. */
  readonly isTolerated: (end: CallEnd) => boolean;
}
