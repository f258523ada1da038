import type { CallRecord } from './call-record';
import { type ForeignReason, type ParsedLine, parseCallRecord } from './parse-call-record';

/** A line that was not read, and where. */
export interface SkippedLine {
  /** From 1. */
  readonly line: number;
  readonly kind: 'torn' | 'foreign';
  readonly because?: ForeignReason;
}

export interface ReadRecords {
  readonly calls: readonly CallRecord[];
  /** Records of other kinds that were passed over. */
  readonly otherRecords: number;
  readonly skipped: readonly SkippedLine[];
}

/** Every record begins so, and inside a string its quotes would be escaped. */
const RECORD_START = '{"record":"';

/**
 * Reads a record file. What does not parse is skipped and reported, never repaired (J-3).
 *
 * A process that died while it wrote leaves half a line; the record another process appends next stands behind it on
 * the same line, and is still read.
 */
export function readRecordLines(text: string): ReadRecords {
  const calls: CallRecord[] = [];
  const skipped: SkippedLine[] = [];
  let otherRecords = 0;
  const keep = (parsed: ParsedLine): void => {
    if (parsed.kind === 'call') {
      calls.push(parsed.record);
    } else if (parsed.kind === 'other_record') {
      otherRecords++;
    }
  };
  for (const [at, line] of text.split('\n').entries()) {
    const parsed = parseCallRecord(line);
    keep(parsed);
    if (parsed.kind === 'torn' || parsed.kind === 'foreign') {
      skipped.push({ line: at + 1, kind: parsed.kind, ...(parsed.kind === 'foreign' && { because: parsed.because }) });
    }
    const behind = recordBehind(line, parsed);
    if (behind !== undefined) {
      keep(behind);
    }
  }
  return { calls, otherRecords, skipped };
}

/** The record that another process appended behind half a line, on the same line. */
export function recordBehind(line: string, parsed: ParsedLine): ParsedLine | undefined {
  const isBroken = parsed.kind === 'torn' || (parsed.kind === 'foreign' && parsed.because === 'too_long');
  const behind = isBroken ? line.lastIndexOf(RECORD_START) : -1;
  const found = behind > 0 ? parseCallRecord(line.slice(behind)) : undefined;
  return found?.kind === 'call' || found?.kind === 'other_record' ? found : undefined;
}
