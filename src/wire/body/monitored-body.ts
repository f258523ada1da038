import type { CallEnd } from '../../facts/call-recorder';
import type { EndingReason } from '../../facts/enums';
import { BodyFailure } from './body-failure';
import { BodyTimeouts, LIMIT_ENDS, type PassedLimit, TOO_LARGE } from './body-timeouts';
import type { ByteReader, TakenBytes } from './byte-reader';
import type { MonitoredBodyOptions } from './monitored-body-options';

/** A server may keep the source open after the end of the protocol. The connection is closed at these limits. */
const DRAIN_MS = 1_000;
const DRAIN_READS = 64;

/**
 * The only reader of one body, with one ending. The bytes pass unchanged while the inspector observes them.
 * Has no reference to the objects that the caller receives, so the garbage collector can find an abandoned response.
 */
export class MonitoredBody {
  readonly #options: MonitoredBodyOptions;
  /** `undefined` if the source has already ended, because no read can wait. */
  readonly #watchdog: BodyTimeouts | undefined;
  #prefix: Uint8Array[];
  #first: Promise<TakenBytes> | undefined;
  #reader: ByteReader | undefined;
  #pending: { resolve(taken: TakenBytes): void; reject(failure: BodyFailure): void } | undefined;
  #end: CallEnd | undefined;
  #failure: BodyFailure | undefined;
  #isClosed = false;
  #whenClosed: (() => void) | undefined;
  #readBytes = 0;
  #lingering: { cancel(): void } | undefined;

  constructor(options: MonitoredBodyOptions) {
    this.#options = options;
    this.#prefix = [...options.source.prefix];
    this.#first = options.source.first;
    this.#reader = options.source.reader;
    this.#watchdog =
      this.#reader === undefined
        ? undefined
        : new BodyTimeouts(options.clock, options.limits, (limit) => this.#onLimit(limit));
    if (this.#reader === undefined) {
      options.onClosed();
    }
  }

  /** How the response ended. `undefined` until that is known. */
  get end(): CallEnd | undefined {
    return this.#end;
  }

  /**
   * Returns the next bytes, or `undefined` at the end. Only one read may be outstanding.
   *
   * @throws BodyFailure if a limit, an abort or the transport ends the body, or if the response is incomplete
   */
  async read(): Promise<Uint8Array | undefined> {
    this.#watchdog?.touched();
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    const early = this.#prefix.shift();
    if (early !== undefined) {
      return this.#take(this.#cut(early));
    }
    if (this.#isClosed || this.#reader === undefined) {
      return this.#finish();
    }
    // Bytes that have already arrived need no time limit.
    let taken = this.#first === undefined ? this.#reader.readNow?.() : undefined;
    if (taken === undefined) {
      taken = await this.#readSource(this.#reader);
      if (this.#failure !== undefined) {
        // The body failed during this read. Our own cancellation then looks like a clean end of the source.
        throw this.#failure;
      }
    }
    if (taken.done) {
      this.#reader = undefined;
      return this.#finish();
    }
    return this.#take(this.#cut(taken.value));
  }

  /** Calls `listener` once, when the source is closed. Only one listener, in addition to `onClosed`. */
  whenClosed(listener: () => void): void {
    if (this.#isClosed) {
      listener();
    } else {
      this.#whenClosed = listener;
    }
  }

  /** Call when the consumer stops before the end. */
  cancel(): void {
    this.#stop({
      ending: 'cancelled',
      endingReason: 'consumer_cancel',
      category: 'cancelled',
      phase: this.#options.phase,
    });
  }

  /** Call when no consumer can or will read the rest. */
  abandon(endingReason: Extract<EndingReason, 'never_read' | 'garbage_collected' | 'process_exit'>): void {
    this.#stop({ ending: 'abandoned', endingReason, category: 'cancelled', phase: this.#options.phase });
  }

  /** Ends the body for a reason outside of it, such as an abort or the deadline. The outstanding read rejects. */
  fail(end: Omit<CallEnd, 'phase'>, reason?: unknown): void {
    this.#fail({ ...end, phase: this.#options.phase }, reason);
  }

  /** Call when the consumer is done. Reads to the end of the source so that the connection can be reused. */
  drain(): void {
    const reader = this.#reader;
    if (reader === undefined || this.#isClosed) {
      this.#close();
      return;
    }
    this.#lingerOn();
    void this.#drain(reader);
  }

  /** Closes the source after {@link DRAIN_MS} if it does not end by itself. */
  #lingerOn(): void {
    this.#lingering ??= this.#options.clock.setTimer(DRAIN_MS, () => this.#letGo(), { keepAlive: false });
  }

  async #drain(reader: ByteReader): Promise<void> {
    try {
      let taken = await (this.#first ?? reader.read());
      for (let reads = 1; !taken.done && reads < DRAIN_READS; reads++) {
        taken = await reader.read();
      }
      if (taken.done) {
        this.#close();
      }
    } catch {
      // A failure after the end of the response does not matter.
    }
    // The server still sends after the end of the response, so close the connection.
    this.#discard();
  }

  #readSource(reader: ByteReader): Promise<TakenBytes> {
    const source = this.#first ?? reader.read();
    this.#first = undefined;
    this.#watchdog?.waitStarted();
    // A limit or the caller can settle this promise. `Promise.race` with a long-lived promise leaks memory per read.
    return new Promise<TakenBytes>((resolve, reject) => {
      const settled = (): void => {
        this.#pending = undefined;
        this.#watchdog?.waitEnded();
      };
      this.#pending = {
        resolve(taken) {
          settled();
          resolve(taken);
        },
        reject(failure) {
          settled();
          reject(failure);
        },
      };
      source.then(
        (taken) => this.#pending?.resolve(taken),
        (error: unknown) => this.#sourceFailed(error),
      );
    });
  }

  #sourceFailed(error: unknown): void {
    const pending = this.#pending;
    if (pending === undefined) {
      return;
    }
    const end = this.#options.inspector.whole;
    if (end === undefined) {
      this.#fail(this.#options.describeError(error));
    } else {
      // The response was complete, so the consumer sees a clean end.
      pending.resolve({ done: true });
    }
  }

  /** Keeps bytes over the maximum read size for the next read. */
  #cut(chunk: Uint8Array): Uint8Array {
    const { maxReadBytes = chunk.byteLength } = this.#options;
    if (chunk.byteLength <= maxReadBytes) {
      return chunk;
    }
    this.#prefix.unshift(chunk.subarray(maxReadBytes));
    return chunk.subarray(0, maxReadBytes);
  }

  /** @returns `undefined` if a complete response is followed by too many bytes */
  #take(chunk: Uint8Array): Uint8Array | undefined {
    const { inspector, maxBytes, phase } = this.#options;
    this.#readBytes += chunk.byteLength;
    if (this.#readBytes > maxBytes) {
      this.#fail({ ...TOO_LARGE, phase });
      if (this.#failure !== undefined) {
        throw this.#failure;
      }
      return undefined;
    }
    if (inspector.push(chunk)) {
      this.#watchdog?.progressed();
    }
    if (inspector.terminal !== undefined) {
      this.#settle(inspector.terminal);
      this.#lingerOn();
    }
    return chunk;
  }

  /** Call at a clean end of the source. Throws if the response is incomplete. */
  #finish(): undefined {
    if (this.#end === undefined) {
      this.#settle(this.#options.inspector.end());
    }
    this.#close();
    if (this.#end?.ending === 'failed' && !this.#options.isTolerated(this.#end)) {
      this.#failure ??= new BodyFailure(this.#end);
      throw this.#failure;
    }
    return undefined;
  }

  #onLimit(limit: PassedLimit): void {
    if (limit === 'unread') {
      this.abandon('never_read');
    } else {
      this.#fail({ ...LIMIT_ENDS[limit], phase: this.#options.phase });
    }
  }

  /** Ends the body for its consumer. An outstanding read resolves, because no consumer needs its result. */
  #stop(end: CallEnd): void {
    this.#settle(this.#options.inspector.whole ?? end);
    this.#letGo();
  }

  /** Closes the source. An outstanding read resolves as the end. */
  #letGo(): void {
    this.#pending?.resolve({ done: true });
    this.#discard();
  }

  #fail(end: CallEnd, reason?: unknown): void {
    if (this.#failure !== undefined || this.#isClosed) {
      return;
    }
    const judged = this.#options.inspector.whole ?? end;
    this.#settle(judged);
    if (judged.ending === 'completed') {
      this.#pending?.resolve({ done: true });
    } else {
      this.#failure = new BodyFailure(judged, reason);
      this.#pending?.reject(this.#failure);
    }
    this.#discard();
  }

  #settle(end: CallEnd): void {
    if (this.#end === undefined) {
      this.#end = end;
      this.#options.onEnd(end, { ...this.#options.inspector.notes(), responseBytes: this.#readBytes });
    }
  }

  /** Cancels the source and aborts the request. */
  #discard(): void {
    if (this.#isClosed) {
      return;
    }
    const reader = this.#reader;
    this.#reader = undefined;
    // If the cancellation fails, the source is already closed.
    reader?.cancel().catch(() => undefined);
    reader?.releaseLock?.();
    this.#options.abortTransport();
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#prefix = [];
    this.#whenClosed?.();
    this.#lingering?.cancel();
    if (this.#watchdog !== undefined) {
      this.#watchdog.close();
      this.#options.onClosed();
    }
  }
}
