import type { ByteReader, TakenBytes } from '../../src/wire/body/byte-reader';

/** A source whose bytes arrive when a test pushes them. */
export class ScriptedSource implements ByteReader {
  isCancelled = false;
  reads = 0;
  readonly #ready: (() => Promise<TakenBytes>)[] = [];
  #waiting: PromiseWithResolvers<TakenBytes> | undefined;

  read(): Promise<TakenBytes> {
    this.reads++;
    const ready = this.#ready.shift();
    if (ready !== undefined) {
      return ready();
    }
    this.#waiting = Promise.withResolvers<TakenBytes>();
    return this.#waiting.promise;
  }

  cancel(): Promise<void> {
    this.isCancelled = true;
    this.#waiting?.resolve({ done: true });
    this.#waiting = undefined;
    return Promise.resolve();
  }

  push(text: string): void {
    this.#give(() => Promise.resolve({ done: false, value: new TextEncoder().encode(text) }));
  }

  end(): void {
    this.#give(() => Promise.resolve({ done: true }));
  }

  fail(error: unknown): void {
    this.#give(() => Promise.reject(error));
  }

  #give(taken: () => Promise<TakenBytes>): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) {
      this.#ready.push(taken);
    } else {
      taken().then(waiting.resolve, waiting.reject);
    }
  }
}
