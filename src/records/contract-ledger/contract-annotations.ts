import { type Identifier, identifier } from '../../facts/identifier';
import type { Redactor } from '../../facts/redaction/redactor';
import {
  type Annotations,
  type AnnotationText,
  annotationText,
  type CheckedAnnotations,
  type CheckedDocumentation,
  checkAnnotations,
  nameIdentifier,
} from '../shared/annotations';
import { holdsToken } from '../shared/token-shapes';

/** Operator annotations about a workflow and the endpoints that it depends on. */
export interface ContractAnnotations
  extends Pick<
    Annotations,
    'runId' | 'environmentName' | 'notes' | 'evidence' | 'commandLabel' | 'ranBy' | 'changedFiles'
  > {
  /** The person or team that decides whether the workflow works. */
  readonly businessOwner?: string | undefined;
  /** The person or team that maintains the integration. */
  readonly technicalOwner?: string | undefined;
  /** The effect on users if a call fails, times out or returns an unexpected body. */
  readonly failureImpact?: string | undefined;
  readonly operatorInitials?: string | undefined;
  readonly endpoints?: readonly EndpointAnnotations[] | undefined;
  /** Documentation pages that were checked for every endpoint, as `URL@YYYY-MM-DD`. */
  readonly docsChecked?: Annotations['docsChecked'];
}

/** Operator annotations about one endpoint: its documentation, and the parts that the service uses. */
export interface EndpointAnnotations {
  /** The route template, for example `/v1/chat/completions`. */
  readonly route: string;
  readonly purpose?: string | undefined;
  readonly docsChecked?: Annotations['docsChecked'];
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
  readonly purpose: AnnotationText | null;
  readonly docs: readonly CheckedDocumentation[];
  readonly authRequirement: AnnotationText | null;
  readonly requiredRequestFields: readonly Identifier<'json_path'>[];
  readonly optionalRequestFields: readonly Identifier<'json_path'>[];
  readonly parsedResponseFields: readonly Identifier<'json_path'>[];
  readonly optionalResponseFields: readonly Identifier<'json_path'>[];
  readonly documentedLimits: AnnotationText | null;
  readonly openAssumptions: readonly AnnotationText[];
}

/** Contract annotations after validation and redaction. */
export interface CheckedContract {
  readonly shared: CheckedAnnotations;
  readonly businessOwner: AnnotationText | null;
  readonly technicalOwner: AnnotationText | null;
  readonly failureImpact: AnnotationText | null;
  readonly operatorInitials: Identifier<'name'> | null;
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
export function checkContract(annotations: ContractAnnotations, redactor: Redactor): CheckedContract {
  const { businessOwner, technicalOwner, failureImpact, operatorInitials, endpoints, ...words } = annotations;
  const shared = checkAnnotations({ ...words, contractCheck: true }, redactor);
  let { dropped } = shared;
  const kept = <T>(value: T | undefined, given: unknown): T | null => {
    dropped ||= value === undefined && given !== undefined && given !== null;
    return value ?? null;
  };
  const text = (value: unknown): AnnotationText | null => kept(annotationText(value, MAX_TEXT, redactor), value);
  const list = <T>(given: unknown, max: number, check: (value: unknown) => T | null): readonly T[] => {
    const values: readonly unknown[] = Array.isArray(given) ? given : [];
    dropped ||= values.length > max;
    return values
      .slice(0, max)
      .map(check)
      .filter((value) => value !== null);
  };
  const paths = (given: unknown): readonly Identifier<'json_path'>[] =>
    list(given, MAX_FIELDS, (value) => kept(pathIdentifier(value, redactor), value));

  const endpoint = (given: EndpointAnnotations): CheckedEndpoint => {
    const own = checkAnnotations({ docsChecked: given.docsChecked }, redactor);
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
    operatorInitials: kept(nameIdentifier(operatorInitials, redactor), operatorInitials),
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
function pathIdentifier(value: unknown, redactor: Redactor): Identifier<'json_path'> | undefined {
  const path = identifier('json_path', value, redactor);
  return path === undefined || holdsToken(path) ? undefined : path;
}
