import { createRedactor, type Redactor } from '../../facts/redaction/redactor';
import type { CallRecord } from '../../records/call-line/call-record';
import type { RecordKind } from '../../records/shared/enums';
import { LIBRARY } from '../../records/shared/library';
import { type RecordLine, readRecordFiles } from './read-record-files';
import { RecordProblems } from './record-problems';
import { schemaViolations } from './schema-violations';
import { hasSecretShape, secretFields } from './secret-fields';
import { SequenceCheck } from './sequence-check';

export interface VerifiedRecords {
  readonly calls: number;
  readonly otherRecords: number;
  /** Calls whose lines say that no secret was known when they were written. */
  readonly notChecked: number;
  readonly problems: RecordProblems;
}

/**
 * Checks record files: the schema of each record, line numbers, and secrets. Finds the secrets of `redactor` by value and
 * all others by shape.
 *
 * @throws CliError if a file cannot be read
 */
export function verifyRecords(paths: readonly string[], redactor: Redactor): VerifiedRecords {
  const verification = new Verification(redactor);
  const empty = new Set(paths);
  for (const line of readRecordFiles(paths)) {
    empty.delete(line.path);
    verification.check(line);
  }
  return verification.finish([...empty]);
}

class Verification {
  readonly #redactor: Redactor;
  readonly #shapes = createRedactor();
  readonly #sequence = new SequenceCheck();
  readonly #problems = new RecordProblems();
  #calls = 0;
  #otherRecords = 0;
  #notChecked = 0;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  check(line: RecordLine): void {
    const { parsed, text } = line;
    switch (parsed.kind) {
      case 'call':
        this.#checkCall(parsed.record, line);
        return;
      case 'other_record':
        this.#otherRecords++;
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
    const isSearchable = parsed.kind !== 'foreign' || parsed.because !== 'too_long';
    if (this.#redactor.containsSecret(text) || (isSearchable && this.#shapes.looksSensitive(text))) {
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

  #checkCall(record: CallRecord, line: RecordLine): void {
    this.#calls++;
    this.#notChecked += record.redaction_check === 'not_checked' ? 1 : 0;
    const { record_id: recordId, seq } = record;
    if (this.#sequence.isRepeated({ recordId, seq }, line)) {
      this.#problems.add('duplicate', line, `number ${seq}`);
    }
    const isValid = this.#checkSchema('call', record, line);
    const hasActiveSecret = this.#redactor.secretCount > 0 && this.#redactor.containsSecret(line.text);
    // A valid record has only field names of ours, so searching its values is enough.
    if (!isValid || hasActiveSecret || hasSecretShape(record, this.#shapes)) {
      this.#nameSecrets(record, hasActiveSecret, line);
    }
  }

  /** Naming fields costs ten times as much as searching their values, so it runs only if there may be a secret. */
  #nameSecrets(record: CallRecord, hasActiveSecret: boolean, line: RecordLine): void {
    const known = secretFields(record, this.#shapes);
    if (known.length > 0 || hasActiveSecret) {
      const fields = known.length > 0 ? known : secretFields(record, this.#redactor);
      this.#problems.add('secret', line, fields.slice(0, 5).join(', ') || 'somewhere in the line');
    }
  }

  #checkSchema(kind: RecordKind, record: unknown, line: RecordLine): boolean {
    const fields = schemaViolations(kind, record);
    if (fields.length > 0) {
      const isThisVersion = versionOf(record) === LIBRARY.version;
      this.#problems.add(isThisVersion ? 'schema' : 'schema_of_other_version', line, fields.slice(0, 5).join(', '));
    }
    return fields.length === 0;
  }
}

function versionOf(record: unknown): unknown {
  const library: unknown = typeof record === 'object' && record !== null && Reflect.get(record, 'library');
  return typeof library === 'object' && library !== null ? Reflect.get(library, 'version') : undefined;
}
