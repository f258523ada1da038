import { type FileHandle, open } from 'node:fs/promises';
import { type ParsedLine, parseCallRecord } from '../../records/parse-call-record';
import { recordBehind } from '../../records/read-record-lines';
import { MAX_RECORD_BYTES } from '../../records/serialise';
import { CliError } from './cli-error';
import { fileProblem } from './file-problem';

/** One line of a record file, read. */
export interface RecordLine {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** Empty for a line that is too long to be kept. */
  readonly text: string;
  readonly parsed: ParsedLine;
}

/** As much of a file as is in memory at once, with at most one unfinished line before it. */
const CHUNK_BYTES = 256 * 1024;
/** Half a record, and a whole one behind it. */
const MAX_LINE_BYTES = 2 * MAX_RECORD_BYTES;
const NEWLINE = 0x0a;

/**
 * Reads record files from their beginning, a batch of lines at a time, in constant memory. What is no record of ours is
 * handed out too, with its line number, never repaired (J-3).
 *
 * @throws CliError naming the path, when a file cannot be read
 */
export async function* readRecordFiles(paths: readonly string[]): AsyncGenerator<readonly RecordLine[], void> {
  for (const path of paths) {
    const handle = await openForReading(path);
    try {
      yield* readOne(path, handle);
    } finally {
      await handle.close();
    }
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw fileProblem(path, error, 'read');
  }
  const status = await handle.stat();
  // A pipe is what a shell passes for `<(zcat old.jsonl.gz)`.
  if (status.isFile() || status.isFIFO()) {
    return handle;
  }
  await handle.close();
  throw new CliError(`${path} could not be read: it is ${status.isDirectory() ? 'a directory' : 'not a file'}.`);
}

async function* readOne(path: string, handle: FileHandle): AsyncGenerator<readonly RecordLine[], void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let unfinished = Buffer.alloc(0);
  let isTooLong = false;
  let line = 1;
  for (;;) {
    const bytesRead = await readInto(chunk, handle, path);
    const isEnd = bytesRead === 0;
    const end = isEnd ? 0 : chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    if (end === 0 && !isEnd) {
      // No line ends here. What can be no record any more is not collected.
      isTooLong ||= unfinished.length + bytesRead > MAX_LINE_BYTES;
      unfinished = isTooLong ? Buffer.alloc(0) : Buffer.concat([unfinished, chunk.subarray(0, bytesRead)]);
      continue;
    }
    const whole = Buffer.concat([unfinished, chunk.subarray(0, end)]).toString('utf8');
    const { lines, next } = splitLines(whole, { path, line, isTooLong, isEnd });
    if (lines.length > 0) {
      yield lines;
    }
    if (isEnd) {
      return;
    }
    line = next;
    isTooLong = false;
    unfinished = Buffer.from(chunk.subarray(end, bytesRead));
  }
}

async function readInto(chunk: Buffer, handle: FileHandle, path: string): Promise<number> {
  try {
    return (await handle.read(chunk, 0, chunk.length, null)).bytesRead;
  } catch (error) {
    throw fileProblem(path, error, 'read');
  }
}

interface Place {
  readonly path: string;
  /** Number of the first line. */
  readonly line: number;
  /** The beginning of the first line was not kept. */
  readonly isTooLong: boolean;
  /** The last line may lack its line end. */
  readonly isEnd: boolean;
}

function splitLines(whole: string, place: Place): { readonly lines: readonly RecordLine[]; readonly next: number } {
  const { path, isEnd } = place;
  const lines: RecordLine[] = [];
  let { line, isTooLong } = place;
  let at = 0;
  while (at < whole.length || isTooLong) {
    const found = whole.indexOf('\n', at);
    if (found < 0 && !isEnd) {
      break;
    }
    const end = found < 0 ? whole.length : found;
    if (isTooLong) {
      lines.push({ path, line, text: '', parsed: { kind: 'foreign', because: 'too_long' } });
    } else {
      addLine(lines, path, line, whole.slice(at, end));
    }
    isTooLong = false;
    at = end + 1;
    line++;
  }
  return { lines, next: line };
}

function addLine(lines: RecordLine[], path: string, line: number, text: string): void {
  const parsed = parseCallRecord(text);
  if (parsed.kind === 'blank') {
    return;
  }
  lines.push({ path, line, text, parsed });
  const behind = recordBehind(text, parsed);
  if (behind !== undefined) {
    lines.push({ path, line, text: '', parsed: behind });
  }
}
