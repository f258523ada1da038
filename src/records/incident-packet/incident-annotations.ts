import { type Identifier, identifier } from '../../facts/identifier';
import type { Redactor } from '../../facts/redaction/redactor';
import {
  type Annotations,
  type AnnotationText,
  annotationText,
  type CheckedAnnotations,
  checkAnnotations,
  nameIdentifier,
  pageIdentifier,
} from '../shared/annotations';
import { checkClaims } from '../shared/claim-values';

/** Operator annotations about an incident. Text is redacted, shortened and stripped of control characters. */
export interface IncidentAnnotations
  extends Pick<
    Annotations,
    | 'runId'
    | 'environmentName'
    | 'docsChecked'
    | 'notes'
    | 'evidence'
    | 'commandLabel'
    | 'ranBy'
    | 'changedFiles'
    | 'contractCheck'
  > {
  readonly incidentId?: string | undefined;
  /** The affected workflow. Only the first 128 characters are kept. */
  readonly workflow?: string | undefined;
  /** The symptom that a user saw. Only the first 500 characters are kept. */
  readonly symptom?: string | undefined;
  /** One narrow question to support, about documented behavior. Only the first 500 characters are kept. */
  readonly question?: string | undefined;
  /** A verified model identifier. It is ignored without `verifiedBy`. */
  readonly verifiedModel?: string | undefined;
  /** The source that verified the model: a documentation URL, or `account`. */
  readonly verifiedBy?: string | undefined;
  /** Pages about the incident, such as a runbook. Only https URLs without a query are kept. */
  readonly links?: readonly string[] | undefined;
  /** Suspected causes. The packet lists them separately from facts. */
  readonly guesses?: readonly string[] | undefined;
  readonly operatorResult?: 'pass' | 'fail' | 'needs-follow-up' | undefined;
  /** The time of the incident, as two UTC timestamps. Used only if the packet contains no call. */
  readonly window?: { readonly from: string; readonly to: string } | undefined;
}

/** Incident annotations after validation and redaction. */
export interface CheckedIncident {
  readonly shared: CheckedAnnotations;
  readonly incidentId: Identifier<'name'> | null;
  readonly workflow: AnnotationText | null;
  readonly symptom: AnnotationText | null;
  readonly question: AnnotationText | null;
  readonly verifiedModel: Identifier<'model'> | null;
  readonly verifiedBy: Identifier<'docs_url'> | 'account' | null;
  readonly links: readonly Identifier<'docs_url'>[];
  readonly guesses: readonly AnnotationText[];
  readonly operatorResult: 'pass' | 'fail' | 'needs-follow-up' | null;
  readonly window: readonly [from: Identifier<'timestamp'>, to: Identifier<'timestamp'>] | null;
  readonly claimNeedsEvidence: boolean;
  readonly dropped: boolean;
}

const MAX_WORKFLOW = 128;
const MAX_TEXT = 500;
const MAX_GUESSES = 10;
const MAX_LINKS = 20;
const RESULTS: readonly unknown[] = ['pass', 'fail', 'needs-follow-up'];

/**
 * Validates and redacts incident annotations. Every annotation in a packet passes through here.
 * Drops invalid values instead of throwing.
 */
export function checkIncident(annotations: IncidentAnnotations, redactor: Redactor): CheckedIncident {
  const {
    runId,
    environmentName,
    docsChecked,
    notes,
    evidence,
    commandLabel,
    ranBy,
    changedFiles,
    contractCheck,
    verifiedBy,
  } = annotations;
  const shared = checkAnnotations(
    {
      runId,
      environmentName,
      docsChecked,
      notes,
      evidence,
      commandLabel,
      ranBy,
      changedFiles,
      contractCheck,
      modelVerifiedBy: verifiedBy,
    },
    redactor,
  );
  let { claimNeedsEvidence, dropped } = shared;
  const kept = <T>(value: T | undefined, given: unknown): T | null => {
    dropped ||= value === undefined && given !== undefined && given !== null;
    return value ?? null;
  };
  const claimless = (text: AnnotationText): AnnotationText => {
    const checked = checkClaims(text, shared.evidence !== null);
    claimNeedsEvidence ||= checked.claimed && shared.evidence === null;
    // The cast is safe: `text` is already redacted, and the replacement is a constant.
    return checked.text as AnnotationText;
  };
  const prose = (value: unknown): AnnotationText | null => {
    const text = kept(annotationText(value, MAX_TEXT, redactor), value);
    return text === null ? null : claimless(text);
  };
  const list = <T>(given: unknown, max: number, check: (value: unknown) => T | null): readonly T[] => {
    const values: readonly unknown[] = Array.isArray(given) ? given : [];
    dropped ||= values.length > max;
    return values
      .slice(0, max)
      .map(check)
      .filter((value) => value !== null);
  };

  const model = kept(identifier('model', annotations.verifiedModel, redactor), annotations.verifiedModel);
  const isVerified = model !== null && shared.modelVerifiedBy !== null;
  dropped ||= model !== null && !isVerified;
  const checked = {
    shared,
    incidentId: kept(nameIdentifier(annotations.incidentId, redactor), annotations.incidentId),
    // A workflow name is not a claim, even if it contains a word such as "billing".
    workflow: kept(annotationText(annotations.workflow, MAX_WORKFLOW, redactor), annotations.workflow),
    symptom: prose(annotations.symptom),
    question: prose(annotations.question),
    verifiedModel: isVerified ? model : null,
    verifiedBy: isVerified ? shared.modelVerifiedBy : null,
    links: list(annotations.links, MAX_LINKS, (value) => kept(pageIdentifier(value, redactor), value)),
    guesses: list(annotations.guesses, MAX_GUESSES, prose),
    operatorResult: RESULTS.includes(annotations.operatorResult) ? (annotations.operatorResult ?? null) : null,
    window: kept(window(annotations.window, redactor), annotations.window),
  };
  return { ...checked, claimNeedsEvidence, dropped };
}

function window(
  value: IncidentAnnotations['window'],
  redactor: Redactor,
): readonly [Identifier<'timestamp'>, Identifier<'timestamp'>] | undefined {
  const from = identifier('timestamp', value?.from, redactor);
  const to = identifier('timestamp', value?.to, redactor);
  return from === undefined || to === undefined || to < from ? undefined : [from, to];
}
