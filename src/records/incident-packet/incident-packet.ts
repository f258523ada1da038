import type { CallFacts } from '../../facts/call-facts';
import type { RouteTemplate } from '../../facts/endpoints';
import type { ErrorCategory, HttpMethod, RequestIdSource } from '../../facts/enums';
import type { Label } from '../../facts/identifier';
import { createSecretGuard } from '../../facts/redaction/redactor';
import type { CheckedDocumentation, DeclaredText } from '../shared/annotations';
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
import { type CheckedIncident, checkIncident, type DeclaredIncident } from './incident-annotations';
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
  readonly incident_id: Label<'name'> | null;
  /** Creation time of the packet, or the end of the call if the caller passed no `recordedAt`. */
  readonly recorded_at_utc: Label<'timestamp'> | null;
  /** Operator annotation, redacted. */
  readonly workflow_name: DeclaredText | null;
  readonly api_surface_checked: ApiSurface | null;
  readonly http_method: HttpMethod | null;
  readonly route_template: RouteTemplate | null;
  readonly status_code_class: StatusClass | null;
  readonly error_category: ErrorCategory | null;
  readonly trace_id_present: boolean;
  readonly credential_used: typeof API_KEY_PLACEHOLDER;
  readonly request_body_summary: string | null;
  readonly response_body_summary: 'omitted-or-sanitized' | null;
  /** Operator annotation, redacted. */
  readonly support_question: DeclaredText | null;
  readonly operator_result: 'pass' | 'fail' | 'needs-follow-up';
  readonly operator_result_source: 'declared' | 'computed';
  /** `FROM/TO`: from the start of the first call to the end of the last one, or the annotation if there is no call. */
  readonly test_window_utc: `${string}/${string}` | null;
  readonly sanitized_repro_steps_present: boolean;
  /** Operator annotation, redacted. */
  readonly symptom: DeclaredText | null;
  readonly request_id: Label<'id'> | null;
  readonly request_id_source: RequestIdSource | null;
  readonly retry_behavior: 'disabled' | 'bounded' | null;
  readonly retry_max_attempts: number | null;
  readonly api_surface_reached: 'yes' | 'no' | 'unknown';
  /** Operator annotation: a verified model identifier, or the text that it is not verified yet. */
  readonly model_detail: Label<'model'> | 'model detail still to be verified';
  readonly model_verified_by: Label<'docs_url'> | 'account' | null;
  readonly attempts: readonly RecordedAttempt[];
  readonly calls: readonly IncidentCall[];
  /** Number of earlier calls that `calls` omits. */
  readonly omitted_call_count: number;
  /** The smallest safe test, as a curl command with placeholders. */
  readonly reproduction: string | null;
  readonly facts: readonly string[];
  /** Operator annotation, redacted. */
  readonly guesses: readonly DeclaredText[];
  readonly still_to_verify: readonly StillToVerify[];
  readonly evidence_gaps: readonly EvidenceGap[];
  readonly contract_pages_to_compare: readonly ContractPage[];
  /** Operator annotation: documentation pages that were checked. */
  readonly sources: readonly CheckedDocumentation[];
  readonly links: readonly Label<'docs_url'>[];
  readonly notes: DeclaredText | null;
  readonly evidence: Label<'docs_url'> | 'account' | null;
  readonly not_asserted: readonly PacketNotAsserted[];
  readonly excluded_fields: readonly ExcludedField[];
  readonly redaction_check: RedactionCheck;
  readonly call_ids: readonly Label<'id'>[];
  readonly trace_id: Label<'id'> | null;
  readonly span_id: Label<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: PacketEnvironment;
  readonly handoff: Handoff<'pass' | 'fail' | 'needs-follow-up', StillToVerify>;
}

/** The environment of the calls. A field is `null` if no call provides it. */
export interface PacketEnvironment {
  readonly upstream: RecordEnvironment['upstream'] | null;
  readonly name: Label<'name'> | null;
  readonly runtime: RuntimeVersion | null;
  readonly os: OsFamily | null;
  readonly sdks: readonly SdkVersion[];
  readonly settings: RecordedSettings | null;
}

/** The input of a packet: calls, or an error of this library with the facts of its call. */
export type IncidentSource = CallFacts | readonly CallFacts[] | { readonly facts?: CallFacts | undefined };

export interface IncidentContext extends RecordContext {
  /** Creation time of the packet. */
  readonly recordedAt?: Label<'timestamp'> | undefined;
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
  declared: DeclaredIncident = {},
  context: IncidentContext = {},
): IncidentPacket {
  return draftIncidentPacket(source, declared, context)('not_checked');
}

/** Builds the draft of a packet. `sealRecord` scans the draft and sets `redaction_check`. */
export function draftIncidentPacket(
  source: IncidentSource,
  declared: DeclaredIncident = {},
  context: IncidentContext = {},
): Draft<IncidentPacket> {
  const said = checkIncident(declared, context.guard ?? createSecretGuard());
  const [first, ...others] = callsOf(source);
  const seen =
    first === undefined ? undefined : incidentFacts([first, ...others], context.source ?? {}, API_KEY_PLACEHOLDER);
  return (redactionCheck) => compose(seen, said, context, redactionCheck);
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
function compose(
  seen: IncidentFacts | undefined,
  said: CheckedIncident,
  context: IncidentContext,
  redactionCheck: RedactionCheck,
): IncidentPacket {
  const { subject, envelope } = seen ?? {};
  const computed = computedResult(seen, said, redactionCheck);
  const result = said.operatorResult ?? computed;
  const environment = environmentOf(seen, said, context);
  const gaps = evidenceGaps(seen, said);
  const open = stillToVerify(
    seen,
    said,
    context.comparedWith === undefined ? [] : environmentMismatches(comparable(environment), context.comparedWith),
    redactionCheck,
  );
  return {
    record: 'incident_packet',
    schema_version: SCHEMA_VERSION,
    incident_id: said.incidentId,
    recorded_at_utc: context.recordedAt ?? subject?.endedAt ?? null,
    workflow_name: said.workflow,
    api_surface_checked: seen?.surface ?? null,
    http_method: subject?.method ?? null,
    route_template: subject?.routeTemplate ?? null,
    status_code_class: subject === undefined ? null : statusClass(subject),
    error_category: subject?.category ?? null,
    trace_id_present: subject?.traceId !== undefined,
    credential_used: API_KEY_PLACEHOLDER,
    request_body_summary: said.shared.contractCheck ? 'harmless-test-payload-only' : (seen?.requestSummary ?? null),
    response_body_summary: seen?.isContentFree === true ? 'omitted-or-sanitized' : null,
    support_question: said.question,
    operator_result: result,
    operator_result_source: said.operatorResult === null ? 'computed' : 'declared',
    test_window_utc: seen?.window ?? (said.window === null ? null : `${said.window[0]}/${said.window[1]}`),
    sanitized_repro_steps_present: seen !== undefined && seen.curl !== null,
    symptom: said.symptom,
    request_id: subject?.requestId ?? null,
    request_id_source: subject?.requestIdSource ?? null,
    retry_behavior: subject === undefined ? null : subject.settings.maxAttempts > 1 ? 'bounded' : 'disabled',
    retry_max_attempts: subject?.settings.maxAttempts ?? null,
    api_surface_reached: seen?.reached ?? 'unknown',
    model_detail: said.verifiedModel ?? 'model detail still to be verified',
    model_verified_by: said.verifiedBy,
    attempts: seen?.attempts ?? [],
    calls: seen?.calls ?? [],
    omitted_call_count: seen?.omittedCalls ?? 0,
    reproduction: seen?.curl ?? null,
    facts: seen?.sentences ?? [],
    guesses: said.guesses,
    still_to_verify: open,
    evidence_gaps: gaps,
    contract_pages_to_compare: seen?.pages ?? ['error-codes', 'help-center'],
    sources: said.shared.docs,
    links: said.links,
    notes: said.shared.notes,
    evidence: said.shared.evidence,
    not_asserted: PACKET_NOT_ASSERTED,
    excluded_fields: EXCLUDED_FIELDS,
    redaction_check: redactionCheck,
    call_ids: seen?.calls.map((call) => call.call_id) ?? [],
    trace_id: subject?.traceId ?? null,
    span_id: subject?.spanId ?? null,
    library: envelope?.library ?? context.source?.library ?? LIBRARY,
    environment,
    handoff: {
      command_label: said.shared.commandLabel,
      result,
      changed_files: said.shared.changedFiles,
      remaining_uncertainty: open,
    },
  };
}

function computedResult(
  seen: IncidentFacts | undefined,
  said: CheckedIncident,
  redactionCheck: RedactionCheck,
): IncidentPacket['operator_result'] {
  if (seen === undefined) {
    return 'needs-follow-up';
  }
  const { resultClass } = verdict(seen.outcome, {
    upstream: seen.envelope.upstream,
    docsChecked: said.shared.docs.length > 0,
    redactionChecked: redactionCheck !== 'not_checked',
  });
  // Incident packets use hyphens in this enum value.
  return resultClass === 'needs_follow_up' ? 'needs-follow-up' : resultClass;
}

function environmentOf(
  seen: IncidentFacts | undefined,
  said: CheckedIncident,
  { source }: IncidentContext,
): PacketEnvironment {
  return {
    upstream: seen?.envelope.upstream ?? null,
    name: said.shared.environmentName,
    runtime: seen?.envelope.runtime ?? source?.runtime ?? null,
    os: seen?.envelope.os ?? source?.os ?? null,
    sdks: seen?.envelope.sdks ?? source?.sdks ?? [],
    settings: seen?.envelope.settings ?? null,
  };
}

/** Without a call, `settings` is omitted and `upstream` becomes `other`, because the packet knows neither. */
function comparable({ upstream, settings, ...rest }: PacketEnvironment): RecordEnvironment & {
  readonly settings?: RecordedSettings;
} {
  return { ...rest, upstream: upstream ?? 'other', ...(settings !== null && { settings }) };
}
