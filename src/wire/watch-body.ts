import type { CallEnd } from '../facts/observation';
import type { EndingReason } from '../facts/words';
import { BodyFailure } from './body-failure';
import { BodyWatchdog, LIMIT_ENDS, type PassedLimit, TOO_LARGE } from './body-watchdog';
import type { ByteReader, TakenBytes } from './byte-reader';
import type { WatchBodyOptions } from './watch-body-options';

/** After the protocol's end a server may keep the source open; its connection is given up after this. */
const LINGER_MS = 1_000;
const LINGER_READS = 64;

/**
 * One reader of one body, with one ending. The bytes pass untouched; the inspector looks at them on the way.
 * Holds no reference to whatever is handed to the user, so that an abandoned answer can be collected.
 */
export class WatchedBody {
  readonly #options: WatchBodyOptions;
  /** None where the source has already ended: there is nothing to wait for. */
  readonly #watchdog: BodyWatchdog | undefined;
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

  constructor(options: WatchBodyOptions) {
    this.#options = options;
    this.#prefix = [...options.source.prefix];
    this.#first = options.source.first;
    this.#reader = options.source.reader;
    this.#watchdog =
      this.#reader === undefined
        ? undefined
        : new BodyWatchdog(options.clock, options.limits, (limit) => this.#onLimit(limit));
    if (this.#reader === undefined) {
      options.onClosed();
    }
  }

  /** How the answer ended, once that is known. */
  get end(): CallEnd | undefined {
    return this.#end;
  }

  /**
   * The next bytes, or `undefined` at the end. One read at a time.
   *
   * @throws BodyFailure when the answer did not end as its protocol says
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
    // What has come already needs no watch: nothing is waited for.
    let taken = this.#first === undefined ? this.#reader.readNow?.() : undefined;
    if (taken === undefined) {
      taken = await this.#readSource(this.#reader);
      if (this.#failure !== undefined) {
        // Stopped while the source answered: its clean end is that of our own cancellation.
        throw this.#failure;
      }
    }
    if (taken.done) {
      this.#reader = undefined;
      return this.#finish();
    }
    return this.#take(this.#cut(taken.value));
  }

  /** Tells once when the source is done with. One listener, beside the options'. */
  whenClosed(listener: () => void): void {
    if (this.#isClosed) {
      listener();
    } else {
      this.#whenClosed = listener;
    }
  }

  /** The consumer wants no more. */
  cancel(): void {
    this.#stop({
      ending: 'cancelled',
      endingReason: 'consumer_cancel',
      category: 'cancelled',
      phase: this.#options.phase,
    });
  }

  /** Nobody will read this any more. */
  abandon(endingReason: Extract<EndingReason, 'never_read' | 'garbage_collected' | 'process_exit'>): void {
    this.#stop({ ending: 'abandoned', endingReason, category: 'cancelled', phase: this.#options.phase });
  }

  /** Something above the body ends it: the caller's signal, or the deadline. The outstanding read fails. */
  fail(end: Omit<CallEnd, 'phase'>, reason?: unknown): void {
    this.#fail({ ...end, phase: this.#options.phase }, reason);
  }

  /** The consumer has all that he wants: reads on until the source ends too, so that its connection can be used again. */
  linger(): void {
    const reader = this.#reader;
    if (reader === undefined || this.#isClosed) {
      this.#close();
      return;
    }
    this.#lingerOn();
    void this.#drain(reader);
  }

  /** The answer is over: the source has a moment to end too, whether somebody reads on or not. */
  #lingerOn(): void {
    this.#lingering ??= this.#options.clock.setTimer(LINGER_MS, () => this.#letGo(), { keepAlive: false });
  }

  async #drain(reader: ByteReader): Promise<void> {
    try {
      let taken = await (this.#first ?? reader.read());
      for (let reads = 1; !taken.done && reads < LINGER_READS; reads++) {
        taken = await reader.read();
      }
      if (taken.done) {
        this.#close();
      }
    } catch {
      // What breaks after the end changes nothing.
    }
    // A server that goes on sending after its own end is cut off.
    this.#discard();
  }

  #readSource(reader: ByteReader): Promise<TakenBytes> {
    const source = this.#first ?? reader.read();
    this.#first = undefined;
    this.#watchdog?.waitStarted();
    // Settled from outside by a limit or the caller; a race with one long-lived promise would leak a reaction per read.
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
      // The answer was whole: what broke afterwards is no matter of the consumer's.
      pending.resolve({ done: true });
    }
  }

  /** Keeps what is too much for one read for the next. */
  #cut(chunk: Uint8Array): Uint8Array {
    const { maxReadBytes = chunk.byteLength } = this.#options;
    if (chunk.byteLength <= maxReadBytes) {
      return chunk;
    }
    this.#prefix.unshift(chunk.subarray(maxReadBytes));
    return chunk.subarray(0, maxReadBytes);
  }

  /** @returns nothing for what came too much after the whole answer */
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

  /** The source has ended cleanly: is the answer whole? */
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

  /** Ends from the consumer's side: no read fails, there is none that matters. */
  #stop(end: CallEnd): void {
    this.#settle(this.#options.inspector.whole ?? end);
    this.#letGo();
  }

  /** The source is done with; a read that waits for it finds the end. */
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

  /** Destroys the source. */
  #discard(): void {
    if (this.#isClosed) {
      return;
    }
    const reader = this.#reader;
    this.#reader = undefined;
    // A source that cannot be cancelled is dead already.
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
