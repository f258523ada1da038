import { FAMILIES } from '../../facts/endpoints';
import type { Annotations } from '../shared/annotations';
import { isErrorCategory, type RecordKind, SCHEMA_VERSION } from '../shared/enums';
import { holdsOnlyFacts } from '../shared/fact-leaves';
import type { RecordSource } from '../shared/record-source';
import { MAX_RECORD_BYTES } from '../shared/serialize';
import { upgradeRecord } from '../shared/upgrade-record';
import type { CallRecord } from './call-record';

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
type Shape = readonly (readonly [name: string, type: 'string' | 'number' | 'boolean' | 'object'])[];

const OTHER_RECORDS: readonly unknown[] = [
  'usage_trace',
  'retry_evidence',
  'incident_packet',
  'incident_timeline',
  'contract_ledger',
  'run_card',
];

const RECORD_SHAPE: Shape = [
  ['record_id', 'string'],
  ['seq', 'number'],
  ['ts', 'string'],
  ['mono_ms', 'number'],
  ['library', 'object'],
  ['environment', 'object'],
  ['facts', 'object'],
  ['redaction_check', 'string'],
];

const FACTS_SHAPE: Shape = [
  ['callId', 'string'],
  ['startedAt', 'string'],
  ['endedAt', 'string'],
  ['durationMs', 'number'],
  ['family', 'string'],
  ['method', 'string'],
  ['routeTemplate', 'string'],
  ['upstream', 'string'],
  ['serverAddress', 'string'],
  ['serverPort', 'number'],
  ['urlFull', 'string'],
  ['stream', 'boolean'],
  ['request', 'object'],
  ['settings', 'object'],
  ['outerRetryCount', 'number'],
  ['entryPoint', 'string'],
  ['attributes', 'object'],
  ['droppedAttributes', 'number'],
  ['attempts', 'object'],
  ['ending', 'string'],
  ['endingReason', 'string'],
  ['category', 'string'],
  ['phase', 'string'],
  ['maybeSentTwice', 'boolean'],
];

const ATTEMPT_SHAPE: Shape = [
  ['index', 'number'],
  ['startOffsetMs', 'number'],
  ['durationMs', 'number'],
  ['category', 'string'],
  ['phase', 'string'],
  ['decision', 'string'],
  ['because', 'string'],
  ['maybeSentTwice', 'boolean'],
];

/** A UTC timestamp that `Date.parse` accepts. The pattern is cheaper than calling `Date.parse` twice per line. */
const MOMENT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{3})?Z$/;
const ENDINGS: readonly unknown[] = ['completed', 'failed', 'cancelled', 'abandoned'];
const UPSTREAMS: readonly unknown[] = ['cometapi', 'simulator', 'other'];

/** Parses one line. Never throws. Checks the facts again, because any program can write to the file. */
export function parseCallRecord(line: string): ParsedLine {
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
  return classifyRecord(isObject(value) ? upgradeRecord(value) : value);
}

function classifyRecord(value: unknown): ParsedLine {
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
  return isCallRecord(value) ? { kind: 'call', record: value } : { kind: 'foreign', because: 'shape' };
}

function isOtherRecord(kind: unknown): kind is Exclude<RecordKind, 'call'> {
  return OTHER_RECORDS.includes(kind);
}

/** Checks what builders rely on: the shape, the enum values they look up, and that no value could be prose. */
function isCallRecord(value: unknown): value is CallRecord {
  if (!isObject(value) || !has(value, RECORD_SHAPE)) {
    return false;
  }
  const { facts, environment, library, run_id: runId, workflow } = value;
  return isFacts(facts) && isEnvironment(environment) && isLibrary(library) && isKnown(runId) && isKnown(workflow);
}

function isFacts(facts: unknown): boolean {
  return (
    isObject(facts) &&
    has(facts, FACTS_SHAPE) &&
    holdsOnlyFacts(facts) &&
    isMoment(facts['startedAt']) &&
    isMoment(facts['endedAt']) &&
    ENDINGS.includes(facts['ending']) &&
    UPSTREAMS.includes(facts['upstream']) &&
    isErrorCategory(facts['category']) &&
    Object.hasOwn(FAMILIES, String(facts['family'])) &&
    isListOf(facts['attempts'], isAttempt) &&
    isListOf(facts['attributes'], isAttribute)
  );
}

/** True if `value` is a UTC timestamp. Builders calculate with these. */
export function isMoment(value: unknown): boolean {
  return typeof value === 'string' && MOMENT.test(value);
}

function isLibrary(library: unknown): boolean {
  return (
    isObject(library) &&
    typeof library['name'] === 'string' &&
    typeof library['version'] === 'string' &&
    holdsOnlyFacts(library)
  );
}

function isEnvironment(environment: unknown): boolean {
  if (!isObject(environment) || !UPSTREAMS.includes(environment['upstream'])) {
    return false;
  }
  return Array.isArray(environment['sdks']) && Object.values(environment).every(isKnown);
}

/** `null` means not stated. */
function isKnown(value: unknown): boolean {
  return value === null || holdsOnlyFacts(value);
}

function isListOf(value: unknown, isEntry: (entry: Json) => boolean): boolean {
  if (!Array.isArray(value)) {
    return false;
  }
  for (const entry of value) {
    if (!isObject(entry) || !isEntry(entry)) {
      return false;
    }
  }
  return true;
}

function isAttempt(attempt: Json): boolean {
  return has(attempt, ATTEMPT_SHAPE) && isErrorCategory(attempt['category']);
}

function isAttribute(attribute: Json): boolean {
  return typeof attribute['name'] === 'string';
}

/** A loop, because it checks about sixty fields of every line. */
function has(value: Json, shape: Shape): boolean {
  for (const [name, type] of shape) {
    const field = value[name];
    if (typeof field !== type || field === null) {
      return false;
    }
  }
  return true;
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
