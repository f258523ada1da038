import type { ErrorCategory } from '../../facts/enums';
import { type Identifier, identifier } from '../../facts/identifier';
import type { Redactor } from '../../facts/redaction/redactor';
import type { Count } from '../../facts/value-types';
import { checkClaims } from './claim-values';
import { isErrorCategory } from './enums';
import { holdsToken, redactTokens } from './token-shapes';

/**
 * Annotations of the operator. Identifiers must match a strict pattern. Free text is redacted, stripped of control
 * characters and shortened. Invalid values are omitted, and the record reports `declared_value_dropped`.
 */
export interface Annotations {
  readonly runId?: string | undefined;
  readonly workflow?: string | undefined;
  /** For example local, staging, production or ci. */
  readonly environmentName?: string | undefined;
  /** The documentation pages that were checked: `URL@YYYY-MM-DD`, or an object with both values. */
  readonly docsChecked?: readonly (string | { readonly url: string; readonly accessedOn: string })[] | undefined;
  /** A note for a usage trace, at most 500 characters. @default the value of `operatorNote` */
  readonly notes?: string | undefined;
  /** A note for retry evidence, at most 500 characters. @default the value of `notes` */
  readonly operatorNote?: string | undefined;
  /**
   * The source of claims in a note (price, quota, uptime, …): a documentation URL or `account`. Without a source, the
   * claims are replaced.
   */
  readonly evidence?: string | undefined;
  readonly operatorResult?: 'pass' | 'fail' | undefined;
  /** A name for the command that ran. Do not include its arguments. */
  readonly commandLabel?: string | undefined;
  /** The continuous integration job that made the calls. */
  readonly ranBy?: RunAnnotations | undefined;
  /** The paths of changed files, or their number. */
  readonly changedFiles?: readonly string[] | number | undefined;
  /** True if the instructions and memory of the coding agent were reviewed before the run. */
  readonly instructionsReviewed?: boolean | undefined;
  /** The coding agent that made the calls. */
  readonly agent?: { readonly surface: string; readonly version?: string | undefined } | undefined;
  /** The source that verified the model: a documentation URL or `account`. */
  readonly modelVerifiedBy?: string | undefined;
  /** True if the calls were contract checks, not ordinary work. @default false */
  readonly contractCheck?: boolean | undefined;
  /** Deliberate error-path checks: the calls that should fail, with the expected error category. */
  readonly expectedErrors?: readonly { readonly callId: string; readonly category: string }[] | undefined;
}

/** A continuous integration job. */
export interface RunAnnotations {
  readonly provider: string;
  readonly workflow?: string | undefined;
  readonly job?: string | undefined;
  readonly step?: string | undefined;
  readonly runId?: string | undefined;
}

declare const scrubbed: unique symbol;
/**
 * Redacted free text of the operator, on one line. Only this file creates it. Redaction can lengthen the text, so the
 * limit is above that of the input.
 *
 * @minLength 1
 * @maxLength 8192
 * @pattern ^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$
 */
export type AnnotationText = string & { readonly [scrubbed]: true };

export interface CheckedDocumentation {
  readonly url: Identifier<'docs_url'>;
  readonly accessed_on: Identifier<'date'>;
}

export interface CheckedRun {
  readonly provider: Identifier<'name'> | null;
  readonly workflow: AnnotationText | null;
  readonly job: AnnotationText | null;
  readonly step: AnnotationText | null;
  readonly runId: Identifier<'name'> | null;
}

/** Checked annotations, safe for a record. `null` means not stated. */
export interface CheckedAnnotations {
  readonly runId: Identifier<'name'> | null;
  readonly workflow: Identifier<'name'> | null;
  readonly environmentName: Identifier<'name'> | null;
  readonly docs: readonly CheckedDocumentation[];
  readonly notes: AnnotationText | null;
  readonly operatorNote: AnnotationText | null;
  readonly evidence: Identifier<'docs_url'> | 'account' | null;
  readonly operatorResult: 'pass' | 'fail' | null;
  readonly commandLabel: AnnotationText | null;
  readonly ranBy: CheckedRun | null;
  readonly changedFiles: readonly AnnotationText[] | Count | null;
  readonly instructionsReviewed: 'yes' | 'no' | 'not_stated';
  readonly agentSurface: Identifier<'name'> | null;
  readonly agentVersion: Identifier<'version'> | null;
  readonly modelVerifiedBy: Identifier<'docs_url'> | 'account' | null;
  readonly contractCheck: boolean;
  /** The expected error category by call id. */
  readonly expectedErrors: ReadonlyMap<string, ErrorCategory>;
  /** True if a note makes a claim that a call cannot prove, without a source. */
  readonly claimNeedsEvidence: boolean;
  /** True if an invalid value was omitted. */
  readonly dropped: boolean;
}

const MAX_NOTE = 500;
const MAX_SHORT = 128;
const MAX_FILES = 50;
const MAX_PATH = 200;
/** The number of characters that the secret guard reads. */
const MAX_LOOKED_AT = 65_536;

/** Invisible characters. They could split a key so that redaction misses it, so they are removed first. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** Checks annotations before they enter a record. Never throws for any input. */
export function checkAnnotations(annotations: Annotations, redactor: Redactor): CheckedAnnotations {
  let dropped = false;
  let claimNeedsEvidence = false;
  const kept = <T>(value: T | undefined, given: unknown): T | null => {
    dropped ||= value === undefined && given !== undefined && given !== null;
    return value ?? null;
  };
  const id = (value: unknown): Identifier<'name'> | null => kept(identifier('name', value, redactor), value);
  const name = (value: unknown): Identifier<'name'> | null => kept(nameIdentifier(value, redactor), value);
  const text = (value: unknown, maxLength: number): AnnotationText | null =>
    kept(annotationText(value, maxLength, redactor), value);
  const source = (value: unknown): Identifier<'docs_url'> | 'account' | null =>
    value === 'account' ? value : kept(pageIdentifier(value, redactor), value);

  const evidence = source(annotations.evidence);
  const note = (value: unknown): AnnotationText | null => {
    const clean = text(value, MAX_NOTE);
    if (clean === null) {
      return null;
    }
    const checked = checkClaims(clean, evidence !== null);
    claimNeedsEvidence ||= checked.claimed && evidence === null;
    // The text is already redacted, and the replacements are constants.
    return cut(checked.text, MAX_NOTE) as AnnotationText;
  };
  const listed = listOf(annotations.docsChecked);
  const docs = listed.map((page) => documentation(page, redactor)).filter((page) => page !== undefined);
  dropped ||= docs.length < listed.length;

  const ranBy = objectOf(annotations.ranBy);
  const agent = objectOf(annotations.agent);
  return {
    runId: id(annotations.runId),
    workflow: name(annotations.workflow),
    environmentName: name(annotations.environmentName),
    docs,
    notes: note(annotations.notes ?? annotations.operatorNote),
    operatorNote: note(annotations.operatorNote ?? annotations.notes),
    evidence,
    operatorResult:
      annotations.operatorResult === 'pass' || annotations.operatorResult === 'fail'
        ? annotations.operatorResult
        : null,
    commandLabel: text(annotations.commandLabel, MAX_SHORT),
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
    changedFiles: changedFiles(annotations.changedFiles, redactor),
    instructionsReviewed: reviewed(annotations.instructionsReviewed),
    agentSurface: name(agent?.['surface']),
    agentVersion: kept(identifier('version', agent?.['version'], redactor), agent?.['version']),
    modelVerifiedBy: source(annotations.modelVerifiedBy),
    contractCheck: annotations.contractCheck === true,
    expectedErrors: expectedErrors(annotations.expectedErrors),
    claimNeedsEvidence,
    dropped,
  };
}

/** Redacts and shortens `value`. Returns `undefined` if it is not text or nothing remains. */
export function annotationText(value: unknown, maxLength: number, redactor: Redactor): AnnotationText | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const visible = value.slice(0, MAX_LOOKED_AT).toWellFormed().replace(INVISIBLE, '');
  // Cut after redaction: the redaction could miss half of a secret.
  const clean = cut(redactTokens(redactor.redact(visible, 2 * MAX_LOOKED_AT)).trim(), maxLength);
  // The text was redacted above, as the type requires.
  return clean === '' ? undefined : (clean as AnnotationText);
}

/** Checks a name. Refuses one that looks like a key. Run ids skip this check, because commit hashes look like keys. */
export function nameIdentifier(value: unknown, redactor: Redactor): Identifier<'name'> | undefined {
  const name = identifier('name', value, redactor);
  return name === undefined || holdsToken(name) ? undefined : name;
}

/** Checks the URL of a page. Refuses one with a part that looks like a key. */
export function pageIdentifier(value: unknown, redactor: Redactor): Identifier<'docs_url'> | undefined {
  const page = identifier('docs_url', value, redactor);
  return page === undefined || holdsToken(page) ? undefined : page;
}

function documentation(value: unknown, redactor: Redactor): CheckedDocumentation | undefined {
  const at = typeof value === 'string' ? value.lastIndexOf('@') : -1;
  const page =
    typeof value === 'string'
      ? { url: value.slice(0, Math.max(at, 0)), accessedOn: value.slice(at + 1) }
      : objectOf(value);
  const url = pageIdentifier(page?.['url'], redactor);
  const accessedOn = identifier('date', page?.['accessedOn'], redactor);
  const isDay = accessedOn !== undefined && !Number.isNaN(Date.parse(`${accessedOn}T00:00:00Z`));
  return url === undefined || !isDay ? undefined : { url, accessed_on: accessedOn };
}

function changedFiles(value: unknown, redactor: Redactor): readonly AnnotationText[] | number | null {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value >= 0 ? value : null;
  }
  if (!Array.isArray(value)) {
    return null;
  }
  const paths = value.map((path) => annotationText(path, MAX_PATH, redactor)).filter((path) => path !== undefined);
  // A list that is too long for a reader is replaced by its length.
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
  // Any object can be read by name, and the caller checks each value.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}
