import { type Label, label } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';
import { checkClaims } from './claim-words';
import {
  type CheckedDeclared,
  checkDeclared,
  type Declared,
  type DeclaredText,
  declaredText,
  nameLabel,
  pageLabel,
} from './declared';

/** What the operator says of an incident. Text is scrubbed, stripped of control characters and bounded. */
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
  /** Which workflow was affected. At most 128 characters are kept. */
  readonly workflow?: string | undefined;
  /** What a user saw. At most 500 characters are kept. */
  readonly symptom?: string | undefined;
  /** The one question to support: narrow, and tied to the documentation. At most 500 characters are kept. */
  readonly question?: string | undefined;
  /** A model identifier that was verified; it counts only together with `verifiedBy`. */
  readonly verifiedModel?: string | undefined;
  /** Where it was verified: a documentation URL, or `account`. */
  readonly verifiedBy?: string | undefined;
  /** Pages that belong to the incident: a runbook, an incident record. https, without a query. */
  readonly links?: readonly string[] | undefined;
  /** What somebody suspects; kept apart from what was observed. */
  readonly guesses?: readonly string[] | undefined;
  readonly operatorResult?: 'pass' | 'fail' | 'needs-follow-up' | undefined;
  /** When it was observed, where no call tells: two UTC timestamps. */
  readonly window?: { readonly from: string; readonly to: string } | undefined;
}

/** The declared words of an incident as they may enter a packet. */
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

/** The only way from the operator's words into a packet. Never throws, whatever it is given. */
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
    // Scrubbed before; the replacement is a constant of ours.
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
    // A name of a workflow claims nothing, whatever words it is made of.
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
