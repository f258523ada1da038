import type { CallFacts } from '../facts/call-facts';
import type { DeclaredContext } from '../facts/declared';
import type { Label } from '../facts/label';
import type { RecordEnvironment } from './envelope';
import { LIBRARY, type LibraryVersion } from './library';
import type { RecordSource } from './record-source';
import { type RedactionCheck, SCHEMA_VERSION } from './values';

/** One line of a record file: all that is known of one call, without loss. Every other record is a projection of it. */
export interface CallRecord {
  readonly record: 'call';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** UUIDv7; its last twelve digits are the same for all lines of one writer. */
  readonly record_id: Label<'id'>;
  /** From 1, per writer: a gap is a lost line. */
  readonly seq: number;
  /** When the line was made, UTC. */
  readonly ts: Label<'timestamp'>;
  /** The same moment on the process's monotonic clock. */
  readonly mono_ms: number;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment;
  /** Declared. */
  readonly run_id: Label<'name'> | null;
  /** Declared. */
  readonly workflow: Label<'name'> | null;
  readonly facts: CallFacts;
  readonly redaction_check: RedactionCheck;
}

/** Which line it is. */
export interface LineStamp {
  readonly recordId: Label<'id'>;
  readonly seq: number;
  readonly ts: Label<'timestamp'>;
  readonly monoMs: number;
}

/** The facts go in as they are: `JSON.parse(line).facts` equals the live ones. */
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

/** The environment of the last line with the same source; a process has one, or a few. */
const lastEnvironment = new WeakMap<RecordSource, RecordEnvironment>();

function environmentOf(
  source: RecordSource,
  upstream: RecordEnvironment['upstream'],
  name: RecordEnvironment['name'],
): RecordEnvironment {
  const last = lastEnvironment.get(source);
  if (last?.upstream === upstream && last.name === name) {
    return last;
  }
  const { runtime = null, os = null, sdks = [] } = source;
  const environment = Object.freeze({ upstream, name, runtime, os, sdks });
  lastEnvironment.set(source, environment);
  return environment;
}
