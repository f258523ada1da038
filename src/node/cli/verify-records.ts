import { createSecretGuard, type SecretGuard } from '../../facts/secret-guard';
import type { CallRecord } from '../../records/call-record';
import { LIBRARY } from '../../records/library';
import type { RecordKind } from '../../records/values';
import { misfits } from './misfits';
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
        // It was parsed when the line was read.
        this.#checkSchema(parsed.record, JSON.parse(text), line);
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
    const fits = this.#checkSchema('call', record, line);
    const known = fits && !this.#search.finds(record) ? [] : secretFields(record, this.#shapes);
    if (known.length > 0 || this.#guard.holds(line.text)) {
      const fields = known.length > 0 ? known : secretFields(record, this.#guard);
      this.#problems.add('secret', line, fields.slice(0, 5).join(', ') || 'somewhere in the line');
    }
  }

  /** @returns whether it fits */
  #checkSchema(kind: RecordKind, record: unknown, line: RecordLine): boolean {
    const fields = misfits(kind, record);
    if (fields.length > 0) {
      const isOurs = versionOf(record) === LIBRARY.version;
      this.#problems.add(isOurs ? 'schema' : 'schema_of_other_version', line, fields.slice(0, 5).join(', '));
    }
    return fields.length === 0;
  }
}

function versionOf(record: unknown): unknown {
  const library: unknown = typeof record === 'object' && record !== null && Reflect.get(record, 'library');
  return typeof library === 'object' && library !== null ? Reflect.get(library, 'version') : undefined;
}
