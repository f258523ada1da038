import { readRecordFiles } from '../../src/cli/reading/read-record-files';
import type { CallRecord } from '../../src/records/call-line/call-record';

/** The calls of a record file, and the kind of each skipped line, as the commands read them. */
export function readRecordFile(path: string): { readonly calls: readonly CallRecord[]; readonly skipped: string[] } {
  const calls: CallRecord[] = [];
  const skipped: string[] = [];
  for (const { parsed } of readRecordFiles([path])) {
    if (parsed.kind === 'call') {
      calls.push(parsed.record);
    } else {
      skipped.push(parsed.kind);
    }
  }
  return { calls, skipped };
}
