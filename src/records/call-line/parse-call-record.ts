import type { Annotations } from '../shared/annotations';
import { type RecordKind, SCHEMA_VERSION } from '../shared/enums';
import type { RecordSource } from '../shared/record-source';
import { MAX_RECORD_BYTES } from '../shared/serialize';
import { upgradeRecord } from '../shared/upgrade-record';
import type { CallRecord } from './call-record';
import { isCallRecord } from './is-call-record';
import { isPlainValue } from './plain-text';

/** The result of parsing one line of a record file. */
export type ParsedLine =
  | { readonly kind: 'call'; readonly record: CallRecord }
  /** A cometapi-otel record of another kind. */
  | { readonly kind: 'other_record'; readonly record: Exclude<RecordKind, 'call'> }
  /** A cut-off line, or two writes in one line: a process was killed while it wrote. */
  | { readonly kind: 'torn' }
  /** Valid JSON, but not a record of this library or schema version, or it contains values that cannot be facts. */
  | { readonly kind: 'foreign'; readonly because: ForeignReason }
  | { readonly kind: 'blank' };

export type ForeignReason = 'too_long' | 'not_an_object' | 'unknown_record' | 'unknown_schema_version' | 'shape';

type Json = Readonly<Record<string, unknown>>;

const OTHER_RECORDS: readonly unknown[] = [
  'usage_trace',
  'retry_evidence',
  'incident_packet',
  'incident_timeline',
  'contract_ledger',
  'run_card',
];

/**
 * Parses one line. Never throws. Checks the facts again, because any program can write to the file.
 *
 * @param isPlain the result of `isPlainJson` for `line`, if the caller knows it
 */
export function parseCallRecord(line: string, isPlain = false): ParsedLine {
  const text = line.trim();
  if (text === '') {
    return { kind: 'blank' };
  }
  if (text.length > MAX_RECORD_BYTES) {
    return { kind: 'foreign', because: 'too_long' };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'torn' };
  }
  return classifyRecord(isObject(value) ? upgradeRecord(value) : value, isPlain);
}

function classifyRecord(value: unknown, isPlain: boolean): ParsedLine {
  if (!isObject(value)) {
    // The tail of a torn line can be a valid JSON value such as a number.
    return { kind: 'foreign', because: 'not_an_object' };
  }
  const kind = value['record'];
  if (kind !== 'call' && !isOtherRecord(kind)) {
    return { kind: 'foreign', because: 'unknown_record' };
  }
  if (value['schema_version'] !== SCHEMA_VERSION) {
    return { kind: 'foreign', because: 'unknown_schema_version' };
  }
  if (kind !== 'call') {
    return { kind: 'other_record', record: kind };
  }
  return (isPlain || isPlainValue(value)) && isCallRecord(value)
    ? { kind: 'call', record: value }
    : { kind: 'foreign', because: 'shape' };
}

function isOtherRecord(kind: unknown): kind is Exclude<RecordKind, 'call'> {
  return OTHER_RECORDS.includes(kind);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the context of a line. With it, a builder creates the same record as from the live call. */
export function contextOfLine(record: CallRecord): {
  readonly annotations: Annotations;
  readonly source: RecordSource;
} {
  const { library, environment } = record;
  return {
    annotations: {
      runId: record.run_id ?? undefined,
      workflow: record.workflow ?? undefined,
      environmentName: environment.name ?? undefined,
    },
    source: {
      library,
      runtime: environment.runtime ?? undefined,
      os: environment.os ?? undefined,
      sdks: environment.sdks,
    },
  };
}
