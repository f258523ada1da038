import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ParsedLine } from '../../records/call-line/parse-call-record';
import { MAX_RECORD_BYTES } from '../../records/shared/serialize';
import { CliError } from '../cli-error';
import { fileProblem } from '../output/file-problem';
import type { CallLine } from './call-line';
import { LineReader } from './line-reader';
import { LineShapes } from './line-shapes';

/** One line of a record file, read. Valid until the next line is taken. */
export interface RecordLine {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** As it stands; empty for a line that is too long to be kept. */
  text(): string;
  readonly parsed: Exclude<ParsedLine, { readonly kind: 'call' }> | CallFound | OddCall;
}

export interface CallFound {
  readonly kind: 'call';
  readonly call: CallLine;
}

/** A call with something in a field that facts do not have there: never shown, and nothing is made of it. */
export interface OddCall {
  readonly kind: 'odd_call';
  readonly call: CallLine;
  /** The first such field. */
  readonly field: string;
}

/** Whether a line is of no interest, by its text alone. */
export type PassesOver = (text: string) => boolean;

/** As much of a file as is in memory at once, with at most one unfinished line before it. Larger reads are not faster. */
const CHUNK_BYTES = 64 * 1024;
/** Half a record, and a whole one behind it. */
const MAX_LINE_BYTES = 2 * MAX_RECORD_BYTES;
const NEWLINE = 0x0a;
/** How long to wait for a pipe that has nothing yet and does not wait itself. */
const PIPE_WAIT_MS = 10;

/**
 * Reads record files from their beginning, line by line, in constant memory. What is no record of ours is handed out too,
 * with its line number, never repaired (J-3).
 *
 * It blocks the process, which has nothing else to do: promises by the thousand keep each other alive until a full
 * collection, and cost 50 MB in a file of 400 MB.
 *
 * @param passesOver lines for which it is true are not handed out
 * @throws CliError naming the path, when a file cannot be read; all are opened before the first is read
 */
export function* readRecordFiles(paths: readonly string[], passesOver?: PassesOver): Generator<RecordLine, void> {
  const opened: number[] = [];
  const shapes = new LineShapes();
  try {
    for (const path of paths) {
      opened.push(openForReading(path));
    }
    for (const [at, descriptor] of opened.entries()) {
      yield* readOne(new LineReader(paths[at] ?? '', shapes, passesOver), descriptor);
    }
  } finally {
    for (const descriptor of opened) {
      closeSync(descriptor);
    }
  }
}

function openForReading(path: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw fileProblem(path, error, 'read');
  }
  const status = fstatSync(descriptor);
  // A pipe is what a shell passes for `<(zcat old.jsonl.gz)`.
  if (status.isFile() || status.isFIFO()) {
    return descriptor;
  }
  closeSync(descriptor);
  throw new CliError(`${path} could not be read: it is ${status.isDirectory() ? 'a directory' : 'not a file'}.`);
}

function* readOne(reader: LineReader, descriptor: number): Generator<RecordLine, void> {
  // The only buffer: an unfinished line stays at its beginning, and the next bytes are read behind it.
  const buffer = Buffer.allocUnsafe(MAX_LINE_BYTES + CHUNK_BYTES);
  let filled = 0;
  let isTooLong = false;
  for (;;) {
    const bytesRead = readInto(buffer, filled, descriptor, reader.path);
    const end = filled + bytesRead;
    let start = 0;
    // Looked for only in what was read: behind that is what an earlier read left.
    let found = buffer.indexOf(NEWLINE, filled);
    while (found >= 0 && found < end) {
      yield* isTooLong ? reader.tooLong() : reader.line(buffer, start, found);
      isTooLong = false;
      start = found + 1;
      found = buffer.indexOf(NEWLINE, start);
    }
    if (bytesRead === 0) {
      if (isTooLong || filled > 0) {
        yield* isTooLong ? reader.tooLong() : reader.line(buffer, 0, filled);
      }
      return;
    }
    filled = end - start;
    // What can be no record any more is not kept.
    isTooLong ||= filled > MAX_LINE_BYTES;
    if (isTooLong) {
      filled = 0;
    } else {
      buffer.copyWithin(0, start, end);
    }
  }
}

function readInto(buffer: Buffer, at: number, descriptor: number, path: string): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, at, CHUNK_BYTES, null);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) {
        throw fileProblem(path, error, 'read');
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_WAIT_MS);
    }
  }
}
