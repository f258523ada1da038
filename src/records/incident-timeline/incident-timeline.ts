import type { CallFacts } from '../../facts/call-facts';
import type { EndpointFamily } from '../../facts/endpoints';
import type { Identifier } from '../../facts/identifier';
import { createRedactor } from '../../facts/redaction/redactor';
import type { Count } from '../../facts/value-types';
import {
  type Annotations,
  type AnnotationText,
  type CheckedAnnotations,
  type CheckedDocumentation,
  checkAnnotations,
  nameIdentifier,
} from '../shared/annotations';
import {
  NOT_ASSERTED,
  type NotAsserted,
  type RedactionCheck,
  type ResultClass,
  SCHEMA_VERSION,
  type Uncertainty,
} from '../shared/enums';
import { type Handoff, type RecordEnvironment, type RecordedSettings, recordEnvelope } from '../shared/envelope';
import type { LibraryVersion } from '../shared/library';
import { outcomeOf, worstOf } from '../shared/outcome';
import type { RecordContext } from '../shared/record-source';
import type { Draft } from '../shared/seal-record';
import { uncertaintyOfAnnotations, uncertaintyOfFacts, uncertaintyOfRedaction } from '../shared/uncertainty';
import { type TimelineEvent, timelineEvents } from './timeline-events';

/** Decisions that an operator can annotate. The library itself only retries and never falls back. */
export const FALLBACK_DECISIONS = ['retry', 'fallback', 'abort', 'degrade'] as const;
export type FallbackDecision = (typeof FALLBACK_DECISIONS)[number];

export interface TimelineAnnotations extends Annotations {
  readonly incidentId?: string | undefined;
  readonly fallbackDecision?: FallbackDecision | undefined;
}

/** Claims that a timeline never makes. */
const TIMELINE_NOT_ASSERTED = [...NOT_ASSERTED, 'root_cause'] as const;

/** The requests, waits and endings of an incident, in order. */
export interface IncidentTimeline {
  readonly record: 'incident_timeline';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** Operator annotation. */
  readonly incident_id: Identifier<'name'> | null;
  /** End of the last call. */
  readonly recorded_at_utc: Identifier<'timestamp'>;
  /**
   * `FROM/TO`: the times of the first and the last event.
   *
   * @maxLength 64
   */
  readonly window_utc: string;
  readonly workflow: Identifier<'name'> | null;
  readonly run_id: Identifier<'name'> | null;
  readonly endpoint_families: readonly EndpointFamily[];
  readonly call_count: Count;
  readonly failed_call_count: Count;
  /** Attempts of all calls. */
  readonly attempt_count: Count;
  readonly retry_count: Count;
  /** Attempts that the server may have processed although another attempt followed. */
  readonly maybe_sent_twice_count: Count;
  /** Operator annotation. The library never falls back to another model or endpoint. */
  readonly fallback_decision: FallbackDecision | 'not_stated';
  /** Operator annotation, redacted. */
  readonly notes: AnnotationText | null;
  readonly events: readonly TimelineEvent[];
  readonly not_asserted: readonly (NotAsserted | 'root_cause')[];
  readonly sources: readonly CheckedDocumentation[];
  readonly evidence: CheckedAnnotations['evidence'];
  readonly redaction_check: RedactionCheck;
  readonly call_ids: readonly Identifier<'id'>[];
  readonly trace_id: Identifier<'id'> | null;
  readonly span_id: Identifier<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment & { readonly settings: RecordedSettings };
  readonly handoff: Handoff<ResultClass, Uncertainty>;
}

/**
 * Builds the draft of a timeline. `sealRecord` scans the draft and sets `redaction_check`.
 *
 * @throws RangeError if `calls` is empty
 */
export function draftIncidentTimeline(
  calls: readonly CallFacts[],
  annotations: TimelineAnnotations = {},
  context: RecordContext = {},
): Draft<IncidentTimeline> {
  const [first, ...others] = calls;
  if (first === undefined) {
    throw new RangeError('An incident timeline needs at least one call. Pass the `CallFacts` of the calls.');
  }
  const redactor = context.redactor ?? createRedactor();
  const stated = checkAnnotations(annotations, redactor);
  const incidentId = nameIdentifier(annotations.incidentId, redactor);
  const dropped = stated.dropped || (incidentId === undefined && annotations.incidentId !== undefined);
  const observed = timelineFacts([first, ...others], context);
  return (redactionCheck) =>
    buildIncidentTimeline(
      observed,
      { ...stated, dropped },
      incidentId ?? null,
      decisionOf(annotations.fallbackDecision),
      redactionCheck,
    );
}

type Calls = readonly [CallFacts, ...CallFacts[]];

/** Returns the part of a timeline that comes from facts. */
function timelineFacts(calls: Calls, context: RecordContext) {
  const envelope = recordEnvelope(calls, context.source ?? {});
  const outcomes = calls.map((call) => outcomeOf(call));
  const events = timelineEvents(calls);
  const attempts = calls.flatMap((call) => call.attempts);
  const [first = calls[0].startedAt, last = calls[0].endedAt] = [events[0]?.at, events.at(-1)?.at];
  return {
    envelope,
    events,
    window: `${first}/${last}`,
    lastEndedAt:
      calls
        .map((call) => call.endedAt)
        .sort()
        .at(-1) ?? calls[0].endedAt,
    families: [...new Set(calls.map((call) => call.family))].sort(),
    callCount: calls.length,
    failedCallCount: calls.filter((call) => call.ending === 'failed').length,
    attemptCount: attempts.length,
    retryCount: calls.reduce((sum, call) => sum + Math.max(0, call.attempts.length - 1), 0),
    maybeSentTwiceCount: attempts.filter((attempt) => attempt.maybeSentTwice).length,
    outcome: worstOf(outcomes),
    uncertainty: uncertaintyOfFacts(calls, envelope, outcomes),
  };
}

/** Combines facts, annotations and the result of the scan. Each field has exactly one of these sources. */
function buildIncidentTimeline(
  observed: ReturnType<typeof timelineFacts>,
  stated: CheckedAnnotations,
  incidentId: Identifier<'name'> | null,
  fallbackDecision: IncidentTimeline['fallback_decision'],
  redactionCheck: RedactionCheck,
): IncidentTimeline {
  const { envelope } = observed;
  return {
    record: 'incident_timeline',
    schema_version: SCHEMA_VERSION,
    incident_id: incidentId,
    recorded_at_utc: observed.lastEndedAt,
    window_utc: observed.window,
    workflow: stated.workflow,
    run_id: stated.runId,
    endpoint_families: observed.families,
    call_count: observed.callCount,
    failed_call_count: observed.failedCallCount,
    attempt_count: observed.attemptCount,
    retry_count: observed.retryCount,
    maybe_sent_twice_count: observed.maybeSentTwiceCount,
    fallback_decision: fallbackDecision,
    notes: stated.notes,
    events: observed.events,
    not_asserted: TIMELINE_NOT_ASSERTED,
    sources: stated.docs,
    evidence: stated.evidence,
    redaction_check: redactionCheck,
    call_ids: envelope.call_ids,
    trace_id: envelope.trace_id,
    span_id: envelope.span_id,
    library: envelope.library,
    environment: {
      upstream: envelope.upstream,
      name: stated.environmentName,
      runtime: envelope.runtime,
      os: envelope.os,
      sdks: envelope.sdks,
      settings: envelope.settings,
    },
    handoff: {
      command_label: stated.commandLabel,
      result: observed.outcome.resultClass,
      changed_files: stated.changedFiles,
      remaining_uncertainty: [
        ...observed.uncertainty,
        ...uncertaintyOfAnnotations(stated),
        ...uncertaintyOfRedaction(redactionCheck),
      ],
    },
  };
}

function decisionOf(decision: unknown): IncidentTimeline['fallback_decision'] {
  return FALLBACK_DECISIONS.find((known) => known === decision) ?? 'not_stated';
}
