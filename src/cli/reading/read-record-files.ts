import { type ParsedLine, parseCallRecord } from '../../records/call-line/parse-call-record';
import { recordBehind } from '../../records/call-line/read-record-lines';
import { BlockReader, openForReading } from './block-reader';

/** One line of a record file. */
export interface RecordLine {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** Without surrounding blanks. Empty if the line is too long to keep, or if this record follows a torn one on the line. */
  readonly text: string;
  readonly parsed: ParsedLine;
}

/**
 * Reads record files line by line in constant memory. Lines that are not records are returned too; nothing is repaired.
 *
 * @throws CliError with the path if a file cannot be read. All files are opened before the first is read.
 */
export function* readRecordFiles(paths: readonly string[]): Generator<RecordLine, void> {
  const opened: BlockReader[] = [];
  try {
    for (const path of paths) {
      opened.push(new BlockReader(path, openForReading(path)));
    }
    for (const file of opened) {
      const { path } = file;
      let line = 0;
      for (let block = file.read(); block !== undefined; block = file.read()) {
        if (block.beginsTooLong) {
          line++;
          yield { path, line, text: '', parsed: { kind: 'foreign', because: 'too_long' } };
        }
        for (const read of block.lines) {
          line++;
          const text = read.trim();
          const parsed = parseCallRecord(text, block.isPlain);
          if (parsed.kind !== 'blank') {
            yield { path, line, text, parsed };
          }
          const behind = recordBehind(text, parsed);
          if (behind !== undefined) {
            yield { path, line, text: '', parsed: behind };
          }
        }
      }
    }
  } finally {
    for (const file of opened) {
      file.close();
    }
  }
}
