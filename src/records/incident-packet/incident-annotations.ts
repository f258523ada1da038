import { type Label, label } from '../../facts/identifier';
import type { SecretGuard } from '../../facts/redaction/redactor';
import {
  type CheckedDeclared,
  checkDeclared,
  type Declared,
  type DeclaredText,
  declaredText,
  nameLabel,
  pageLabel,
} from '../shared/annotations';
import { checkClaims } from '../shared/claim-values';

/** Operator annotations about an incident. Text is redacted, shortened and stripped of control characters. */
export interface DeclaredIncident
  extends Pick<
    Declared,
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
  readonly shared: CheckedDeclared;
  readonly incidentId: Label<'name'> | null;
  readonly workflow: DeclaredText | null;
  readonly symptom: DeclaredText | null;
  readonly question: DeclaredText | null;
  readonly verifiedModel: Label<'model'> | null;
  readonly verifiedBy: Label<'docs_url'> | 'account' | null;
  readonly links: readonly Label<'docs_url'>[];
  readonly guesses: readonly DeclaredText[];
  readonly operatorResult: 'pass' | 'fail' | 'needs-follow-up' | null;
  readonly window: readonly [from: Label<'timestamp'>, to: Label<'timestamp'>] | null;
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
export function checkIncident(declared: DeclaredIncident, guard: SecretGuard): CheckedIncident {
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
  } = declared;
  const shared = checkDeclared(
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
    guard,
  );
  let { claimNeedsEvidence, dropped } = shared;
  const kept = <T>(value: T | undefined, given: unknown): T | null => {
    dropped ||= value === undefined && given !== undefined && given !== null;
    return value ?? null;
  };
  const claimless = (text: DeclaredText): DeclaredText => {
    const checked = checkClaims(text, shared.evidence !== null);
    claimNeedsEvidence ||= checked.claimed && shared.evidence === null;
    // The cast is safe: `text` is already redacted, and the replacement is a constant.
    return checked.text as DeclaredText;
  };
  const prose = (value: unknown): DeclaredText | null => {
    const text = kept(declaredText(value, MAX_TEXT, guard), value);
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

  const model = kept(label('model', declared.verifiedModel, guard), declared.verifiedModel);
  const isVerified = model !== null && shared.modelVerifiedBy !== null;
  dropped ||= model !== null && !isVerified;
  const checked = {
    shared,
    incidentId: kept(nameLabel(declared.incidentId, guard), declared.incidentId),
    // A workflow name is not a claim, even if it contains a word such as "billing".
    workflow: kept(declaredText(declared.workflow, MAX_WORKFLOW, guard), declared.workflow),
    symptom: prose(declared.symptom),
    question: prose(declared.question),
    verifiedModel: isVerified ? model : null,
    verifiedBy: isVerified ? shared.modelVerifiedBy : null,
    links: list(declared.links, MAX_LINKS, (value) => kept(pageLabel(value, guard), value)),
    guesses: list(declared.guesses, MAX_GUESSES, prose),
    operatorResult: RESULTS.includes(declared.operatorResult) ? (declared.operatorResult ?? null) : null,
    window: kept(window(declared.window, guard), declared.window),
  };
  return { ...checked, claimNeedsEvidence, dropped };
}

function window(
  value: DeclaredIncident['window'],
  guard: SecretGuard,
): readonly [Label<'timestamp'>, Label<'timestamp'>] | undefined {
  const from = label('timestamp', value?.from, guard);
  const to = label('timestamp', value?.to, guard);
  return from === undefined || to === undefined || to < from ? undefined : [from, to];
}
