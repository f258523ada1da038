import { type Label, label } from '../../facts/identifier';
import type { SecretGuard } from '../../facts/redaction/redactor';
import {
  type CheckedDeclared,
  type CheckedDocumentation,
  checkDeclared,
  type Declared,
  type DeclaredText,
  declaredText,
  nameLabel,
} from '../shared/annotations';
import { holdsToken } from '../shared/token-shapes';

/** Operator annotations about a workflow and the endpoints that it depends on. */
export interface DeclaredContract
  extends Pick<
    Declared,
    'runId' | 'environmentName' | 'notes' | 'evidence' | 'commandLabel' | 'ranBy' | 'changedFiles'
  > {
  /** The person or team that decides whether the workflow works. */
  readonly businessOwner?: string | undefined;
  /** The person or team that maintains the integration. */
  readonly technicalOwner?: string | undefined;
  /** The effect on users if a call fails, times out or returns an unexpected body. */
  readonly failureImpact?: string | undefined;
  readonly operatorInitials?: string | undefined;
  readonly endpoints?: readonly DeclaredEndpoint[] | undefined;
  /** Documentation pages that were checked for every endpoint, as `URL@YYYY-MM-DD`. */
  readonly docsChecked?: Declared['docsChecked'];
}

/** Operator annotations about one endpoint: its documentation, and the parts that the service uses. */
export interface DeclaredEndpoint {
  /** The route template, for example `/v1/chat/completions`. */
  readonly route: string;
  readonly purpose?: string | undefined;
  readonly docsChecked?: Declared['docsChecked'];
  readonly authRequirement?: string | undefined;
  readonly requiredRequestFields?: readonly string[] | undefined;
  readonly optionalRequestFields?: readonly string[] | undefined;
  /** Response fields that the code reads, as paths: `choices[].message.content`. */
  readonly parsedResponseFields?: readonly string[] | undefined;
  /** Parsed fields that may be absent. */
  readonly optionalResponseFields?: readonly string[] | undefined;
  /** Documented rate limits, usage or billing. @default 'none documented' */
  readonly documentedLimits?: string | undefined;
  readonly openAssumptions?: readonly string[] | undefined;
}

export interface CheckedEndpoint {
  readonly purpose: DeclaredText | null;
  readonly docs: readonly CheckedDocumentation[];
  readonly authRequirement: DeclaredText | null;
  readonly requiredRequestFields: readonly Label<'json_path'>[];
  readonly optionalRequestFields: readonly Label<'json_path'>[];
  readonly parsedResponseFields: readonly Label<'json_path'>[];
  readonly optionalResponseFields: readonly Label<'json_path'>[];
  readonly documentedLimits: DeclaredText | null;
  readonly openAssumptions: readonly DeclaredText[];
}

/** Contract annotations after validation and redaction. */
export interface CheckedContract {
  readonly shared: CheckedDeclared;
  readonly businessOwner: DeclaredText | null;
  readonly technicalOwner: DeclaredText | null;
  readonly failureImpact: DeclaredText | null;
  readonly operatorInitials: Label<'name'> | null;
  /** Keyed by route. */
  readonly endpoints: ReadonlyMap<string, CheckedEndpoint>;
  readonly dropped: boolean;
}

const MAX_TEXT = 300;
const MAX_FIELDS = 200;
const MAX_ASSUMPTIONS = 20;

/**
 * Validates and redacts contract annotations. Every annotation in a ledger passes through here.
 * Drops invalid values instead of throwing.
 */
export function checkContract(declared: DeclaredContract, guard: SecretGuard): CheckedContract {
  const { businessOwner, technicalOwner, failureImpact, operatorInitials, endpoints, ...words } = declared;
  const shared = checkDeclared({ ...words, contractCheck: true }, guard);
  let { dropped } = shared;
  const kept = <T>(value: T | undefined, given: unknown): T | null => {
    dropped ||= value === undefined && given !== undefined && given !== null;
    return value ?? null;
  };
  const text = (value: unknown): DeclaredText | null => kept(declaredText(value, MAX_TEXT, guard), value);
  const list = <T>(given: unknown, max: number, check: (value: unknown) => T | null): readonly T[] => {
    const values: readonly unknown[] = Array.isArray(given) ? given : [];
    dropped ||= values.length > max;
    return values
      .slice(0, max)
      .map(check)
      .filter((value) => value !== null);
  };
  const paths = (given: unknown): readonly Label<'json_path'>[] =>
    list(given, MAX_FIELDS, (value) => kept(pathLabel(value, guard), value));

  const endpoint = (given: DeclaredEndpoint): CheckedEndpoint => {
    const own = checkDeclared({ docsChecked: given.docsChecked }, guard);
    dropped ||= own.dropped;
    return {
      purpose: text(given.purpose),
      docs: [...new Map([...shared.docs, ...own.docs].map((page) => [page.url, page])).values()],
      authRequirement: text(given.authRequirement),
      requiredRequestFields: paths(given.requiredRequestFields),
      optionalRequestFields: paths(given.optionalRequestFields),
      parsedResponseFields: paths(given.parsedResponseFields),
      optionalResponseFields: paths(given.optionalResponseFields),
      documentedLimits: text(given.documentedLimits),
      openAssumptions: list(given.openAssumptions, MAX_ASSUMPTIONS, text),
    };
  };
  const byRoute = new Map((endpoints ?? []).map((one) => [one.route, endpoint(one)]));
  const checked = {
    shared,
    businessOwner: text(businessOwner),
    technicalOwner: text(technicalOwner),
    failureImpact: text(failureImpact),
    operatorInitials: kept(nameLabel(operatorInitials, guard), operatorInitials),
    endpoints: byRoute,
  };
  return { ...checked, dropped };
}

/** Returns the annotations of an endpoint that the operator did not describe. */
export function undeclaredEndpoint(docs: readonly CheckedDocumentation[]): CheckedEndpoint {
  return {
    purpose: null,
    docs,
    authRequirement: null,
    requiredRequestFields: [],
    optionalRequestFields: [],
    parsedResponseFields: [],
    optionalResponseFields: [],
    documentedLimits: null,
    openAssumptions: [],
  };
}

/** Accepts the path of a field. Rejects token shapes, because a key can look like a field name. */
function pathLabel(value: unknown, guard: SecretGuard): Label<'json_path'> | undefined {
  const path = label('json_path', value, guard);
  return path === undefined || holdsToken(path) ? undefined : path;
}
