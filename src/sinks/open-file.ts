import type { FileSystem } from './file-system';
import { closeQuietly } from './open-record-file';

/**
 * A descriptor that is closed only when nothing is under way on it: the system would give its number to the next file
 * that is opened, and a write still under way would land there.
 */
export class OpenFile {
  readonly #fileSystem: FileSystem;
  readonly #descriptor: number;
  #underWay = 0;
  #isClosing = false;

  constructor(fileSystem: FileSystem, descriptor: number) {
    this.#fileSystem = fileSystem;
    this.#descriptor = descriptor;
  }

  /** One write call; gives the bytes it took. @throws the error of the platform */
  write(bytes: Uint8Array): number {
    return this.#fileSystem.writeSync(this.#descriptor, bytes, 0, bytes.length);
  }

  writeInBackground(bytes: Uint8Array, done: (error: unknown, written: number) => void): void {
    this.#run(
      (settle) => this.#fileSystem.write(this.#descriptor, bytes, 0, bytes.length, null, settle),
      (error, written) => done(error, written ?? 0),
    );
  }

  /** @throws the error of the platform */
  sync(): void {
    this.#fileSystem.fsyncSync(this.#descriptor);
  }

  syncInBackground(done: (error: unknown) => void): void {
    this.#run((settle) => this.#fileSystem.fsync(this.#descriptor, settle), done);
  }

  close(): void {
    if (this.#isClosing) {
      return;
    }
    this.#isClosing = true;
    this.#closeWhenIdle();
  }

  #run(
    start: (settle: (error: unknown, written?: number) => void) => void,
    done: (error: unknown, written?: number) => void,
  ): void {
    this.#underWay++;
    const settle = (error: unknown, written?: number): void => {
      this.#underWay--;
      done(error, written);
      this.#closeWhenIdle();
    };
    try {
      start(settle);
    } catch (error) {
      settle(error);
    }
  }

  #closeWhenIdle(): void {
    if (this.#isClosing && this.#underWay === 0) {
      closeQuietly(this.#descriptor, this.#fileSystem);
    }
  }
}
