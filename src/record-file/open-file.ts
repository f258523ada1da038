import type { FileSystem } from './file-system';
import { closeQuietly } from './open-record-file';

/**
 * An open descriptor that closes only after its background syncs have ended. If it closed earlier, the system could
 * reuse its number for another file, and the sync would reach that file.
 */
export class OpenFile {
  readonly #fileSystem: FileSystem;
  readonly #descriptor: number;
  #pendingSyncs = 0;
  #isClosing = false;

  constructor(fileSystem: FileSystem, descriptor: number) {
    this.#fileSystem = fileSystem;
    this.#descriptor = descriptor;
  }

  /** Makes one write call and returns the number of bytes written. @throws the error of the platform */
  write(bytes: Uint8Array): number {
    return this.#fileSystem.writeSync(this.#descriptor, bytes, 0, bytes.length);
  }

  /** @throws the error of the platform */
  sync(): void {
    this.#fileSystem.fsyncSync(this.#descriptor);
  }

  syncInBackground(done: (error: unknown) => void): void {
    this.#pendingSyncs++;
    const settle = (error: unknown): void => {
      this.#pendingSyncs--;
      done(error);
      this.#closeWhenIdle();
    };
    try {
      this.#fileSystem.fsync(this.#descriptor, settle);
    } catch (error) {
      settle(error);
    }
  }

  close(): void {
    if (this.#isClosing) {
      return;
    }
    this.#isClosing = true;
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    if (this.#isClosing && this.#pendingSyncs === 0) {
      closeQuietly(this.#descriptor, this.#fileSystem);
    }
  }
}
