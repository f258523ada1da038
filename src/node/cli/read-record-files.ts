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

/**
 * As much of a file as is in memory at once, with at most one unfinished line before it. Larger reads are not faster, and
 * what they make is collected later.
 */
const CHUNK_BYTES = 64 * 1024;
/** Half a record, and a whole one behind it. */
const MAX_LINE_BYTES = 2 * MAX_RECORD_BYTES;
const NEWLINE = 0x0a;

/**
 * Reads record files from their beginning, a batch of lines at a time, in constant memory. What is no record of ours is
 * handed out too, with its line number, never repaired (J-3).
 *
 * @param passesOver whether a line is of no interest, by its text alone; it is not handed out then
 * @throws CliError naming the path, when a file cannot be read; all are opened before the first is read
 */
export async function* readRecordFiles(
  paths: readonly string[],
  passesOver: (text: string) => boolean = () => false,
): AsyncGenerator<readonly RecordLine[], void> {
  const handles: FileHandle[] = [];
  try {
    for (const path of paths) {
      handles.push(await openForReading(path));
    }
    for (const [at, handle] of handles.entries()) {
      yield* readOne(paths[at] ?? '', handle, passesOver);
    }
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
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

async function* readOne(
  path: string,
  handle: FileHandle,
  passesOver: (text: string) => boolean,
): AsyncGenerator<readonly RecordLine[], void> {
  // The only buffer: an unfinished line stays at its beginning, and the next bytes are read behind it.
  const buffer = Buffer.allocUnsafe(MAX_LINE_BYTES + CHUNK_BYTES);
  let filled = 0;
  let line = 1;
  let isTooLong = false;
  for (;;) {
    const bytesRead = await readInto(buffer, filled, handle, path);
    const isEnd = bytesRead === 0;
    const end = filled + bytesRead;
    const lines: RecordLine[] = [];
    let start = 0;
    const add = (upTo: number): void => {
      if (isTooLong) {
        lines.push({ path, line, text: '', parsed: { kind: 'foreign', because: 'too_long' } });
      } else {
        const text = buffer.toString('utf8', start, upTo);
        if (!passesOver(text)) {
          addLine(lines, path, line, text);
        }
      }
      isTooLong = false;
      line++;
      start = upTo + 1;
    };
    for (let found = nextLineEnd(buffer, filled, end); found >= 0; found = nextLineEnd(buffer, start, end)) {
      add(found);
    }
    if (isEnd && (filled > 0 || isTooLong)) {
      add(end);
    }
    if (lines.length > 0) {
      yield lines;
    }
    if (isEnd) {
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

async function readInto(buffer: Buffer, at: number, handle: FileHandle, path: string): Promise<number> {
  try {
    return (await handle.read(buffer, at, CHUNK_BYTES, null)).bytesRead;
  } catch (error) {
    throw fileProblem(path, error, 'read');
  }
}

/** Looks only at what was read: behind that is what an earlier read left. */
function nextLineEnd(buffer: Buffer, from: number, end: number): number {
  const found = buffer.indexOf(NEWLINE, from);
  return found < end ? found : -1;
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
