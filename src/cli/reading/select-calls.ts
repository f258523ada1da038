import type { Redactor } from '../../facts/redaction/redactor';
import type { CallRecord } from '../../records/call-line/call-record';
import { CliError } from '../cli-error';
import { isSelected, type SelectionFlags } from '../flags/selection-flags';
import { noMatchError } from './no-match-error';
import { type RecordLine, readRecordFiles } from './read-record-files';
import { secretFields } from './secret-fields';
import { SkippedLines } from './skipped-lines';

/**
 * Yields the calls that match `flags`, in file order and in constant memory. Ignores `--last-failure`.
 *
 * Numbers, booleans and enum values of a yielded call are valid. Identifiers match their pattern, but a forged file may
 * contain a key there: print them with `forDisplay`.
 *
 * @param skipped collects the lines that are not records
 * @throws CliError if a file cannot be read
 */
export function* matchingCalls(
  paths: readonly string[],
  flags: SelectionFlags,
  skipped: SkippedLines,
): Generator<CallRecord, void> {
  for (const line of readRecordFiles(paths)) {
    skipped.note(line);
    if (line.parsed.kind === 'call' && isSelected(line.parsed.record, flags)) {
      yield line.parsed.record;
    }
  }
}

export interface SelectedCalls {
  /** Sorted by start time, without duplicates. Never empty. */
  readonly records: readonly [CallRecord, ...CallRecord[]];
  readonly skipped: SkippedLines;
}

/** Selected calls are kept in memory, and a record of more calls is too long to read. */
export const MAX_SELECTED = 1_000;

/**
 * Returns the calls that match `flags`, all in memory. Searches them for secrets, because any process may write to a
 * record file.
 *
 * @param predicate what no call does, for the error message if there is no match
 * @throws CliError if a file cannot be read, no call matches, more than {@link MAX_SELECTED} match, or a line may contain
 *   a secret
 */
export function selectCalls(
  paths: readonly string[],
  flags: SelectionFlags,
  redactor: Redactor,
  predicate?: string,
): SelectedCalls {
  const selection = new Selection(flags);
  const skipped = new SkippedLines();
  for (const line of readRecordFiles(paths)) {
    skipped.note(line);
    refuseInvalidCall(line, redactor);
    selection.add(line);
    if (selection.size > MAX_SELECTED) {
      throw new CliError(
        'More than 1,000 calls match, and a record contains at most 1,000. ' +
          'Narrow the selection with --run, --window or --call, or count the calls with records stats.',
      );
    }
  }
  for (const { record, path, line } of selection.found) {
    refuseSecrets(record, redactor, { path, line });
  }
  const records = selection.found.map(({ record }) => record);
  const [first, ...others] = records.sort((a, b) => compare(a.facts.startedAt, b.facts.startedAt));
  if (first === undefined) {
    throw noMatchError(paths, skipped, predicate);
  }
  return { records: [first, ...others], skipped };
}

/** A call record and its place. */
interface FoundCall {
  readonly record: CallRecord;
  readonly path: string;
  readonly line: number;
}

class Selection {
  readonly #flags: SelectionFlags;
  readonly #calls = new Map<string, FoundCall>();
  /** The newest failure. Not in the map: a cleared map keeps its old entries alive for the next collections. */
  #newest: FoundCall | undefined;

  constructor(flags: SelectionFlags) {
    this.#flags = flags;
  }

  get size(): number {
    return this.#calls.size;
  }

  get found(): readonly FoundCall[] {
    return this.#newest === undefined ? [...this.#calls.values()] : [this.#newest];
  }

  add({ parsed, path, line }: RecordLine): void {
    if (parsed.kind !== 'call' || !isSelected(parsed.record, this.#flags)) {
      return;
    }
    const { record } = parsed;
    if (this.#flags.lastFailure === undefined) {
      this.#calls.set(record.facts.callId, { record, path, line });
    } else if (this.#newest === undefined || compare(this.#newest.record.facts.endedAt, record.facts.endedAt) <= 0) {
      this.#newest = { record, path, line };
    }
  }
}

/** A call line with an invalid field is skipped. If it also contains a secret, the user must know about it. */
function refuseInvalidCall({ parsed, text, path, line }: RecordLine, redactor: Redactor): void {
  if (parsed.kind === 'foreign' && parsed.because === 'shape') {
    refuseSecrets(JSON.parse(text), redactor, { path, line });
  }
}

function refuseSecrets(value: unknown, redactor: Redactor, { path, line }: Pick<RecordLine, 'path' | 'line'>): void {
  const [field] = secretFields(value, redactor);
  if (field !== undefined) {
    throw new CliError(`${path}, line ${line}: ${field} may contain a secret. No record was created.`);
  }
}

/** Timestamps of this format sort as text. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
