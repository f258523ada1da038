import type { AnnotationContext } from '../../facts/annotation-context';
import type { CallFacts } from '../../facts/call-facts';
import type { Identifier } from '../../facts/identifier';
import type { Count } from '../../facts/value-types';
import { type RedactionCheck, SCHEMA_VERSION } from '../shared/enums';
import type { RecordEnvironment } from '../shared/envelope';
import { LIBRARY, type LibraryVersion } from '../shared/library';
import type { RecordSource } from '../shared/record-source';

/** One line of a record file: all facts of one call. Other records are built from these facts. */
export interface CallRecord {
  readonly record: 'call';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** UUIDv7. All lines of one writer share the last twelve digits. */
  readonly record_id: Identifier<'id'>;
  /** Counts from 1 per writer. A gap is a lost or withheld line. */
  readonly seq: Count;
  /** The time at which the line was created, UTC. */
  readonly ts: Identifier<'timestamp'>;
  /** The same time on the process's monotonic clock, in milliseconds. */
  readonly mono_ms: number;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment;
  /** Annotation; null if not stated. */
  readonly run_id: Identifier<'name'> | null;
  /** Annotation; null if not stated. */
  readonly workflow: Identifier<'name'> | null;
  readonly facts: CallFacts;
  readonly redaction_check: RedactionCheck;
}

/** The identity and time of a line. */
export interface LineStamp {
  readonly recordId: Identifier<'id'>;
  readonly seq: number;
  readonly ts: Identifier<'timestamp'>;
  readonly monoMs: number;
}

/** Builds a call record. It contains the facts unchanged, so `JSON.parse(line).facts` equals them. */
export function callRecord(
  facts: CallFacts,
  stamp: LineStamp,
  source: RecordSource,
  annotations: Omit<AnnotationContext, 'docsChecked'>,
  redactionCheck: RedactionCheck,
): CallRecord {
  return {
    record: 'call',
    schema_version: SCHEMA_VERSION,
    record_id: stamp.recordId,
    seq: stamp.seq,
    ts: stamp.ts,
    mono_ms: stamp.monoMs,
    library: source.library ?? LIBRARY,
    environment: environmentOf(source, facts.upstream, annotations.environmentName ?? null),
    run_id: annotations.runId ?? null,
    workflow: annotations.workflow ?? null,
    facts,
    redaction_check: redactionCheck,
  };
}

function environmentOf(
  source: RecordSource,
  upstream: RecordEnvironment['upstream'],
  name: RecordEnvironment['name'],
): RecordEnvironment {
  const { runtime = null, os = null, sdks = [] } = source;
  return { upstream, name, runtime, os, sdks };
}
