import type { CallFacts } from '../../facts/call-facts';
import type { EndpointFamily } from '../../facts/endpoints';
import type { Ending, ErrorCategory } from '../../facts/enums';
import type { Label } from '../../facts/identifier';
import { createSecretGuard } from '../../facts/redaction/redactor';
import {
  type CheckedDeclared,
  type CheckedDocumentation,
  checkDeclared,
  type Declared,
  type DeclaredText,
  declaredText,
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
import { uncertaintyOfDeclared, uncertaintyOfFacts, uncertaintyOfRedaction } from '../shared/uncertainty';
import { type ReportedUsage, reportedUsage } from '../usage-trace/traced-call';
import { type RunAssertion, unmetOf } from './run-assertions';
import { type RetrySettings, type RunReason, retrySettingsInOrder, reviewReasons } from './run-changes';

/** Operator annotations about a whole run. */
export interface DeclaredRunCard extends Declared {
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
  readonly run_id: Label<'name'> | null;
  readonly started_at: Label<'timestamp'>;
  readonly ended_at: Label<'timestamp'>;
  readonly request_count: number;
  readonly attempt_count: number;
  readonly endings: Readonly<Record<Ending, number>>;
  readonly status_classes: Readonly<Record<StatusClass, number>>;
  readonly error_categories: readonly CategoryCount[];
  /** Sum of the token counts that the server reported. Never estimated. */
  readonly usage: ReportedUsage | 'absent';
  /** In the order of their first request. */
  readonly request_models: readonly Label<'model'>[];
  readonly endpoint_families: readonly EndpointFamily[];
  readonly retry_settings: readonly RetrySettings[];
  readonly maybe_sent_twice_count: number;
  readonly docs_checked: 'yes' | 'no';
  /** `clean` if neither this record nor any searched sink contains an active secret. */
  readonly leak_check: 'clean' | 'not_checked';
  readonly assertions: readonly RunAssertion[];
  readonly result_class: ResultClass;
  readonly failure_class: FailureClass;
  readonly reasons: readonly RunReason[];
  /** Operator annotation, redacted. */
  readonly decision: DeclaredText | null;
  /** Operator annotation. */
  readonly approved_by: DeclaredText | null;
  readonly notes: DeclaredText | null;
  readonly evidence: CheckedDeclared['evidence'];
  readonly sources: readonly CheckedDocumentation[];
  readonly workflow: Label<'name'> | null;
  readonly agent_surface: Label<'name'> | null;
  readonly agent_version: Label<'version'> | null;
  readonly instructions_reviewed: CheckedDeclared['instructionsReviewed'];
  readonly not_asserted: readonly NotAsserted[];
  readonly redaction_check: RedactionCheck;
  readonly call_ids: readonly Label<'id'>[];
  readonly trace_id: Label<'id'> | null;
  readonly span_id: Label<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment & { readonly settings: RecordedSettings };
  readonly handoff: Handoff<ResultClass, Uncertainty>;
}

export interface CategoryCount {
  readonly error_category: ErrorCategory;
  readonly count: number;
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
  declared: DeclaredRunCard = {},
  context: RunCardContext = {},
): RunCard {
  return draftRunCard(calls, declared, context)('not_checked');
}

/** Builds the draft of a card. `sealRecord` scans the draft and sets `redaction_check`. */
export function draftRunCard(
  calls: readonly CallFacts[],
  declared: DeclaredRunCard = {},
  context: RunCardContext = {},
): Draft<RunCard> {
  const [first, ...others] = [...calls].sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  if (first === undefined) {
    throw new RangeError('A run card needs at least one call. Pass the `CallFacts` of the calls in the run.');
  }
  const guard = context.guard ?? createSecretGuard();
  const { decision, approvedBy, ...words } = declared;
  const said: Said = {
    ...checkDeclared(words, guard),
    decision: declaredText(decision, MAX_DECISION, guard) ?? null,
    approvedBy: declaredText(approvedBy, MAX_NAME, guard) ?? null,
  };
  const seen = runFacts([first, ...others], said.expectedErrors, context);
  return (redactionCheck) => compose(seen, said, redactionCheck);
}

const MAX_DECISION = 300;
const MAX_NAME = 128;

interface Said extends CheckedDeclared {
  readonly decision: DeclaredText | null;
  readonly approvedBy: DeclaredText | null;
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
function compose(seen: RunFacts, said: Said, redactionCheck: RedactionCheck): RunCard {
  const { calls, envelope } = seen;
  const redactionChecked = redactionCheck !== 'not_checked';
  const reasons = [...(said.decision === null ? seen.changes : []), ...unmetOf(seen.assertions)];
  const judged = judge(seen, reasons, said.docs.length > 0, redactionChecked);
  return {
    record: 'run_card',
    schema_version: SCHEMA_VERSION,
    run_id: said.runId,
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
    docs_checked: said.docs.length > 0 ? 'yes' : 'no',
    leak_check: redactionChecked ? 'clean' : 'not_checked',
    assertions: seen.assertions,
    result_class: judged.resultClass,
    failure_class: judged.failureClass,
    reasons,
    decision: said.decision,
    approved_by: said.approvedBy,
    notes: said.notes,
    evidence: said.evidence,
    sources: said.docs,
    workflow: said.workflow,
    agent_surface: said.agentSurface,
    agent_version: said.agentVersion,
    instructions_reviewed: said.instructionsReviewed,
    not_asserted: NOT_ASSERTED,
    redaction_check: redactionCheck,
    call_ids: envelope.call_ids,
    trace_id: envelope.trace_id,
    span_id: envelope.span_id,
    library: envelope.library,
    environment: {
      upstream: envelope.upstream,
      name: said.environmentName,
      runtime: envelope.runtime,
      os: envelope.os,
      sdks: envelope.sdks,
      settings: envelope.settings,
    },
    handoff: {
      command_label: said.commandLabel,
      result: judged.resultClass,
      changed_files: said.changedFiles,
      remaining_uncertainty: [
        ...seen.uncertainty,
        ...uncertaintyOfDeclared(said),
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
function later(one: Label<'timestamp'>, other: Label<'timestamp'>): Label<'timestamp'> {
  return [one, other].sort()[1] ?? one;
}
