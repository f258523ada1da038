import type { ByteReader, ByteSource, TakenBytes } from '../wire/body/byte-reader';

/** Pauses, resumes and aborts the source of a body. */
export interface BodyControl {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** With more unread bytes the socket is paused. Node's sockets buffer the same amount. */
const HIGH_WATER_BYTES = 65_536;

const DONE: TakenBytes = { done: true };

/** The bytes of one response from a dispatcher, without a web stream. Only one read may be outstanding. */
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

  /** Returns the body itself, because it has only one consumer. */
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

  /** Call at the end of the source. Unread bytes can still be read. */
  finish(): void {
    this.#settle({});
  }

  /** Call when the source fails. Unread bytes are read before the failure. */
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

  /** Drops unread bytes, and aborts the source unless it has ended. */
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
    // Resume at half of the limit. Otherwise the socket would pause and resume for each chunk.
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
