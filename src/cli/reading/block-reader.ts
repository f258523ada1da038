import { isAscii } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isPlainJson } from '../../records/call-line/plain-text';
import { MAX_RECORD_BYTES } from '../../records/shared/serialize';
import { CliError } from '../cli-error';
import { fileProblem } from '../output/file-problem';

/** Complete lines of a file, about 64 KiB. */
export interface Block {
  /** True if a line that is too long for a record ends before `lines`. */
  readonly beginsTooLong: boolean;
  readonly lines: readonly string[];
  /** True if all lines are plain. One test of a block is faster than a test of each line. */
  readonly isPlain: boolean;
}

/** Larger reads are not faster. */
const READ_BYTES = 64 * 1024;
/** Half a record, and a complete one after it. */
const MAX_LINE_BYTES = 2 * MAX_RECORD_BYTES;
const NEWLINE = 0x0a;
/** Pause before the next read of a non-blocking pipe that is empty. */
const PIPE_WAIT_MS = 10;

/** @throws CliError if `path` is not a file or a pipe, or cannot be opened */
export function openForReading(path: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw fileProblem(path, error, 'read');
  }
  const status = fstatSync(descriptor);
  // Shells pass a pipe for `<(zcat old.jsonl.gz)`.
  if (status.isFile() || status.isFIFO()) {
    return descriptor;
  }
  closeSync(descriptor);
  throw new CliError(`${path} could not be read: it is ${status.isDirectory() ? 'a directory' : 'not a file'}.`);
}

/**
 * Reads a file in blocks of complete lines, with one buffer.
 *
 * Reads synchronously: with asynchronous reads, promises kept 50 MB alive while reading a file of 400 MB.
 */
export class BlockReader {
  readonly path: string;
  readonly #descriptor: number;
  /** An incomplete line moves to the start, and the next read appends to it. */
  readonly #buffer = Buffer.allocUnsafe(MAX_LINE_BYTES + READ_BYTES);
  #filled = 0;
  /** True while the start of a line is dropped, because the line is too long for a record. */
  #isTooLong = false;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  /**
   * @returns `undefined` at the end of the file
   * @throws CliError if the file cannot be read
   */
  read(): Block | undefined {
    for (;;) {
      const before = this.#filled;
      const bytesRead = this.#readMore();
      const bytes = this.#buffer.subarray(0, before + bytesRead);
      if (bytesRead === 0) {
        return this.#lastBlock(bytes);
      }
      const end = bytes.lastIndexOf(NEWLINE);
      if (end >= before) {
        const block = this.#blockOf(bytes.subarray(0, end));
        this.#keep(bytes, end + 1);
        return block;
      }
      this.#keep(bytes, 0);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The last line may have no line end. */
  #lastBlock(bytes: Buffer): Block | undefined {
    const block = this.#isTooLong || bytes.length > 0 ? this.#blockOf(bytes) : undefined;
    this.#filled = 0;
    return block;
  }

  #blockOf(bytes: Buffer): Block {
    if (!this.#isTooLong) {
      return blockOf(bytes, false);
    }
    this.#isTooLong = false;
    const end = bytes.indexOf(NEWLINE);
    return end < 0 ? { beginsTooLong: true, lines: [], isPlain: false } : blockOf(bytes.subarray(end + 1), true);
  }

  #keep(bytes: Buffer, start: number): void {
    this.#filled = bytes.length - start;
    this.#isTooLong ||= this.#filled > MAX_LINE_BYTES;
    if (this.#isTooLong) {
      this.#filled = 0;
    } else {
      bytes.copyWithin(0, start);
    }
  }

  #readMore(): number {
    for (;;) {
      try {
        return readSync(this.#descriptor, this.#buffer, this.#filled, READ_BYTES, null);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) {
          throw fileProblem(this.path, error, 'read');
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_WAIT_MS);
      }
    }
  }
}

function blockOf(bytes: Buffer, beginsTooLong: boolean): Block {
  const text = bytes.toString('utf8');
  return { beginsTooLong, lines: text.split('\n'), isPlain: isAscii(bytes) && isPlainJson(text) };
}
