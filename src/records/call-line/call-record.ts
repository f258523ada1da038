import type { DeclaredContext } from '../../facts/annotation-context';
import type { CallFacts } from '../../facts/call-facts';
import type { Label } from '../../facts/identifier';
import { type RedactionCheck, SCHEMA_VERSION } from '../shared/enums';
import type { RecordEnvironment } from '../shared/envelope';
import { LIBRARY, type LibraryVersion } from '../shared/library';
import type { RecordSource } from '../shared/record-source';

/** One line of a record file: all facts of one call. Other records are built from these facts. */
export interface CallRecord {
  readonly record: 'call';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** UUIDv7. All lines of one writer share the last twelve digits. */
  readonly record_id: Label<'id'>;
  /** Counts from 1 per writer. A gap is a lost or withheld line. */
  readonly seq: number;
  /** The time at which the line was created, UTC. */
  readonly ts: Label<'timestamp'>;
  /** The same time on the process's monotonic clock, in milliseconds. */
  readonly mono_ms: number;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment;
  /** Annotation; null if not stated. */
  readonly run_id: Label<'name'> | null;
  /** Annotation; null if not stated. */
  readonly workflow: Label<'name'> | null;
  readonly facts: CallFacts;
  readonly redaction_check: RedactionCheck;
}

/** The identity and time of a line. */
export interface LineStamp {
  readonly recordId: Label<'id'>;
  readonly seq: number;
  readonly ts: Label<'timestamp'>;
  readonly monoMs: number;
}

/** Builds a call record. It contains the facts unchanged, so `JSON.parse(line).facts` equals them. */
export function callRecord(
  facts: CallFacts,
  stamp: LineStamp,
  source: RecordSource,
  declared: Omit<DeclaredContext, 'docsChecked'>,
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
    environment: environmentOf(source, facts.upstream, declared.environmentName ?? null),
    run_id: declared.runId ?? null,
    workflow: declared.workflow ?? null,
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
