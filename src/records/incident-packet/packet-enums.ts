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

/** The name of a field that differs between the two compared environments. */
export type EnvironmentDifference = `environment_differs:${string}`;

export type StillToVerify = Uncertainty | 'model_detail' | 'verified_model_differs' | EnvironmentDifference;

export function evidenceGaps(seen: IncidentFacts | undefined, said: CheckedIncident): readonly EvidenceGap[] {
  return where([
    ['no_call_observed', seen === undefined],
    ['workflow_not_stated', said.workflow === null],
    ['symptom_not_stated', said.symptom === null],
    ['question_not_stated', said.question === null],
    ['incident_id_not_stated', said.incidentId === null],
    ['request_id_missing', seen !== undefined && seen.subject.requestId === undefined],
    ['trace_id_missing', seen !== undefined && seen.subject.traceId === undefined],
    ['time_window_unknown', seen === undefined && said.window === null],
    ['no_safe_reproduction_known', seen === undefined || seen.curl === null],
    ['docs_not_checked', said.shared.docs.length === 0],
  ]);
}

/** Returns the open questions. Excludes evidence gaps, because the packet lists them separately. */
export function stillToVerify(
  seen: IncidentFacts | undefined,
  said: CheckedIncident,
  mismatches: readonly string[],
  redactionCheck: RedactionCheck,
): readonly StillToVerify[] {
  const asked = seen?.subject.request.model;
  const isOther = said.verifiedModel !== null && asked !== undefined && asked !== said.verifiedModel;
  return [
    ...where<StillToVerify>([
      ['model_detail', said.verifiedModel === null],
      ['verified_model_differs', isOther],
      ['environment_not_declared', said.shared.environmentName === null],
      ['claim_needs_evidence', said.claimNeedsEvidence],
      ['declared_value_dropped', said.dropped],
    ]),
    ...(seen?.uncertainty.filter((word) => word !== 'request_id_missing') ?? []),
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
