import { type Label, label } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';
import type { ErrorCategory } from '../facts/words';
import { checkClaims } from './claim-words';
import { holdsToken, redactTokens } from './token-shapes';
import { isErrorCategory } from './values';

/**
 * What the operator says. Identifiers go through the grammar of labels; free text is scrubbed, stripped of control
 * characters and bounded. What does not fit is left out, and the record says that something was.
 */
export interface Declared {
  readonly runId?: string | undefined;
  readonly workflow?: string | undefined;
  /** local, staging, production, ci */
  readonly environmentName?: string | undefined;
  /** Documentation pages that were checked, `URL@YYYY-MM-DD` or both apart. */
  readonly docsChecked?: readonly (string | { readonly url: string; readonly accessedOn: string })[] | undefined;
  /** For a usage trace; where it is missing, `operatorNote` is taken. At most 500 characters are kept. */
  readonly notes?: string | undefined;
  /** For retry evidence; where it is missing, `notes` is taken. At most 500 characters are kept. */
  readonly operatorNote?: string | undefined;
  /** The source of claims in a note (price, quota, uptime, …): a documentation URL or `account`. Without it they are replaced. */
  readonly evidence?: string | undefined;
  readonly operatorResult?: 'pass' | 'fail' | undefined;
  /** A name for the command that was run; never its arguments. */
  readonly commandLabel?: string | undefined;
  /** Where in continuous integration it ran. */
  readonly ranBy?: DeclaredRun | undefined;
  /** Paths, or how many. */
  readonly changedFiles?: readonly string[] | number | undefined;
  /** Whether the instructions and the memory of the coding agent were reviewed before the run. */
  readonly instructionsReviewed?: boolean | undefined;
  /** The coding agent whose calls these are. */
  readonly agent?: { readonly surface: string; readonly version?: string | undefined } | undefined;
  /** Where the model was verified: a documentation URL or `account`. */
  readonly modelVerifiedBy?: string | undefined;
  /** These calls were checks of a contract, not ordinary work. @default false */
  readonly contractCheck?: boolean | undefined;
  /** Calls that were meant to fail, and how: deliberate error-path checks. */
  readonly expectedErrors?: readonly { readonly callId: string; readonly category: string }[] | undefined;
}

/** A place in continuous integration. */
export interface DeclaredRun {
  readonly provider: string;
  readonly workflow?: string | undefined;
  readonly job?: string | undefined;
  readonly step?: string | undefined;
  readonly runId?: string | undefined;
}

declare const scrubbed: unique symbol;
/** Free text of the operator after the scrubber. Made only here. */
export type DeclaredText = string & { readonly [scrubbed]: true };

export interface CheckedDocumentation {
  readonly url: Label<'docs_url'>;
  readonly accessed_on: Label<'date'>;
}

export interface CheckedRun {
  readonly provider: Label<'name'> | null;
  readonly workflow: DeclaredText | null;
  readonly job: DeclaredText | null;
  readonly step: DeclaredText | null;
  readonly runId: Label<'name'> | null;
}

/** The declared words as they may enter a record; `null` is "nobody said". */
export interface CheckedDeclared {
  readonly runId: Label<'name'> | null;
  readonly workflow: Label<'name'> | null;
  readonly environmentName: Label<'name'> | null;
  readonly docs: readonly CheckedDocumentation[];
  readonly notes: DeclaredText | null;
  readonly operatorNote: DeclaredText | null;
  readonly evidence: Label<'docs_url'> | 'account' | null;
  readonly operatorResult: 'pass' | 'fail' | null;
  readonly commandLabel: DeclaredText | null;
  readonly ranBy: CheckedRun | null;
  readonly changedFiles: readonly DeclaredText[] | number | null;
  readonly instructionsReviewed: 'yes' | 'no' | 'not_stated';
  readonly agentSurface: Label<'name'> | null;
  readonly agentVersion: Label<'version'> | null;
  readonly modelVerifiedBy: Label<'docs_url'> | 'account' | null;
  readonly contractCheck: boolean;
  /** Which failure each of these calls was meant to meet, by call id. */
  readonly expectedErrors: ReadonlyMap<string, ErrorCategory>;
  /** A note claimed what a call cannot show, without a source. */
  readonly claimNeedsEvidence: boolean;
  /** Something was said that did not fit and was left out. */
  readonly dropped: boolean;
}

const MAX_NOTE = 500;
const MAX_SHORT = 128;
const MAX_FILES = 50;
const MAX_PATH = 200;
/** As many characters as the scrubber looks at. */
const MAX_LOOKED_AT = 65_536;

/** Nothing to see, but enough to split a key in two for the scrubber: removed before it looks. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** The only way from the operator's words into a record. Never throws, whatever it is given. */
export function checkDeclared(declared: Declared, guard: SecretGuard): CheckedDeclared {
  let dropped = false;
  let claimNeedsEvidence = false;
  const kept = <T>(value: T | undefined, given: unknown): T | null => {
    dropped ||= value === undefined && given !== undefined && given !== null;
    return value ?? null;
  };
  const id = (value: unknown): Label<'name'> | null => kept(label('name', value, guard), value);
  const name = (value: unknown): Label<'name'> | null => kept(nameLabel(value, guard), value);
  const text = (value: unknown, maxLength: number): DeclaredText | null =>
    kept(declaredText(value, maxLength, guard), value);
  const source = (value: unknown): Label<'docs_url'> | 'account' | null =>
    value === 'account' ? value : kept(pageLabel(value, guard), value);

  const evidence = source(declared.evidence);
  const note = (value: unknown): DeclaredText | null => {
    const clean = text(value, MAX_NOTE);
    if (clean === null) {
      return null;
    }
    const checked = checkClaims(clean, evidence !== null);
    claimNeedsEvidence ||= checked.claimed && evidence === null;
    // Scrubbed above; the replacement is a constant of ours.
    return cut(checked.text, MAX_NOTE) as DeclaredText;
  };
  const listed = listOf(declared.docsChecked);
  const docs = listed.map((page) => documentation(page, guard)).filter((page) => page !== undefined);
  dropped ||= docs.length < listed.length;

  const ranBy = objectOf(declared.ranBy);
  const agent = objectOf(declared.agent);
  return {
    runId: id(declared.runId),
    workflow: name(declared.workflow),
    environmentName: name(declared.environmentName),
    docs,
    notes: note(declared.notes ?? declared.operatorNote),
    operatorNote: note(declared.operatorNote ?? declared.notes),
    evidence,
    operatorResult:
      declared.operatorResult === 'pass' || declared.operatorResult === 'fail' ? declared.operatorResult : null,
    commandLabel: text(declared.commandLabel, MAX_SHORT),
    ranBy:
      ranBy === undefined
        ? null
        : {
            provider: name(ranBy['provider']),
            workflow: text(ranBy['workflow'], MAX_SHORT),
            job: text(ranBy['job'], MAX_SHORT),
            step: text(ranBy['step'], MAX_SHORT),
            runId: id(ranBy['runId']),
          },
    changedFiles: changedFiles(declared.changedFiles, guard),
    instructionsReviewed: reviewed(declared.instructionsReviewed),
    agentSurface: name(agent?.['surface']),
    agentVersion: kept(label('version', agent?.['version'], guard), agent?.['version']),
    modelVerifiedBy: source(declared.modelVerifiedBy),
    contractCheck: declared.contractCheck === true,
    expectedErrors: expectedErrors(declared.expectedErrors),
    claimNeedsEvidence,
    dropped,
  };
}

/** `value` scrubbed and bounded; `undefined` when it is no text or nothing of it is left. */
export function declaredText(value: unknown, maxLength: number, guard: SecretGuard): DeclaredText | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const visible = value.slice(0, MAX_LOOKED_AT).toWellFormed().replace(INVISIBLE, '');
  // Cut last: half of a secret would not be seen.
  const clean = cut(redactTokens(guard.scrub(visible, 2 * MAX_LOOKED_AT)).trim(), maxLength);
  // The scrubber has just made it what the type claims.
  return clean === '' ? undefined : (clean as DeclaredText);
}

/** A name that people give to something; a run may have that of a commit, which looks like a key. */
export function nameLabel(value: unknown, guard: SecretGuard): Label<'name'> | undefined {
  const name = label('name', value, guard);
  return name === undefined || holdsToken(name) ? undefined : name;
}

/** The address of a page, without anything in it that could be a key. */
export function pageLabel(value: unknown, guard: SecretGuard): Label<'docs_url'> | undefined {
  const page = label('docs_url', value, guard);
  return page === undefined || holdsToken(page) ? undefined : page;
}

function documentation(value: unknown, guard: SecretGuard): CheckedDocumentation | undefined {
  const at = typeof value === 'string' ? value.lastIndexOf('@') : -1;
  const page =
    typeof value === 'string'
      ? { url: value.slice(0, Math.max(at, 0)), accessedOn: value.slice(at + 1) }
      : objectOf(value);
  const url = pageLabel(page?.['url'], guard);
  const accessedOn = label('date', page?.['accessedOn'], guard);
  const isDay = accessedOn !== undefined && !Number.isNaN(Date.parse(`${accessedOn}T00:00:00Z`));
  return url === undefined || !isDay ? undefined : { url, accessed_on: accessedOn };
}

function changedFiles(value: unknown, guard: SecretGuard): readonly DeclaredText[] | number | null {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value >= 0 ? value : null;
  }
  if (!Array.isArray(value)) {
    return null;
  }
  const paths = value.map((path) => declaredText(path, MAX_PATH, guard)).filter((path) => path !== undefined);
  // A list nobody reads to its end says less than its length.
  return paths.length === value.length && paths.length <= MAX_FILES ? paths : value.length;
}

function expectedErrors(value: unknown): ReadonlyMap<string, ErrorCategory> {
  const expected = new Map<string, ErrorCategory>();
  for (const entry of listOf(value)) {
    const { callId, category } = objectOf(entry) ?? {};
    if (typeof callId === 'string' && isErrorCategory(category)) {
      expected.set(callId, category);
    }
  }
  return expected;
}

function reviewed(value: unknown): 'yes' | 'no' | 'not_stated' {
  if (typeof value !== 'boolean') {
    return 'not_stated';
  }
  return value ? 'yes' : 'no';
}

function cut(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…`.toWellFormed() : text;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // Any object may be read by name; what is read is checked.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}
