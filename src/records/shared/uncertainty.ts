import type { CallFacts } from '../../facts/call-facts';
import { familyRow } from '../../facts/endpoints';
import type { CheckedAnnotations } from './annotations';
import type { Outcome, RedactionCheck, Uncertainty } from './enums';
import type { RecordEnvelope } from './envelope';

/** Open questions that follow from the facts. */
export function uncertaintyOfFacts(
  calls: readonly CallFacts[],
  envelope: RecordEnvelope,
  outcomes: readonly Outcome[],
): readonly Uncertainty[] {
  return where([
    ['simulator_not_cometapi', envelope.upstream === 'simulator'],
    ['upstream_not_cometapi', envelope.upstream === 'other'],
    ['outcome_needs_follow_up', outcomes.some((outcome) => outcome.resultClass === 'needs_follow_up')],
    ['error_category_unclear', calls.some((call) => call.category === 'unknown')],
    ['usage_not_reported', calls.some(lacksUsage)],
    ['request_id_missing', calls.some((call) => call.ending === 'failed' && call.requestId === undefined)],
    ['may_be_billed_twice', calls.some((call) => call.maybeSentTwice)],
    ['settings_differ_between_calls', envelope.settingsDiffer],
  ]);
}

/** Open questions that follow from missing annotations, or from claims without a source. */
export function uncertaintyOfAnnotations(stated: CheckedAnnotations): readonly Uncertainty[] {
  return where([
    ['docs_not_checked', stated.docs.length === 0],
    ['environment_not_declared', stated.environmentName === null],
    ['model_not_verified', stated.modelVerifiedBy === null],
    ['claim_needs_evidence', stated.claimNeedsEvidence],
    ['declared_value_dropped', stated.dropped],
  ]);
}

export function uncertaintyOfRedaction(redactionCheck: RedactionCheck): readonly Uncertainty[] {
  return where([['redaction_not_checked', redactionCheck === 'not_checked']]);
}

function lacksUsage(call: CallFacts): boolean {
  const generatesText = familyRow(call.family).provider !== undefined;
  return generatesText && call.ending === 'completed' && call.response?.usage === undefined;
}

function where(found: readonly (readonly [Uncertainty, boolean])[]): readonly Uncertainty[] {
  return found.filter(([, isOpen]) => isOpen).map(([word]) => word);
}
