import type { CallFacts, SettingsFacts } from '../../facts/call-facts';
import type { Upstream } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import type { Count, Milliseconds } from '../../facts/value-types';
import type { AnnotationText, CheckedAnnotations } from './annotations';
import { LIBRARY, type LibraryVersion } from './library';
import type { OsFamily, RecordSource, RuntimeVersion, SdkVersion } from './record-source';

/** The fields that all records about calls share. */
export interface RecordEnvelope {
  readonly library: LibraryVersion;
  readonly call_ids: readonly Identifier<'id'>[];
  /** Set if all calls share one trace. */
  readonly trace_id: Identifier<'id'> | null;
  /** Set if the record is about one call and that call has a span. */
  readonly span_id: Identifier<'id'> | null;
  readonly upstream: Upstream;
  readonly runtime: RuntimeVersion | null;
  readonly os: OsFamily | null;
  readonly sdks: readonly SdkVersion[];
  readonly settings: RecordedSettings;
  readonly settingsDiffer: boolean;
}

/** The environment of a record's calls. */
export interface RecordEnvironment {
  readonly upstream: Upstream;
  /** Annotation: local, staging, production or ci. */
  readonly name: Identifier<'name'> | null;
  readonly runtime: RuntimeVersion | null;
  readonly os: OsFamily | null;
  readonly sdks: readonly SdkVersion[];
}

/** The information that the next person needs to take over. */
export interface Handoff<Result extends string, Uncertain extends string> {
  readonly command_label: AnnotationText | null;
  readonly result: Result;
  readonly changed_files: CheckedAnnotations['changedFiles'];
  readonly remaining_uncertainty: readonly Uncertain[];
}

/** The settings in force, without secrets. */
export interface RecordedSettings {
  readonly max_attempts: Count;
  readonly retry: SettingsFacts['retry'];
  readonly header_timeout_ms: Milliseconds;
  readonly deadline_ms: Milliseconds;
  readonly idle_timeout_ms: Milliseconds;
  readonly max_stream_ms: Milliseconds;
  readonly max_retry_after_ms: Milliseconds;
  readonly backoff_base_ms: Milliseconds;
  readonly backoff_cap_ms: Milliseconds;
  readonly retry_budget: boolean;
  readonly max_connections: Count;
  readonly transport: SettingsFacts['transport'];
  readonly telemetry: boolean;
  readonly propagate: boolean;
  readonly openai_compatible: boolean;
}

/** Builds the shared fields from facts only. Annotations cannot change them. */
export function recordEnvelope(calls: readonly [CallFacts, ...CallFacts[]], source: RecordSource): RecordEnvelope {
  const [first, ...others] = calls;
  const settings = recordedSettings(first.settings);
  const isSameTrace = others.every((call) => call.traceId === first.traceId);
  return {
    library: source.library ?? LIBRARY,
    call_ids: calls.map((call) => call.callId),
    trace_id: (isSameTrace ? first.traceId : undefined) ?? null,
    span_id: (others.length === 0 ? first.spanId : undefined) ?? null,
    upstream: upstreamOf(calls),
    runtime: source.runtime ?? null,
    os: source.os ?? null,
    sdks: source.sdks ?? [],
    settings,
    settingsDiffer: others.some((call) => JSON.stringify(recordedSettings(call.settings)) !== JSON.stringify(settings)),
  };
}

/** Returns `simulator` if any call used it, so that no record claims simulator calls as CometAPI calls. */
function upstreamOf(calls: readonly CallFacts[]): Upstream {
  const upstreams = new Set(calls.map((call) => call.upstream));
  const leastReal = (['simulator', 'other'] as const).find((upstream) => upstreams.has(upstream));
  return leastReal ?? 'cometapi';
}

export function recordedSettings(settings: SettingsFacts): RecordedSettings {
  return {
    max_attempts: settings.maxAttempts,
    retry: settings.retry,
    header_timeout_ms: settings.headerTimeoutMs,
    deadline_ms: settings.deadlineMs,
    idle_timeout_ms: settings.idleTimeoutMs,
    max_stream_ms: settings.maxStreamMs,
    max_retry_after_ms: settings.maxRetryAfterMs,
    backoff_base_ms: settings.backoffBaseMs,
    backoff_cap_ms: settings.backoffCapMs,
    retry_budget: settings.retryBudget,
    max_connections: settings.maxConnections,
    transport: settings.transport,
    telemetry: settings.telemetry,
    propagate: settings.propagate,
    openai_compatible: settings.openaiCompatible,
  };
}
