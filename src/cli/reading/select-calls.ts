import type { Redactor } from '../../facts/redaction/redactor';
import type { CallRecord } from '../../records/call-line/call-record';
import { CliError } from '../cli-error';
import { isSelected, passesOver, type SelectionFlags } from '../flags/selection-flags';
import { noMatchError } from './no-match-error';
import { type RecordLine, readRecordFiles } from './read-record-files';
import { secretFields } from './secret-fields';
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
export function selectCalls(
  paths: readonly string[],
  flags: SelectionFlags,
  redactor: Redactor,
  was?: string,
): SelectedCalls {
  const selection = new Selection(flags);
  const skipped = new SkippedLines();
  for (const line of readRecordFiles(paths, passesOver(flags))) {
    skipped.note(line);
    selection.add(line);
    if (selection.size > MAX_SELECTED) {
      throw new CliError(
        `More than ${MAX_SELECTED} calls match. Choose fewer with --run, --window or --call, or count them with records stats.`,
      );
    }
  }
  const found = selection.found.map((call) => clean(call, redactor));
  const [first, ...others] = found.sort((a, b) => compare(a.facts.startedAt, b.facts.startedAt));
  if (first === undefined) {
    throw noMatchError(paths, skipped, was);
  }
  return { records: [first, ...others], skipped };
}

/** A call, and where it stands. */
interface FoundCall {
  readonly record: CallRecord;
  readonly path: string;
  readonly line: number;
}

class Selection {
  readonly #flags: SelectionFlags;
  readonly #calls = new Map<string, FoundCall>();
  // Not in the map: each `clear` of a map keeps what it held alive for the next collections.
  #newest: { readonly found: FoundCall; readonly endedAt: string } | undefined;

  constructor(flags: SelectionFlags) {
    this.#flags = flags;
  }

  get size(): number {
    return this.#calls.size;
  }

  get found(): readonly FoundCall[] {
    return this.#newest === undefined ? [...this.#calls.values()] : [this.#newest.found];
  }

  add({ parsed, path, line }: RecordLine): void {
    const isCall = parsed.kind === 'call' || parsed.kind === 'odd_call';
    if (!isCall || !isSelected(parsed.call, this.#flags)) {
      return;
    }
    if (parsed.kind === 'odd_call') {
      throw new CliError(`${path}, line ${line}: ${parsed.field} holds what may be a secret. Nothing was made of it.`);
    }
    const { call } = parsed;
    if (this.#flags.lastFailure === undefined) {
      this.#calls.set(call.text('facts.callId') ?? '', { record: call.record, path, line });
      return;
    }
    const endedAt = call.text('facts.endedAt') ?? '';
    if (this.#newest === undefined || compare(this.#newest.endedAt, endedAt) <= 0) {
      this.#newest = { found: { record: call.record, path, line }, endedAt };
    }
  }
}

function clean({ record, path, line }: FoundCall, redactor: Redactor): CallRecord {
  const [field] = secretFields(record, redactor);
  if (field !== undefined) {
    throw new CliError(`${path}, line ${line}: ${field} holds what may be a secret. Nothing was made of it.`);
  }
  return record;
}

/** Timestamps of one form sort as text. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
