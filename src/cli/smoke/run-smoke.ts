import type { CallFacts } from '../../facts/call-facts';
import { draftRetryEvidence, type RetryEvidence } from '../../records/retry-evidence/retry-evidence';
import { draftRunCard, type RunCard, type RunCardAnnotations } from '../../records/run-card/run-card';
import type { Annotations } from '../../records/shared/annotations';
import type { CheckedFamily } from '../../records/shared/minimal-request';
import { outcomeOf } from '../../records/shared/outcome';
import type { RecordSource } from '../../records/shared/record-source';
import type { Draft } from '../../records/shared/seal-record';
import { draftUsageTrace, type UsageTrace } from '../../records/usage-trace/usage-trace';
import type { CheckSession } from '../checks/check-session';
import { smokeAssertions } from './smoke-assertions';
import { type ErrorPath, EXPECTED_FAILURE, failingRequest, happyRequest } from './smoke-requests';

/** The inputs of a smoke run. */
export interface SmokePlan {
  readonly family: CheckedFamily;
  readonly model: string;
  readonly errorPath: ErrorPath;
  /** Prefix of the request ids. */
  readonly requestId: string;
  readonly annotations: RunCardAnnotations;
  readonly source: RecordSource;
}

/** The records of a smoke run, before they are searched for secrets and sealed. */
export interface SmokeRecords {
  readonly usageTrace: Draft<UsageTrace>;
  readonly retryEvidence: Draft<RetryEvidence>;
  readonly runCard: Draft<RunCard>;
}

/** The maximum number of requests of a smoke run. */
export const SMOKE_REQUESTS = 2;

/**
 * Sends one minimal call and one negative check, and drafts the records of both.
 *
 * @param tell called with a description of each step
 * @throws LeakFoundError if a sink contains a secret; no further request is sent
 */
export async function runSmoke(
  plan: SmokePlan,
  session: CheckSession,
  report: (step: string) => void,
): Promise<SmokeRecords> {
  const { family, model, errorPath, requestId } = plan;
  const happy = await session.send(happyRequest(family, model, session, `${requestId}-001`));
  report(`happy path: ${describeCall(happy.facts)}`);
  const hasAnswer = outcomeOf(happy.facts).resultClass === 'pass';
  if (!hasAnswer) {
    report('error path: skipped, because the happy path failed');
    return recordsOf(plan, session, happy.facts, undefined);
  }
  const failing = failingRequest(family, model, session, `${requestId}-002`, errorPath);
  const failure = await session.send(failing);
  report(`error path: ${describeCall(failure.facts)}`);
  return recordsOf(plan, session, happy.facts, failure.facts);
}

function recordsOf(
  { family, errorPath, annotations, source }: SmokePlan,
  session: CheckSession,
  happy: CallFacts,
  failure: CallFacts | undefined,
): SmokeRecords {
  const category = EXPECTED_FAILURE[errorPath];
  const said: Annotations = {
    ...annotations,
    contractCheck: true,
    expectedErrors: failure === undefined ? [] : [{ callId: failure.callId, category }],
  };
  const calls = failure === undefined ? [happy] : [happy, failure];
  const assertions = smokeAssertions({
    family,
    happy,
    failure,
    metItsFailure: failure !== undefined && outcomeOf(failure, category).resultClass === 'pass',
    docsChecked: (annotations.docsChecked ?? []).length > 0,
    hasNote: annotations.notes !== undefined,
  });
  const context = { source, redactor: session.redactor };
  return {
    usageTrace: draftUsageTrace(calls, said, context),
    retryEvidence: draftRetryEvidence(happy, said, context),
    runCard: draftRunCard(
      calls,
      { ...said, decision: annotations.decision, approvedBy: annotations.approvedBy },
      { ...context, assertions },
    ),
  };
}

function describeCall({ status, category, durationMs, attempts }: CallFacts): string {
  const outcome = category === 'none' ? 'completed' : category;
  return `status ${status ?? 'none'}, ${outcome}, ${attempts.length} request, ${Math.round(durationMs)} ms`;
}
