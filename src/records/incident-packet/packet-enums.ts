import type { RedactionCheck, Uncertainty } from '../shared/enums';
import { uncertaintyOfRedaction } from '../shared/uncertainty';
import type { CheckedIncident } from './incident-annotations';
import type { IncidentFacts } from './incident-facts';

/** Claims that a support packet never makes. */
export const PACKET_NOT_ASSERTED = [
  'uptime',
  'rate_limits',
  'pricing',
  'model_availability',
  'latency_guarantees',
  'billing_impact',
  'root_cause',
] as const;
export type PacketNotAsserted = (typeof PACKET_NOT_ASSERTED)[number];

/** Evidence that a packet should contain but does not. A packet names the gap and never fills it. */
export type EvidenceGap =
  | 'no_call_observed'
  | 'workflow_not_stated'
  | 'symptom_not_stated'
  | 'question_not_stated'
  | 'incident_id_not_stated'
  | 'request_id_missing'
  | 'trace_id_missing'
  | 'time_window_unknown'
  | 'no_safe_reproduction_known'
  | 'docs_not_checked';

/**
 * The name of a field that differs between the two compared environments.
 *
 * @pattern ^environment_differs:[a-z_.]{1,60}$
 */
export type EnvironmentDifference = `environment_differs:${string}`;

export type StillToVerify = Uncertainty | 'model_detail' | 'verified_model_differs' | EnvironmentDifference;

export function evidenceGaps(observed: IncidentFacts | undefined, stated: CheckedIncident): readonly EvidenceGap[] {
  return where([
    ['no_call_observed', observed === undefined],
    ['workflow_not_stated', stated.workflow === null],
    ['symptom_not_stated', stated.symptom === null],
    ['question_not_stated', stated.question === null],
    ['incident_id_not_stated', stated.incidentId === null],
    ['request_id_missing', observed !== undefined && observed.subject.requestId === undefined],
    ['trace_id_missing', observed !== undefined && observed.subject.traceId === undefined],
    ['time_window_unknown', observed === undefined && stated.window === null],
    ['no_safe_reproduction_known', observed === undefined || observed.curl === null],
    ['docs_not_checked', stated.shared.docs.length === 0],
  ]);
}

/** Returns the open questions. Excludes evidence gaps, because the packet lists them separately. */
export function stillToVerify(
  observed: IncidentFacts | undefined,
  stated: CheckedIncident,
  mismatches: readonly string[],
  redactionCheck: RedactionCheck,
): readonly StillToVerify[] {
  const asked = observed?.subject.request.model;
  const isOther = stated.verifiedModel !== null && asked !== undefined && asked !== stated.verifiedModel;
  return [
    ...where<StillToVerify>([
      ['model_detail', stated.verifiedModel === null],
      ['verified_model_differs', isOther],
      ['environment_not_declared', stated.shared.environmentName === null],
      ['claim_needs_evidence', stated.claimNeedsEvidence],
      ['declared_value_dropped', stated.dropped],
    ]),
    ...(observed?.uncertainty.filter((word) => word !== 'request_id_missing') ?? []),
    ...uncertaintyOfRedaction(redactionCheck),
    ...mismatches.filter(isKnownField).map((name): EnvironmentDifference => `environment_differs:${name}`),
  ];
}

/** Accepts only known field names: the other environment can come from a forged file. */
function isKnownField(name: string): boolean {
  return /^(?:upstream|name|os|runtime|sdks|runtime\.(?:name|version)|settings(?:\.[a-z_]{1,40})?)$/.test(name);
}

function where<Word extends string>(found: readonly (readonly [Word, boolean])[]): readonly Word[] {
  return found.filter(([, isOpen]) => isOpen).map(([word]) => word);
}
