import { createRedactor, type Redactor } from '../../facts/redaction/redactor';
import type { CallRecord } from '../../records/call-line/call-record';
import type { RecordKind } from '../../records/shared/enums';
import { LIBRARY } from '../../records/shared/library';
import type { CallLine } from './call-line';
import { type RecordLine, readRecordFiles } from './read-record-files';
import { RecordProblems } from './record-problems';
import { schemaViolations } from './schema-violations';
import { secretFields } from './secret-fields';
import { SequenceCheck } from './sequence-check';

export interface VerifiedRecords {
  readonly calls: number;
  readonly otherRecords: number;
  /** Calls whose own lines say that no secret was known when they were written. */
  readonly notChecked: number;
  readonly problems: RecordProblems;
}

/**
 * Looks through record files: shape, numbers, and secrets, by value of those that `redactor` knows and by shape.
 *
 * @throws CliError when a file cannot be read
 */
export function verifyRecords(paths: readonly string[], redactor: Redactor): VerifiedRecords {
  const verification = new Verification(redactor);
  const empty = new Set(paths);
  for (const line of readRecordFiles(paths)) {
    empty.delete(line.path);
    verification.look(line);
  }
  return verification.finish([...empty]);
}

class Verification {
  readonly #guard: Redactor;
  readonly #shapes = createRedactor();
  readonly #sequence = new SequenceCheck();
  readonly #problems = new RecordProblems();
  #calls = 0;
  #otherRecords = 0;
  #notChecked = 0;

  constructor(redactor: Redactor) {
    this.#guard = redactor;
  }

  look(line: RecordLine): void {
    const { parsed } = line;
    switch (parsed.kind) {
      case 'call':
      case 'odd_call':
        this.#lookAtCall(parsed.call, line);
        return;
      case 'other_record':
        this.#otherRecords++;
        // It was parsed when the line was read.
        this.#checkSchema(parsed.record, JSON.parse(line.text()), line);
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
    if (this.#guard.containsSecret(line.text()) || (isLookedThrough && this.#shapes.looksSensitive(line.text()))) {
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

  #lookAtCall(call: CallLine, line: RecordLine): void {
    this.#calls++;
    this.#notChecked += call.like.redaction_check === 'not_checked' ? 1 : 0;
    const seq = call.number('seq') ?? 0;
    if (this.#sequence.isRepeated({ recordId: call.text('record_id') ?? '', seq }, line)) {
      this.#problems.add('duplicate', line, `number ${seq}`);
    }
    this.#lookThrough(call.record, this.#guard.secretCount > 0 && this.#guard.containsSecret(line.text()), line);
  }

  /** Tells what is wrong with a call, field by field. */
  #lookThrough(record: CallRecord, containsActiveSecret: boolean, line: RecordLine): void {
    this.#checkSchema('call', record, line);
    const known = secretFields(record, this.#shapes);
    if (known.length > 0 || containsActiveSecret) {
      const fields = known.length > 0 ? known : secretFields(record, this.#guard);
      this.#problems.add('secret', line, fields.slice(0, 5).join(', ') || 'somewhere in the line');
    }
  }

  #checkSchema(kind: RecordKind, record: unknown, line: RecordLine): void {
    const fields = schemaViolations(kind, record);
    if (fields.length > 0) {
      const isOurs = versionOf(record) === LIBRARY.version;
      this.#problems.add(isOurs ? 'schema' : 'schema_of_other_version', line, fields.slice(0, 5).join(', '));
    }
  }
}

function versionOf(record: unknown): unknown {
  const library: unknown = typeof record === 'object' && record !== null && Reflect.get(record, 'library');
  return typeof library === 'object' && library !== null ? Reflect.get(library, 'version') : undefined;
}
