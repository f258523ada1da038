import type { CallFacts } from '../../facts/call-facts';
import type { RouteTemplate } from '../../facts/endpoints';
import type { ErrorCategory, HttpMethod, RequestIdSource } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import { createRedactor } from '../../facts/redaction/redactor';
import type { Count, Sentence } from '../../facts/value-types';
import type { AnnotationText, CheckedDocumentation } from '../shared/annotations';
import { EXCLUDED_FIELDS, type ExcludedField, type RedactionCheck, SCHEMA_VERSION } from '../shared/enums';
import type { Handoff, RecordEnvironment, RecordedSettings } from '../shared/envelope';
import { LIBRARY, type LibraryVersion } from '../shared/library';
import { API_KEY_PLACEHOLDER } from '../shared/minimal-request';
import { verdict } from '../shared/outcome';
import type { OsFamily, RecordContext, RuntimeVersion, SdkVersion } from '../shared/record-source';
import type { RecordedAttempt } from '../shared/recorded-attempt';
import type { Draft } from '../shared/seal-record';
import { type StatusClass, statusClass } from '../shared/status-class';
import { environmentMismatches } from './environment-mismatches';
import { type CheckedIncident, checkIncident, type IncidentAnnotations } from './incident-annotations';
import {
  type ApiSurface,
  type ContractPage,
  type IncidentCall,
  type IncidentFacts,
  incidentFacts,
} from './incident-facts';
import {
  type EvidenceGap,
  evidenceGaps,
  PACKET_NOT_ASSERTED,
  type PacketNotAsserted,
  type StillToVerify,
  stillToVerify,
} from './packet-enums';

/**
 * A support packet for an incident: the incident, the smallest safe reproduction, telemetry and one question.
 *
 * `null` means not stated or not observed. `evidence_gaps` names each missing part. See docs/incident-packet.md.
 */
export interface IncidentPacket {
  readonly record: 'incident_packet';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** Operator annotation. */
  readonly incident_id: Identifier<'name'> | null;
  /** Creation time of the packet, or the end of the call if the caller passed no `recordedAt`. */
  readonly recorded_at_utc: Identifier<'timestamp'> | null;
  /** Operator annotation, redacted. */
  readonly workflow_name: AnnotationText | null;
  readonly api_surface_checked: ApiSurface | null;
  readonly http_method: HttpMethod | null;
  readonly route_template: RouteTemplate | null;
  readonly status_code_class: StatusClass | null;
  readonly error_category: ErrorCategory | null;
  readonly trace_id_present: boolean;
  readonly credential_used: typeof API_KEY_PLACEHOLDER;
  readonly request_body_summary: Sentence | null;
  readonly response_body_summary: 'omitted-or-sanitized' | null;
  /** Operator annotation, redacted. */
  readonly support_question: AnnotationText | null;
  readonly operator_result: 'pass' | 'fail' | 'needs-follow-up';
  readonly operator_result_source: 'declared' | 'computed';
  /**
   * `FROM/TO`: from the start of the first call to the end of the last one, or the annotation if there is no call.
   *
   * @pattern ^\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z/\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z$
   */
  readonly test_window_utc: `${string}/${string}` | null;
  readonly sanitized_repro_steps_present: boolean;
  /** Operator annotation, redacted. */
  readonly symptom: AnnotationText | null;
  readonly request_id: Identifier<'id'> | null;
  readonly request_id_source: RequestIdSource | null;
  readonly retry_behavior: 'disabled' | 'bounded' | null;
  readonly retry_max_attempts: Count | null;
  readonly api_surface_reached: 'yes' | 'no' | 'unknown';
  /** Operator annotation: a verified model identifier, or the text that it is not verified yet. */
  readonly model_detail: Identifier<'model'> | 'model detail still to be verified';
  readonly model_verified_by: Identifier<'docs_url'> | 'account' | null;
  readonly attempts: readonly RecordedAttempt[];
  readonly calls: readonly IncidentCall[];
  /** Number of earlier calls that `calls` omits. */
  readonly omitted_call_count: Count;
  /**
   * The smallest safe test, as a curl command with placeholders.
   *
   * @maxLength 4096
   */
  readonly reproduction: string | null;
  readonly facts: readonly Sentence[];
  /** Operator annotation, redacted. */
  readonly guesses: readonly AnnotationText[];
  readonly still_to_verify: readonly StillToVerify[];
  readonly evidence_gaps: readonly EvidenceGap[];
  readonly contract_pages_to_compare: readonly ContractPage[];
  /** Operator annotation: documentation pages that were checked. */
  readonly sources: readonly CheckedDocumentation[];
  readonly links: readonly Identifier<'docs_url'>[];
  readonly notes: AnnotationText | null;
  readonly evidence: Identifier<'docs_url'> | 'account' | null;
  readonly not_asserted: readonly PacketNotAsserted[];
  readonly excluded_fields: readonly ExcludedField[];
  readonly redaction_check: RedactionCheck;
  readonly call_ids: readonly Identifier<'id'>[];
  readonly trace_id: Identifier<'id'> | null;
  readonly span_id: Identifier<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: PacketEnvironment;
  readonly handoff: Handoff<'pass' | 'fail' | 'needs-follow-up', StillToVerify>;
}

/** The environment of the calls. A field is `null` if no call provides it. */
export interface PacketEnvironment {
  readonly upstream: RecordEnvironment['upstream'] | null;
  readonly name: Identifier<'name'> | null;
  readonly runtime: RuntimeVersion | null;
  readonly os: OsFamily | null;
  readonly sdks: readonly SdkVersion[];
  readonly settings: RecordedSettings | null;
}

/** The input of a packet: calls, or an error of this library with the facts of its call. */
export type IncidentSource = CallFacts | readonly CallFacts[] | { readonly facts?: CallFacts | undefined };

export interface IncidentContext extends RecordContext {
  /** Creation time of the packet. */
  readonly recordedAt?: Identifier<'timestamp'> | undefined;
  /** Another environment of the same workflow. The packet lists the differences as still to verify. */
  readonly comparedWith?: (RecordEnvironment & { readonly settings?: RecordedSettings }) | undefined;
}

/**
 * Builds the support packet of an incident.
 *
 * `redaction_check` is `not_checked`, because this function knows no secrets. The command `packet` scans the packet
 * before it writes the files. Without a call, the packet reports the evidence gap `no_call_observed`.
 */
export function incidentPacket(
  source: IncidentSource,
  annotations: IncidentAnnotations = {},
  context: IncidentContext = {},
): IncidentPacket {
  return draftIncidentPacket(source, annotations, context)('not_checked');
}

/** Builds the draft of a packet. `sealRecord` scans the draft and sets `redaction_check`. */
export function draftIncidentPacket(
  source: IncidentSource,
  annotations: IncidentAnnotations = {},
  context: IncidentContext = {},
): Draft<IncidentPacket> {
  const stated = checkIncident(annotations, context.redactor ?? createRedactor());
  const [first, ...others] = callsOf(source);
  const observed =
    first === undefined ? undefined : incidentFacts([first, ...others], context.source ?? {}, API_KEY_PLACEHOLDER);
  return (redactionCheck) => buildIncidentPacket(observed, stated, context, redactionCheck);
}

function callsOf(source: IncidentSource): readonly CallFacts[] {
  if (isList(source)) {
    return source;
  }
  if ('callId' in source) {
    return [source];
  }
  return source.facts === undefined ? [] : [source.facts];
}

function isList(source: IncidentSource): source is readonly CallFacts[] {
  return Array.isArray(source);
}

/** Combines facts, annotations and the result of the scan. Each field has exactly one of these sources. */
function buildIncidentPacket(
  observed: IncidentFacts | undefined,
  stated: CheckedIncident,
  context: IncidentContext,
  redactionCheck: RedactionCheck,
): IncidentPacket {
  const { subject, envelope } = observed ?? {};
  const computed = computedResult(observed, stated, redactionCheck);
  const result = stated.operatorResult ?? computed;
  const environment = environmentOf(observed, stated, context);
  const gaps = evidenceGaps(observed, stated);
  const open = stillToVerify(
    observed,
    stated,
    context.comparedWith === undefined ? [] : environmentMismatches(comparable(environment), context.comparedWith),
    redactionCheck,
  );
  return {
    record: 'incident_packet',
    schema_version: SCHEMA_VERSION,
    incident_id: stated.incidentId,
    recorded_at_utc: context.recordedAt ?? subject?.endedAt ?? null,
    workflow_name: stated.workflow,
    api_surface_checked: observed?.surface ?? null,
    http_method: subject?.method ?? null,
    route_template: subject?.routeTemplate ?? null,
    status_code_class: subject === undefined ? null : statusClass(subject),
    error_category: subject?.category ?? null,
    trace_id_present: subject?.traceId !== undefined,
    credential_used: API_KEY_PLACEHOLDER,
    request_body_summary: stated.shared.contractCheck
      ? 'harmless-test-payload-only'
      : (observed?.requestSummary ?? null),
    response_body_summary: observed?.isContentFree === true ? 'omitted-or-sanitized' : null,
    support_question: stated.question,
    operator_result: result,
    operator_result_source: stated.operatorResult === null ? 'computed' : 'declared',
    test_window_utc: observed?.window ?? (stated.window === null ? null : `${stated.window[0]}/${stated.window[1]}`),
    sanitized_repro_steps_present: observed !== undefined && observed.curl !== null,
    symptom: stated.symptom,
    request_id: subject?.requestId ?? null,
    request_id_source: subject?.requestIdSource ?? null,
    retry_behavior: subject === undefined ? null : subject.settings.maxAttempts > 1 ? 'bounded' : 'disabled',
    retry_max_attempts: subject?.settings.maxAttempts ?? null,
    api_surface_reached: observed?.reached ?? 'unknown',
    model_detail: stated.verifiedModel ?? 'model detail still to be verified',
    model_verified_by: stated.verifiedBy,
    attempts: observed?.attempts ?? [],
    calls: observed?.calls ?? [],
    omitted_call_count: observed?.omittedCalls ?? 0,
    reproduction: observed?.curl ?? null,
    facts: observed?.sentences ?? [],
    guesses: stated.guesses,
    still_to_verify: open,
    evidence_gaps: gaps,
    contract_pages_to_compare: observed?.pages ?? ['error-codes', 'help-center'],
    sources: stated.shared.docs,
    links: stated.links,
    notes: stated.shared.notes,
    evidence: stated.shared.evidence,
    not_asserted: PACKET_NOT_ASSERTED,
    excluded_fields: EXCLUDED_FIELDS,
    redaction_check: redactionCheck,
    call_ids: observed?.calls.map((call) => call.call_id) ?? [],
    trace_id: subject?.traceId ?? null,
    span_id: subject?.spanId ?? null,
    library: envelope?.library ?? context.source?.library ?? LIBRARY,
    environment,
    handoff: {
      command_label: stated.shared.commandLabel,
      result,
      changed_files: stated.shared.changedFiles,
      remaining_uncertainty: open,
    },
  };
}

function computedResult(
  observed: IncidentFacts | undefined,
  stated: CheckedIncident,
  redactionCheck: RedactionCheck,
): IncidentPacket['operator_result'] {
  if (observed === undefined) {
    return 'needs-follow-up';
  }
  const { resultClass } = verdict(observed.outcome, {
    upstream: observed.envelope.upstream,
    docsChecked: stated.shared.docs.length > 0,
    redactionChecked: redactionCheck !== 'not_checked',
  });
  // Incident packets use hyphens in this enum value.
  return resultClass === 'needs_follow_up' ? 'needs-follow-up' : resultClass;
}

function environmentOf(
  observed: IncidentFacts | undefined,
  stated: CheckedIncident,
  { source }: IncidentContext,
): PacketEnvironment {
  return {
    upstream: observed?.envelope.upstream ?? null,
    name: stated.shared.environmentName,
    runtime: observed?.envelope.runtime ?? source?.runtime ?? null,
    os: observed?.envelope.os ?? source?.os ?? null,
    sdks: observed?.envelope.sdks ?? source?.sdks ?? [],
    settings: observed?.envelope.settings ?? null,
  };
}

/** Without a call, `settings` is omitted and `upstream` becomes `other`, because the packet knows neither. */
function comparable({ upstream, settings, ...rest }: PacketEnvironment): RecordEnvironment & {
  readonly settings?: RecordedSettings;
} {
  return { ...rest, upstream: upstream ?? 'other', ...(settings !== null && { settings }) };
}
