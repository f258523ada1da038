import type { SecretGuard } from '../../facts/secret-guard';
import type { CallRecord } from '../../records/call-record';
import { CliError } from './cli-error';
import { nothingMatches } from './nothing-matches';
import { type RecordLine, readRecordFiles } from './read-record-files';
import { secretFields } from './secret-fields';
import { isSelected, passesOver, type SelectionFlags } from './selection-flags';
import { SkippedLines } from './skipped-lines';

export interface SelectedCalls {
  /** In the order of their beginning; each call once. Never empty. */
  readonly records: readonly [CallRecord, ...CallRecord[]];
  readonly skipped: SkippedLines;
}

/** A record about more calls is not read by anybody, and would have to be held in memory. */
export const MAX_SELECTED = 1_000;

/**
 * The calls that `flags` mean. They are looked through for secrets again, since anybody may have written to the file.
 *
 * @param was for the message when no call is meant: what none of them does
 * @throws CliError when a file cannot be read, no call is meant, or more than {@link MAX_SELECTED} are
 */
export async function selectCalls(
  paths: readonly string[],
  flags: SelectionFlags,
  guard: SecretGuard,
  was?: string,
): Promise<SelectedCalls> {
  const selection = new Selection(flags);
  const skipped = new SkippedLines();
  for await (const lines of readRecordFiles(paths, passesOver(flags))) {
    for (const line of lines) {
      skipped.note(line);
      selection.add(line);
    }
    if (selection.size > MAX_SELECTED) {
      throw new CliError(
        `More than ${MAX_SELECTED} calls match. Choose fewer with --run, --window or --call, or count them with records stats.`,
      );
    }
  }
  const found = selection.lines.flatMap((line) => cleanRecord(line, guard));
  const [first, ...others] = found.sort((a, b) => compare(a.facts.startedAt, b.facts.startedAt));
  if (first === undefined) {
    throw nothingMatches(paths, skipped, was);
  }
  return { records: [first, ...others], skipped };
}

class Selection {
  readonly #flags: SelectionFlags;
  readonly #calls = new Map<string, RecordLine>();
  // Not in the map: each `clear` of a map keeps what it held alive for the next collections.
  #newest: { readonly line: RecordLine; readonly endedAt: string } | undefined;

  constructor(flags: SelectionFlags) {
    this.#flags = flags;
  }

  get size(): number {
    return this.#calls.size;
  }

  get lines(): readonly RecordLine[] {
    return this.#newest === undefined ? [...this.#calls.values()] : [this.#newest.line];
  }

  add(line: RecordLine): void {
    if (line.parsed.kind !== 'call' || !isSelected(line.parsed.record, this.#flags)) {
      return;
    }
    const { callId, endedAt } = line.parsed.record.facts;
    if (this.#flags.lastFailure === undefined) {
      this.#calls.set(callId, line);
    } else if (this.#newest === undefined || compare(this.#newest.endedAt, endedAt) <= 0) {
      this.#newest = { line, endedAt };
    }
  }
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
