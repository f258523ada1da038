import type { CallFacts } from '../../facts/call-facts';
import type { RequestFamily } from '../../facts/endpoints';
import type { ErrorCategory } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import { createRedactor } from '../../facts/redaction/redactor';
import type { Count } from '../../facts/value-types';
import {
  type Annotations,
  type AnnotationText,
  type CheckedAnnotations,
  type CheckedDocumentation,
  checkAnnotations,
} from '../shared/annotations';
import {
  type ContractCheckFamily,
  type FailureClass,
  NOT_ASSERTED,
  type NotAsserted,
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
import { uncertaintyOfAnnotations, uncertaintyOfFacts, uncertaintyOfRedaction } from '../shared/uncertainty';
import { type ReportedUsage, reportedUsage, type TracedCall, tracedCall } from './traced-call';

/** The result of a call or a run, the documentation that was checked, and the claims that the record does not make. */
export interface UsageTrace {
  readonly record: 'usage_trace';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** Operator annotation. */
  readonly run_id: Identifier<'name'> | null;
  /** End of the last call. */
  readonly checked_at: Identifier<'timestamp'>;
  /** Operator annotation: the documentation pages that were checked. */
  readonly source_urls: readonly Identifier<'docs_url'>[];
  readonly request_family: RequestFamily | ContractCheckFamily | 'mixed';
  /** True if the bytes of this record were scanned for every active secret. */
  readonly credential_redacted: boolean;
  readonly result_class: ResultClass;
  readonly failure_class: FailureClass;
  /** Operator annotation, redacted. */
  readonly notes: AnnotationText | null;
  readonly not_asserted: readonly NotAsserted[];
  readonly redaction_check: RedactionCheck;
  readonly sources: readonly CheckedDocumentation[];
  readonly evidence: CheckedAnnotations['evidence'];
  readonly workflow: Identifier<'name'> | null;
  readonly wrapper_used: 'client' | 'gateway';
  /**
   * The name of this library.
   *
   * @maxLength 214
   */
  readonly wrapper_name: string;
  readonly agent_surface: Identifier<'name'> | null;
  readonly agent_version: Identifier<'version'> | null;
  readonly instructions_reviewed: CheckedAnnotations['instructionsReviewed'];
  readonly model_verified_by: CheckedAnnotations['modelVerifiedBy'];
  /** Attempts of all calls. */
  readonly attempt_count: Count;
  /** Sum of the token counts that the server reported. Never estimated. */
  readonly usage: ReportedUsage | 'absent';
  readonly calls: readonly TracedCall[];
  readonly call_ids: readonly Identifier<'id'>[];
  readonly trace_id: Identifier<'id'> | null;
  readonly span_id: Identifier<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment & { readonly settings: RecordedSettings };
  readonly handoff: Handoff<ResultClass, Uncertainty>;
}

/**
 * Builds the usage trace of one call or of a run.
 *
 * `redaction_check` is `not_checked`, because this function knows no secrets. For calls to CometAPI the result is
 * therefore never `pass`. `client.records.usageTrace` scans the record for the secrets of the client.
 *
 * @throws RangeError if `facts` is empty
 */
export function usageTrace(
  facts: CallFacts | readonly CallFacts[],
  annotations: Annotations = {},
  context: RecordContext = {},
): UsageTrace {
  return draftUsageTrace(facts, annotations, context)('not_checked');
}

/** Builds the draft of a usage trace. `sealRecord` scans the draft and sets `redaction_check`. */
export function draftUsageTrace(
  facts: CallFacts | readonly CallFacts[],
  annotations: Annotations = {},
  context: RecordContext = {},
): Draft<UsageTrace> {
  const stated = checkAnnotations(annotations, context.redactor ?? createRedactor());
  const observed = traceFacts(callsOf(facts), stated.expectedErrors, context);
  return (redactionCheck) => buildUsageTrace(observed, stated, redactionCheck);
}

/** The part of a trace that comes from facts. */
interface TraceFacts {
  readonly envelope: RecordEnvelope;
  readonly checkedAt: Identifier<'timestamp'>;
  readonly family: RequestFamily | 'mixed';
  readonly wrapper: 'client' | 'gateway';
  readonly outcome: Outcome;
  readonly attemptCount: number;
  readonly usage: ReportedUsage | 'absent';
  readonly calls: readonly TracedCall[];
  readonly uncertainty: readonly Uncertainty[];
}

type Calls = readonly [CallFacts, ...CallFacts[]];

function callsOf(facts: CallFacts | readonly CallFacts[]): Calls {
  const [first, ...others] = [facts].flat();
  if (first === undefined) {
    throw new RangeError('A usage trace needs at least one call. Pass the `CallFacts` of at least one call.');
  }
  return [first, ...others];
}

function traceFacts(calls: Calls, expected: ReadonlyMap<string, ErrorCategory>, context: RecordContext): TraceFacts {
  const envelope = recordEnvelope(calls, context.source ?? {});
  const outcomes = calls.map((call) => outcomeOf(call, expected.get(call.callId)));
  const traced = calls.map((call, at) => tracedCall(call, outcomes[at] ?? outcomeOf(call), expected.get(call.callId)));
  const families = new Set(traced.map((call) => call.request_family));
  const [family] = families;
  return {
    envelope,
    checkedAt: latestEnd(calls),
    family: families.size === 1 && family !== undefined ? family : 'mixed',
    wrapper: calls.some((call) => call.entryPoint === 'gateway') ? 'gateway' : 'client',
    outcome: worstOf(outcomes),
    attemptCount: calls.reduce((sum, call) => sum + call.attempts.length, 0),
    usage: reportedUsage(calls.map((call) => call.response?.usage).filter((usage) => usage !== undefined)),
    calls: traced,
    uncertainty: uncertaintyOfFacts(calls, envelope, outcomes),
  };
}

/** All timestamps have the same format, so they sort as text. */
function latestEnd([first, ...others]: Calls): Identifier<'timestamp'> {
  let latest = first.endedAt;
  for (const { endedAt } of others) {
    if (endedAt > latest) {
      latest = endedAt;
    }
  }
  return latest;
}

/** Combines facts, annotations and the result of the scan. Each field has exactly one of these sources. */
function buildUsageTrace(observed: TraceFacts, stated: CheckedAnnotations, redactionCheck: RedactionCheck): UsageTrace {
  const { envelope } = observed;
  const redactionChecked = redactionCheck !== 'not_checked';
  const judged = verdict(observed.outcome, {
    upstream: envelope.upstream,
    docsChecked: stated.docs.length > 0,
    redactionChecked,
  });
  return {
    record: 'usage_trace',
    schema_version: SCHEMA_VERSION,
    run_id: stated.runId,
    checked_at: observed.checkedAt,
    source_urls: stated.docs.map((page) => page.url),
    request_family:
      stated.contractCheck && observed.family !== 'mixed' ? `${observed.family}-contract-check` : observed.family,
    credential_redacted: redactionChecked,
    result_class: judged.resultClass,
    failure_class: judged.failureClass,
    notes: stated.notes,
    not_asserted: NOT_ASSERTED,
    redaction_check: redactionCheck,
    sources: stated.docs,
    evidence: stated.evidence,
    workflow: stated.workflow,
    wrapper_used: observed.wrapper,
    wrapper_name: envelope.library.name,
    agent_surface: stated.agentSurface,
    agent_version: stated.agentVersion,
    instructions_reviewed: stated.instructionsReviewed,
    model_verified_by: stated.modelVerifiedBy,
    attempt_count: observed.attemptCount,
    usage: observed.usage,
    calls: observed.calls,
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
