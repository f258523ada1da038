import { type ParsedLine, parseCallRecord } from './parse-call-record';

/** Every record begins with this. Inside a JSON string its quotes would be escaped. */
const RECORD_START = '{"record":"';

/**
 * Finds a record that another process appended after half a line, on the same line. A process that is killed while it
 * writes leaves such a half line without a newline.
 */
export function recordBehind(line: string, parsed: ParsedLine): ParsedLine | undefined {
  const isBroken = parsed.kind === 'torn' || (parsed.kind === 'foreign' && parsed.because === 'too_long');
  const behind = isBroken ? line.lastIndexOf(RECORD_START) : -1;
  const found = behind > 0 ? parseCallRecord(line.slice(behind)) : undefined;
  return found?.kind === 'call' || found?.kind === 'other_record' ? found : undefined;
}
