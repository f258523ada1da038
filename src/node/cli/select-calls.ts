import type { SecretGuard } from '../../facts/secret-guard';
import type { CallRecord } from '../../records/call-record';
import { CliError } from './cli-error';
import { type RecordLine, readRecordFiles } from './read-record-files';
import { secretFields } from './secret-fields';
import { isSelected, type SelectionFlags } from './selection-flags';
import { SkippedLines } from './skipped-lines';

export interface SelectedCalls {
  /** In the order of their beginning; each call once. Never empty. */
  readonly records: readonly [CallRecord, ...CallRecord[]];
  /** What a person should hear of: lines that were not read. Absent when all were. */
  readonly remark: string | undefined;
}

/** A record about more calls is not read by anybody, and would have to be held in memory. */
export const MAX_SELECTED = 1_000;

/**
 * The calls that `flags` mean. They are looked through for secrets again, since anybody may have written to the file.
 *
 * @throws CliError when a file cannot be read, no call is meant, or more than {@link MAX_SELECTED} are
 */
export async function selectCalls(
  paths: readonly string[],
  flags: SelectionFlags,
  guard: SecretGuard,
): Promise<SelectedCalls> {
  const selected = new Map<string, RecordLine>();
  const skipped = new SkippedLines();
  for await (const lines of readRecordFiles(paths)) {
    for (const line of lines) {
      skipped.note(line);
      if (line.parsed.kind === 'call' && isSelected(line.parsed.record, flags)) {
        keep(selected, line, line.parsed.record, flags);
      }
    }
    if (selected.size > MAX_SELECTED) {
      throw new CliError(
        `More than ${MAX_SELECTED} calls match. Choose fewer with --run, --window or --call, or count them with records stats.`,
      );
    }
  }
  const found = [...selected.values()].flatMap((line) => cleanRecord(line, guard));
  const [first, ...others] = found.sort((a, b) => compare(a.facts.startedAt, b.facts.startedAt));
  const remark = skipped.remark();
  if (first === undefined) {
    throw new CliError(`No call in ${paths.join(', ')} matches.${remark === undefined ? '' : ` ${remark}`}`);
  }
  return { records: [first, ...others], remark };
}

function keep(selected: Map<string, RecordLine>, line: RecordLine, record: CallRecord, flags: SelectionFlags): void {
  const [before] = selected.values();
  if (flags.lastFailure !== undefined && before?.parsed.kind === 'call') {
    if (compare(before.parsed.record.facts.endedAt, record.facts.endedAt) > 0) {
      return;
    }
    selected.clear();
  }
  selected.set(record.facts.callId, line);
}

function cleanRecord({ parsed, path, line }: RecordLine, guard: SecretGuard): CallRecord[] {
  if (parsed.kind !== 'call') {
    return [];
  }
  const [field] = secretFields(parsed.record, guard);
  if (field !== undefined) {
    throw new CliError(`${path}, line ${line}: ${field} holds what may be a secret. Nothing was made of it.`);
  }
  return [parsed.record];
}

/** Timestamps of one form sort as text. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
