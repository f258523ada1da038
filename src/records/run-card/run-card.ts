import type { CallFacts } from '../../facts/call-facts';
import type { EndpointFamily } from '../../facts/endpoints';
import type { Ending, ErrorCategory } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import { createRedactor } from '../../facts/redaction/redactor';
import type { Count } from '../../facts/value-types';
import {
  type Annotations,
  type AnnotationText,
  annotationText,
  type CheckedAnnotations,
  type CheckedDocumentation,
  checkAnnotations,
} from '../shared/annotations';
import {
  type FailureClass,
  NOT_ASSERTED,
  type NotAsserted,
  OUTCOMES,
  type Outcome,
  type RedactionCheck,
  type ResultClass,
  SCHEMA_VERSION,
  type Uncertainty,
} from '../shared/enums';
import {
  type Handoff,
  type RecordEnvelope,
  type RecordEnvironment,
  type RecordedSettings,
  recordEnvelope,
} from '../shared/envelope';
import type { LibraryVersion } from '../shared/library';
import { outcomeOf, verdict, worstOf } from '../shared/outcome';
import type { RecordContext } from '../shared/record-source';
import type { Draft } from '../shared/seal-record';
import { type StatusClass, statusClass } from '../shared/status-class';
import { uncertaintyOfAnnotations, uncertaintyOfFacts, uncertaintyOfRedaction } from '../shared/uncertainty';
import { type ReportedUsage, reportedUsage } from '../usage-trace/traced-call';
import { type RunAssertion, unmetOf } from './run-assertions';
import { type RetrySettings, type RunReason, retrySettingsInOrder, reviewReasons } from './run-changes';

/** Operator annotations about a whole run. */
export interface RunCardAnnotations extends Annotations {
  /**
   * The reason to change the model, the endpoint or the retry settings after a failure.
   * Only the first 300 characters are kept.
   */
  readonly decision?: string | undefined;
  /** The person who approved requests in production. */
  readonly approvedBy?: string | undefined;
}

/** A one-page summary of a run: request counts, endings, changes between calls, and checks. */
export interface RunCard {
  readonly record: 'run_card';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** Operator annotation. */
  readonly run_id: Identifier<'name'> | null;
  readonly started_at: Identifier<'timestamp'>;
  readonly ended_at: Identifier<'timestamp'>;
  readonly request_count: Count;
  readonly attempt_count: Count;
  readonly endings: Readonly<Record<Ending, Count>>;
  readonly status_classes: Readonly<Record<StatusClass, Count>>;
  readonly error_categories: readonly CategoryCount[];
  /** Sum of the token counts that the server reported. Never estimated. */
  readonly usage: ReportedUsage | 'absent';
  /** In the order of their first request. */
  readonly request_models: readonly Identifier<'model'>[];
  readonly endpoint_families: readonly EndpointFamily[];
  readonly retry_settings: readonly RetrySettings[];
  readonly maybe_sent_twice_count: Count;
  readonly docs_checked: 'yes' | 'no';
  /** `clean` if neither this record nor any searched sink contains an active secret. */
  readonly leak_check: 'clean' | 'not_checked';
  readonly assertions: readonly RunAssertion[];
  readonly result_class: ResultClass;
  readonly failure_class: FailureClass;
  readonly reasons: readonly RunReason[];
  /** Operator annotation, redacted. */
  readonly decision: AnnotationText | null;
  /** Operator annotation. */
  readonly approved_by: AnnotationText | null;
  readonly notes: AnnotationText | null;
  readonly evidence: CheckedAnnotations['evidence'];
  readonly sources: readonly CheckedDocumentation[];
  readonly workflow: Identifier<'name'> | null;
  readonly agent_surface: Identifier<'name'> | null;
  readonly agent_version: Identifier<'version'> | null;
  readonly instructions_reviewed: CheckedAnnotations['instructionsReviewed'];
  readonly not_asserted: readonly NotAsserted[];
  readonly redaction_check: RedactionCheck;
  readonly call_ids: readonly Identifier<'id'>[];
  readonly trace_id: Identifier<'id'> | null;
  readonly span_id: Identifier<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment & { readonly settings: RecordedSettings };
  readonly handoff: Handoff<ResultClass, Uncertainty>;
}

export interface CategoryCount {
  readonly error_category: ErrorCategory;
  readonly count: Count;
}

export interface RunCardContext extends RecordContext {
  /** The results of the assertions of a smoke test. */
  readonly assertions?: readonly RunAssertion[] | undefined;
}

type Calls = readonly [CallFacts, ...CallFacts[]];

/**
 * Builds the card of a run.
 *
 * `leak_check` is `not_checked`, because this function knows no secrets. `client.records.runCard` scans the record for
 * the secrets of the client.
 *
 * @throws RangeError if `calls` is empty
 */
export function runCard(
  calls: readonly CallFacts[],
  annotations: RunCardAnnotations = {},
  context: RunCardContext = {},
): RunCard {
  return draftRunCard(calls, annotations, context)('not_checked');
}

/** Builds the draft of a card. `sealRecord` scans the draft and sets `redaction_check`. */
export function draftRunCard(
  calls: readonly CallFacts[],
  annotations: RunCardAnnotations = {},
  context: RunCardContext = {},
): Draft<RunCard> {
  const [first, ...others] = [...calls].sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  if (first === undefined) {
    throw new RangeError('A run card needs at least one call. Pass the `CallFacts` of the calls in the run.');
  }
  const redactor = context.redactor ?? createRedactor();
  const { decision, approvedBy, ...words } = annotations;
  const stated: CheckedPart = {
    ...checkAnnotations(words, redactor),
    decision: annotationText(decision, MAX_DECISION, redactor) ?? null,
    approvedBy: annotationText(approvedBy, MAX_NAME, redactor) ?? null,
  };
  const observed = runFacts([first, ...others], stated.expectedErrors, context);
  return (redactionCheck) => buildRunCard(observed, stated, redactionCheck);
}

const MAX_DECISION = 300;
const MAX_NAME = 128;

interface CheckedPart extends CheckedAnnotations {
  readonly decision: AnnotationText | null;
  readonly approvedBy: AnnotationText | null;
}

/** The part of a card that comes from facts. */
interface RunFacts {
  readonly calls: Calls;
  readonly envelope: RecordEnvelope;
  readonly outcome: Outcome;
  readonly assertions: readonly RunAssertion[];
  readonly changes: readonly RunReason[];
  readonly uncertainty: readonly Uncertainty[];
}

function runFacts(
  calls: Calls,
  expected: ReadonlyMap<string, ErrorCategory>,
  { source, assertions = [] }: RunCardContext,
): RunFacts {
  const envelope = recordEnvelope(calls, source ?? {});
  const outcomes = calls.map((call) => outcomeOf(call, expected.get(call.callId)));
  return {
    calls,
    envelope,
    outcome: worstOf(outcomes),
    assertions,
    changes: reviewReasons(calls, expected),
    uncertainty: uncertaintyOfFacts(calls, envelope, outcomes),
  };
}

/** Combines facts, annotations and the result of the scan. Each field has exactly one of these sources. */
function buildRunCard(observed: RunFacts, stated: CheckedPart, redactionCheck: RedactionCheck): RunCard {
  const { calls, envelope } = observed;
  const redactionChecked = redactionCheck !== 'not_checked';
  const reasons = [...(stated.decision === null ? observed.changes : []), ...unmetOf(observed.assertions)];
  const judged = judge(observed, reasons, stated.docs.length > 0, redactionChecked);
  return {
    record: 'run_card',
    schema_version: SCHEMA_VERSION,
    run_id: stated.runId,
    started_at: calls[0].startedAt,
    ended_at: calls.map((call) => call.endedAt).reduce(later),
    request_count: calls.length,
    attempt_count: calls.reduce((sum, call) => sum + call.attempts.length, 0),
    endings: counted(['completed', 'failed', 'cancelled', 'abandoned'], calls, (call) => call.ending),
    status_classes: counted(['2xx', '4xx', '5xx', 'timeout', 'other'], calls, statusClass),
    error_categories: categories(calls),
    usage: reportedUsage(calls.map((call) => call.response?.usage).filter((usage) => usage !== undefined)),
    request_models: [...new Set(calls.map((call) => call.request.model).filter((model) => model !== undefined))],
    endpoint_families: [...new Set(calls.map((call) => call.family))],
    retry_settings: retrySettingsInOrder(calls),
    maybe_sent_twice_count: calls.filter((call) => call.maybeSentTwice).length,
    docs_checked: stated.docs.length > 0 ? 'yes' : 'no',
    leak_check: redactionChecked ? 'clean' : 'not_checked',
    assertions: observed.assertions,
    result_class: judged.resultClass,
    failure_class: judged.failureClass,
    reasons,
    decision: stated.decision,
    approved_by: stated.approvedBy,
    notes: stated.notes,
    evidence: stated.evidence,
    sources: stated.docs,
    workflow: stated.workflow,
    agent_surface: stated.agentSurface,
    agent_version: stated.agentVersion,
    instructions_reviewed: stated.instructionsReviewed,
    not_asserted: NOT_ASSERTED,
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
      result: judged.resultClass,
      changed_files: stated.changedFiles,
      remaining_uncertainty: [
        ...observed.uncertainty,
        ...uncertaintyOfAnnotations(stated),
        ...uncertaintyOfRedaction(redactionCheck),
      ],
    },
  };
}

function judge(
  { outcome, envelope }: RunFacts,
  reasons: readonly RunReason[],
  docsChecked: boolean,
  redactionChecked: boolean,
): Outcome {
  const judged = verdict(outcome, { upstream: envelope.upstream, docsChecked, redactionChecked });
  return judged.resultClass === 'pass' && reasons.length > 0 ? OUTCOMES.followUp : judged;
}

function counted<Word extends string>(
  words: readonly Word[],
  calls: Calls,
  wordOf: (call: CallFacts) => Word,
): Readonly<Record<Word, number>> {
  const entries = words.map((word) => [word, calls.filter((call) => wordOf(call) === word).length] as const);
  // The cast is safe: callers pass every value of the union. A type test of the record schema checks this.
  return Object.fromEntries(entries) as Record<Word, number>;
}

function categories(calls: Calls): readonly CategoryCount[] {
  const counts = new Map<ErrorCategory, number>();
  for (const { category } of calls.filter((call) => call.category !== 'none')) {
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return [...counts].map(([category, count]) => ({ error_category: category, count }));
}

/** All timestamps have the same format, so they sort as text. */
function later(one: Identifier<'timestamp'>, other: Identifier<'timestamp'>): Identifier<'timestamp'> {
  return [one, other].sort()[1] ?? one;
}
