import type { CallFacts } from '../../facts/call-facts';
import type { EndpointFamily } from '../../facts/endpoints';
import type { ErrorCategory } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import { createRedactor } from '../../facts/redaction/redactor';
import type { Count, Digits } from '../../facts/value-types';
import {
  type Annotations,
  type AnnotationText,
  type CheckedAnnotations,
  type CheckedDocumentation,
  type CheckedRun,
  checkAnnotations,
} from '../shared/annotations';
import {
  type EscalationReason,
  EXCLUDED_FIELDS,
  type ExcludedField,
  type RedactionCheck,
  SCHEMA_VERSION,
  type StatusValue,
  type Uncertainty,
} from '../shared/enums';
import {
  type Handoff,
  type RecordEnvelope,
  type RecordEnvironment,
  type RecordedSettings,
  recordEnvelope,
} from '../shared/envelope';
import { holdsOnlyFacts } from '../shared/fact-leaves';
import type { LibraryVersion } from '../shared/library';
import { attemptStatusValue, outcomeOf, statusValue, terminalStatusValue } from '../shared/outcome';
import type { RecordContext } from '../shared/record-source';
import { type RecordedAttempt, recordedAttempt } from '../shared/recorded-attempt';
import type { Draft } from '../shared/seal-record';
import { uncertaintyOfAnnotations, uncertaintyOfFacts, uncertaintyOfRedaction } from '../shared/uncertainty';

/**
 * The statuses of the first attempt and of the last retry, and the fields that the record excludes.
 *
 * Counts are strings, as in the template of this record.
 */
export interface RetryEvidence {
  readonly record: 'retry_evidence';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** Operator annotation. */
  readonly run_id: Identifier<'name'> | null;
  readonly recorded_at_utc: Identifier<'timestamp'>;
  readonly endpoint_family: EndpointFamily;
  /**
   * Operator annotation: the checked pages, separated by `, `, or `not_checked`.
   *
   * @maxLength 16384
   */
  readonly docs_checked: string;
  /** Number of attempts, including attempts without a connection. */
  readonly attempt_count: Digits;
  readonly first_attempt_status: StatusValue;
  readonly retry_status: StatusValue | 'not_retried';
  readonly terminal_status: StatusValue;
  readonly retry_count: Digits;
  readonly error_category: ErrorCategory;
  readonly secret_redaction_checked: 'yes' | 'no';
  /** `no` after a check of every value in the facts found none that can be content. */
  readonly full_response_stored: 'yes' | 'no';
  readonly operator_result: 'pass' | 'fail';
  /** `annotations` if the operator decided; `computed` if the library derived the result from the ending of the call. */
  readonly operator_result_source: 'declared' | 'computed';
  /** Operator annotation, redacted. */
  readonly operator_note: AnnotationText | null;
  readonly ran_by: RanBy;
  readonly excluded_fields: readonly ExcludedField[];
  readonly escalate: readonly EscalationReason[];
  readonly attempts: readonly RecordedAttempt[];
  readonly sources: readonly CheckedDocumentation[];
  readonly evidence: CheckedAnnotations['evidence'];
  readonly workflow: Identifier<'name'> | null;
  readonly model_verified_by: CheckedAnnotations['modelVerifiedBy'];
  readonly outer_retry_count: Count;
  readonly redaction_check: RedactionCheck;
  readonly call_ids: readonly Identifier<'id'>[];
  readonly trace_id: Identifier<'id'> | null;
  readonly span_id: Identifier<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment & { readonly settings: RecordedSettings };
  readonly handoff: Handoff<'pass' | 'fail', Uncertainty>;
}

/** The CI job, or the label of the command. */
export interface RanBy {
  readonly kind: 'ci' | 'command' | 'not_stated';
  readonly provider: Identifier<'name'> | null;
  readonly workflow: AnnotationText | null;
  readonly job: AnnotationText | null;
  readonly step: AnnotationText | null;
  readonly run_id: Identifier<'name'> | null;
  readonly command_label: AnnotationText | null;
}

/**
 * Builds the retry evidence of one call.
 *
 * `secret_redaction_checked` is `no`, because this function knows no secrets. `client.records.retryEvidence` scans the
 * record for the secrets of the client.
 */
export function retryEvidence(
  facts: CallFacts,
  annotations: Annotations = {},
  context: RecordContext = {},
): RetryEvidence {
  return draftRetryEvidence(facts, annotations, context)('not_checked');
}

/** Builds the draft of a retry evidence record. `sealRecord` scans the draft and sets `redaction_check`. */
export function draftRetryEvidence(
  facts: CallFacts,
  annotations: Annotations = {},
  context: RecordContext = {},
): Draft<RetryEvidence> {
  const stated = checkAnnotations(annotations, context.redactor ?? createRedactor());
  const observed = evidenceFacts(facts, context);
  return (redactionCheck) => buildRetryEvidence(observed, stated, redactionCheck);
}

/** The part of the evidence that comes from facts. */
interface EvidenceFacts {
  readonly facts: CallFacts;
  readonly envelope: RecordEnvelope;
  readonly attempts: readonly RecordedAttempt[];
  readonly firstStatus: StatusValue;
  readonly retryStatus: StatusValue | 'not_retried';
  readonly terminalStatus: StatusValue;
  readonly result: 'pass' | 'fail';
  readonly fullResponseStored: 'yes' | 'no';
  readonly uncertainty: readonly Uncertainty[];
}

function evidenceFacts(facts: CallFacts, context: RecordContext): EvidenceFacts {
  const envelope = recordEnvelope([facts], context.source ?? {});
  const outcome = outcomeOf(facts);
  const terminalStatus = terminalStatusValue(facts);
  const [first] = facts.attempts;
  const last = facts.attempts.at(-1);
  return {
    facts,
    envelope,
    attempts: facts.attempts.map(recordedAttempt),
    firstStatus: first === undefined ? terminalStatus : attemptStatusValue(facts, first),
    retryStatus: last === undefined || facts.attempts.length < 2 ? 'not_retried' : attemptStatusValue(facts, last),
    terminalStatus,
    // This field has only two values, so a call that needs follow-up is a `fail`.
    result: outcome.resultClass === 'pass' ? 'pass' : 'fail',
    fullResponseStored: holdsOnlyFacts(facts) ? 'no' : 'yes',
    uncertainty: uncertaintyOfFacts([facts], envelope, [outcome]),
  };
}

/** Combines facts, annotations and the result of the scan. Each field has exactly one of these sources. */
function buildRetryEvidence(
  observed: EvidenceFacts,
  stated: CheckedAnnotations,
  redactionCheck: RedactionCheck,
): RetryEvidence {
  const { facts, envelope } = observed;
  const retryCount = Math.max(0, facts.attempts.length - 1);
  const result = stated.operatorResult ?? observed.result;
  return {
    record: 'retry_evidence',
    schema_version: SCHEMA_VERSION,
    run_id: stated.runId,
    recorded_at_utc: facts.endedAt,
    endpoint_family: facts.family,
    docs_checked: stated.docs.length === 0 ? 'not_checked' : stated.docs.map((page) => page.url).join(', '),
    attempt_count: `${facts.attempts.length}`,
    first_attempt_status: observed.firstStatus,
    retry_status: observed.retryStatus,
    terminal_status: observed.terminalStatus,
    retry_count: `${retryCount}`,
    error_category: facts.category,
    secret_redaction_checked: redactionCheck === 'not_checked' ? 'no' : 'yes',
    full_response_stored: observed.fullResponseStored,
    operator_result: result,
    operator_result_source: stated.operatorResult === null ? 'computed' : 'declared',
    operator_note: stated.operatorNote,
    ran_by: ranBy(stated.ranBy, stated.commandLabel),
    excluded_fields: EXCLUDED_FIELDS,
    escalate: escalation(facts, stated.modelVerifiedBy !== null, redactionCheck !== 'not_checked'),
    attempts: observed.attempts,
    sources: stated.docs,
    evidence: stated.evidence,
    workflow: stated.workflow,
    model_verified_by: stated.modelVerifiedBy,
    outer_retry_count: facts.outerRetryCount,
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
      result,
      changed_files: stated.changedFiles,
      remaining_uncertainty: [
        ...observed.uncertainty,
        ...uncertaintyOfAnnotations(stated),
        ...uncertaintyOfRedaction(redactionCheck),
      ],
    },
  };
}

/** Returns the reasons to escalate. Failures with different statuses are a reason. A successful retry is not. */
function escalation(facts: CallFacts, isModelVerified: boolean, isRedacted: boolean): readonly EscalationReason[] {
  const failures = facts.attempts.filter((attempt) => attempt.category !== 'none');
  const categories = [facts.category, ...failures.map((attempt) => attempt.category)];
  const reasons: readonly (readonly [EscalationReason, boolean])[] = [
    ['attempts_ended_differently', new Set(failures.map(statusValue)).size > 1],
    ['error_category_unclear', categories.includes('unknown')],
    ['redaction_not_proved', !isRedacted],
    ['model_not_verified', !isModelVerified && categories.includes('model_unavailable')],
  ];
  return reasons.filter(([, isMet]) => isMet).map(([reason]) => reason);
}

function ranBy(run: CheckedRun | null, commandLabel: AnnotationText | null): RanBy {
  const withoutRun = commandLabel === null ? 'not_stated' : 'command';
  return {
    kind: run === null ? withoutRun : 'ci',
    provider: run?.provider ?? null,
    workflow: run?.workflow ?? null,
    job: run?.job ?? null,
    step: run?.step ?? null,
    run_id: run?.runId ?? null,
    command_label: commandLabel,
  };
}
