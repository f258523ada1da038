import { createSecretGuard, type SecretGuard } from '../../facts/secret-guard';
import type { CallRecord } from '../../records/call-record';
import { type RecordLine, readRecordFiles } from './read-record-files';
import { RecordProblems } from './record-problems';
import { secretFields } from './secret-fields';
import { SecretSearch } from './secret-search';
import { SequenceCheck } from './sequence-check';

export interface VerifiedRecords {
  readonly calls: number;
  readonly otherRecords: number;
  /** Calls whose own lines say that no secret was known when they were written. */
  readonly notChecked: number;
  readonly problems: RecordProblems;
}

const FIELDS: ReadonlySet<string> = new Set<keyof CallRecord>([
  'record',
  'schema_version',
  'record_id',
  'seq',
  'ts',
  'mono_ms',
  'library',
  'environment',
  'run_id',
  'workflow',
  'facts',
  'redaction_check',
]);

/**
 * Looks through record files: shape, numbers, and secrets, by value of those that `guard` knows and by shape.
 *
 * @throws CliError when a file cannot be read
 */
export async function verifyRecords(paths: readonly string[], guard: SecretGuard): Promise<VerifiedRecords> {
  const verification = new Verification(guard);
  const empty = new Set(paths);
  for await (const lines of readRecordFiles(paths)) {
    for (const line of lines) {
      empty.delete(line.path);
      verification.look(line);
    }
  }
  return verification.finish([...empty]);
}

class Verification {
  readonly #guard: SecretGuard;
  readonly #shapes = createSecretGuard();
  readonly #search = new SecretSearch(this.#shapes);
  readonly #sequence = new SequenceCheck();
  readonly #problems = new RecordProblems();
  #calls = 0;
  #otherRecords = 0;
  #notChecked = 0;

  constructor(guard: SecretGuard) {
    this.#guard = guard;
  }

  look(line: RecordLine): void {
    const { parsed, text } = line;
    switch (parsed.kind) {
      case 'call':
        this.#lookAtCall(parsed.record, line);
        return;
      case 'other_record':
        this.#otherRecords++;
        break;
      case 'torn':
        this.#problems.add('torn', line);
        break;
      case 'foreign':
        this.#problems.add(parsed.because, line);
        break;
      case 'blank':
        return;
    }
    const isLookedThrough = parsed.kind !== 'foreign' || parsed.because !== 'too_long';
    if (this.#guard.holds(text) || (isLookedThrough && this.#shapes.refuses(text))) {
      this.#problems.add('secret', line, 'somewhere in the line');
    }
  }

  finish(empty: readonly string[]): VerifiedRecords {
    for (const gap of this.#sequence.gaps()) {
      this.#problems.add('gap', gap, `numbers ${gap.from} to ${gap.to}`);
    }
    for (const late of this.#sequence.lateStarts()) {
      this.#problems.add('starts_late', late, `numbers ${late.from} to ${late.to}`);
    }
    for (const path of empty) {
      this.#problems.add('no_record', { path, line: 0 });
    }
    return {
      calls: this.#calls,
      otherRecords: this.#otherRecords,
      notChecked: this.#notChecked,
      problems: this.#problems,
    };
  }

  #lookAtCall(record: CallRecord, line: RecordLine): void {
    this.#calls++;
    this.#notChecked += record.redaction_check === 'not_checked' ? 1 : 0;
    if (this.#sequence.isRepeated(record, line)) {
      this.#problems.add('duplicate', line, `number ${record.seq}`);
    }
    const unknown = Object.keys(record).filter((name) => !FIELDS.has(name)).length;
    if (unknown > 0) {
      // Its name may be anything, so it is not repeated.
      this.#problems.add('unknown_field', line, `${unknown} of them`);
    }
    if (this.#guard.holds(line.text) || this.#search.finds(record)) {
      const known = secretFields(record, this.#shapes);
      const fields = known.length > 0 ? known : secretFields(record, this.#guard);
      this.#problems.add('secret', line, fields.slice(0, 5).join(', ') || 'somewhere in the line');
    }
  }
}
