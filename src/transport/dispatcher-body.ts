import type { ByteReader, ByteSource, TakenBytes } from '../wire/byte-reader';

/** How the source of a body is held back, let go and destroyed. */
export interface BodyControl {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** More than this unread and the socket is held back; what Node's own sockets hold. */
const HIGH_WATER_BYTES = 65_536;

const DONE: TakenBytes = { done: true };

/** The bytes of one response as they come from the dispatcher, without a web stream in between. One read at a time. */
export class DispatcherBody implements ByteReader, ByteSource {
  readonly #control: BodyControl;
  #chunks: Uint8Array[] = [];
  #taken = 0;
  #unreadBytes = 0;
  #isPaused = false;
  #end: { readonly error?: unknown } | undefined;
  #waiting: { resolve(taken: TakenBytes): void; reject(error: unknown): void } | undefined;

  constructor(control: BodyControl) {
    this.#control = control;
  }

  /** There is one consumer, so the body is its own reader. */
  getReader(): ByteReader {
    return this;
  }

  push(chunk: Uint8Array): void {
    if (this.#end !== undefined) {
      return;
    }
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      waiting.resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#unreadBytes += chunk.byteLength;
    if (this.#unreadBytes > HIGH_WATER_BYTES && !this.#isPaused) {
      this.#isPaused = true;
      this.#control.pause();
    }
  }

  /** The source has ended; what is unread can still be read. */
  finish(): void {
    this.#settle({});
  }

  /** The source broke; what came before is still read first. */
  fail(error: unknown): void {
    this.#settle({ error });
  }

  readNow(): TakenBytes | undefined {
    const chunk = this.#chunks[this.#taken];
    if (chunk !== undefined) {
      this.#forgetFirst(chunk);
      return { done: false, value: chunk };
    }
    return this.#end === undefined || 'error' in this.#end ? undefined : DONE;
  }

  read(): Promise<TakenBytes> {
    const taken = this.readNow();
    if (taken !== undefined) {
      return Promise.resolve(taken);
    }
    if (this.#end !== undefined) {
      return Promise.reject(this.#end.error);
    }
    return new Promise<TakenBytes>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Drops what is unread and destroys the source, unless it has ended. */
  cancel(): Promise<void> {
    const isOpen = this.#end === undefined;
    this.#chunks = [];
    this.#taken = 0;
    this.#settle({});
    if (isOpen) {
      this.#control.abort(new DOMException('This operation was aborted', 'AbortError'));
    }
    return Promise.resolve();
  }

  #forgetFirst(chunk: Uint8Array): void {
    this.#taken++;
    this.#unreadBytes -= chunk.byteLength;
    if (this.#taken === this.#chunks.length) {
      this.#chunks = [];
      this.#taken = 0;
    }
    // At half, so that a socket is not stopped and started for each chunk.
    if (this.#isPaused && this.#unreadBytes <= HIGH_WATER_BYTES / 2) {
      this.#isPaused = false;
      this.#control.resume();
    }
  }

  #settle(end: { readonly error?: unknown }): void {
    if (this.#end !== undefined) {
      return;
    }
    this.#end = end;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined && 'error' in end) {
      waiting.reject(end.error);
    } else {
      waiting?.resolve(DONE);
    }
  }
}
