import { type Label, label } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';
import {
  type CheckedDeclared,
  type CheckedDocumentation,
  checkDeclared,
  type Declared,
  type DeclaredText,
  declaredText,
  nameLabel,
} from './declared';
import { holdsToken } from './token-shapes';

/** What a team says of the endpoints its service depends on, and of the workflow behind them. */
export interface DeclaredContract
  extends Pick<
    Declared,
    'runId' | 'environmentName' | 'notes' | 'evidence' | 'commandLabel' | 'ranBy' | 'changedFiles'
  > {
  /** Who decides whether the workflow is working. */
  readonly businessOwner?: string | undefined;
  /** Who maintains the integration. */
  readonly technicalOwner?: string | undefined;
  /** What happens if the call fails, times out, or returns an unexpected body. */
  readonly failureImpact?: string | undefined;
  readonly operatorInitials?: string | undefined;
  readonly endpoints?: readonly DeclaredEndpoint[] | undefined;
  /** Pages checked for every endpoint, `URL@YYYY-MM-DD`. */
  readonly docsChecked?: Declared['docsChecked'];
}

/** What the documentation says of one endpoint, and what the service uses of it. */
export interface DeclaredEndpoint {
  /** For example `/v1/chat/completions`. */
  readonly route: string;
  readonly purpose?: string | undefined;
  readonly docsChecked?: Declared['docsChecked'];
  readonly authRequirement?: string | undefined;
  readonly requiredRequestFields?: readonly string[] | undefined;
  readonly optionalRequestFields?: readonly string[] | undefined;
  /** Only what the code reads, as paths: `choices[].message.content`. */
  readonly parsedResponseFields?: readonly string[] | undefined;
  /** Those of the parsed ones that may be absent. */
  readonly optionalResponseFields?: readonly string[] | undefined;
  /** Documented rate limits, usage or billing. @default none documented */
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

/** The declared words of a contract as they may enter a ledger. */
export interface CheckedContract {
  readonly shared: CheckedDeclared;
  readonly businessOwner: DeclaredText | null;
  readonly technicalOwner: DeclaredText | null;
  readonly failureImpact: DeclaredText | null;
  readonly operatorInitials: Label<'name'> | null;
  /** By route. */
  readonly endpoints: ReadonlyMap<string, CheckedEndpoint>;
  readonly dropped: boolean;
}

const MAX_TEXT = 300;
const MAX_FIELDS = 200;
const MAX_ASSUMPTIONS = 20;

/** The only way from a team's words into a ledger. Never throws, whatever it is given. */
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

/** An endpoint nobody said anything of. */
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

/** Where a field stands; a key could be spelled as a name of one. */
function pathLabel(value: unknown, guard: SecretGuard): Label<'json_path'> | undefined {
  const path = label('json_path', value, guard);
  return path === undefined || holdsToken(path) ? undefined : path;
}
