import type { CallFacts } from '../../facts/call-facts';
import type { EndpointFamily, RouteTemplate } from '../../facts/endpoints';
import type { HttpMethod } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import type { ResponseMetadata, ResponseShape } from '../../facts/shape';
import type { AnnotationText, CheckedDocumentation } from '../shared/annotations';
import type { ResultClass } from '../shared/enums';
import { outcomeOf, terminalStatusValue, verdict } from '../shared/outcome';
import { statusClass } from '../shared/status-class';
import type { CheckedContract, CheckedEndpoint } from './contract-annotations';
import type { PositiveCheck, TestedError } from './contract-checks';
import { type ContractDetail, contractDetails } from './contract-details';
import {
  type ContractCheck,
  type Disagreement,
  EXPECTED_REFUSAL,
  INCONCLUSIVE,
  type NegativeCheck,
} from './contract-enums';

/** One call of a contract check, and the shape of its response. */
export interface ContractObservation {
  readonly facts: CallFacts;
  readonly check: ContractCheck;
  readonly shape?: ResponseShape | undefined;
}

/** The contract of one endpoint, and the results of its last check. */
export interface LedgerEntry {
  readonly endpoint_purpose: AnnotationText | null;
  readonly documentation_source: readonly CheckedDocumentation[];
  readonly method_and_path: `${HttpMethod} ${RouteTemplate}`;
  readonly endpoint_family: EndpointFamily;
  readonly auth_requirement: AnnotationText | null;
  readonly required_request_fields: readonly Identifier<'json_path'>[];
  readonly optional_request_fields: readonly Identifier<'json_path'>[];
  readonly parsed_response_fields: readonly Identifier<'json_path'>[];
  readonly optional_response_fields: readonly Identifier<'json_path'>[];
  readonly positive_check: PositiveCheck | null;
  readonly error_cases_tested: readonly TestedError[];
  readonly documented_limits: AnnotationText | 'none documented';
  readonly last_manual_validation: Validation;
  readonly open_assumptions: readonly AnnotationText[];
  readonly disagreements: readonly DisagreementFound[];
  readonly contract_details: readonly ContractDetail[];
  readonly result_class: ResultClass;
}

export interface Validation {
  readonly date: Identifier<'timestamp'>;
  readonly environment: Identifier<'name'> | null;
  readonly operator_initials: Identifier<'name'> | null;
}

export interface DisagreementFound {
  readonly check: ContractCheck;
  readonly what: Disagreement;
  readonly path: Identifier<'json_path'> | null;
}

/** @param observations all observations of one route, in the order of the requests */
export function ledgerEntry(
  observations: readonly [ContractObservation, ...ContractObservation[]],
  endpoint: CheckedEndpoint,
  stated: CheckedContract,
  redactionChecked: boolean,
): LedgerEntry {
  const [{ facts: first }] = observations;
  const last = observations.at(-1)?.facts ?? first;
  const minimum = observations.find(({ check }) => check === 'minimum_payload');
  const positive = minimum === undefined ? null : positiveCheck(minimum, endpoint);
  const errors = observations.filter(isNegative).map(testedError);
  const disagreements = [...positiveDisagreements(positive), ...errors.flatMap(errorDisagreements)];
  return {
    endpoint_purpose: endpoint.purpose,
    documentation_source: endpoint.docs,
    method_and_path: `${first.method} ${first.routeTemplate}`,
    endpoint_family: first.family,
    auth_requirement: endpoint.authRequirement,
    required_request_fields: endpoint.requiredRequestFields,
    optional_request_fields: endpoint.optionalRequestFields,
    parsed_response_fields: endpoint.parsedResponseFields,
    optional_response_fields: endpoint.optionalResponseFields,
    positive_check: positive,
    error_cases_tested: errors,
    documented_limits: endpoint.documentedLimits ?? 'none documented',
    last_manual_validation: {
      date: last.endedAt,
      environment: stated.shared.environmentName,
      operator_initials: stated.operatorInitials,
    },
    open_assumptions: endpoint.openAssumptions,
    disagreements,
    contract_details: contractDetails(first, positive, errors, endpoint),
    result_class: resultOf(minimum?.facts, positive, errors, disagreements, endpoint, redactionChecked),
  };
}

function positiveCheck({ facts, shape }: ContractObservation, endpoint: CheckedEndpoint): PositiveCheck {
  const types = new Map((shape?.fields ?? []).map((field) => [field.path, field.types]));
  const has = (word: ResponseMetadata): 'present' | 'absent' =>
    shape?.metadata.includes(word) === true ? 'present' : 'absent';
  const outcome = outcomeOf(facts);
  return {
    outcome: outcome.resultClass === 'pass' ? 'passed' : isInconclusive(facts) ? 'inconclusive' : 'failed',
    status: terminalStatusValue(facts),
    error_category: facts.category,
    content_type: facts.contentKind ?? 'none',
    sent_request_fields: facts.request.fields,
    parsed_fields: endpoint.parsedResponseFields.map((path) => ({
      path,
      found: types.has(path) ? 'present' : 'absent',
      optional: endpoint.optionalResponseFields.includes(path),
      types: types.get(path) ?? [],
    })),
    usage: has('usage'),
    timing: has('timing'),
    request_metadata: facts.requestId !== undefined && facts.requestIdSource !== 'client' ? 'present' : 'absent',
    rate_limit_headers: has('rate_limit_headers'),
    shape: shape?.fields ?? [],
    shape_truncated: shape?.truncated ?? false,
  };
}

function isNegative(observation: ContractObservation): observation is ContractObservation & { check: NegativeCheck } {
  return observation.check !== 'minimum_payload' && observation.check !== 'observed_call';
}

function testedError({ facts, check, shape }: ContractObservation & { check: NegativeCheck }): TestedError {
  return {
    check,
    outcome: refusalOutcome(facts, check),
    status: terminalStatusValue(facts),
    status_code_class: statusClass(facts),
    error_category: facts.category,
    content_type: facts.contentKind ?? 'none',
    request_id: facts.requestId !== undefined && facts.requestIdSource !== 'client' ? 'present' : 'absent',
    shape: shape?.fields ?? [],
  };
}

function refusalOutcome(facts: CallFacts, check: NegativeCheck): TestedError['outcome'] {
  if (facts.ending === 'completed') {
    return 'accepted';
  }
  if (EXPECTED_REFUSAL[check].includes(facts.category)) {
    return 'refused_as_expected';
  }
  return isInconclusive(facts) ? 'inconclusive' : 'refused_otherwise';
}

function isInconclusive(facts: CallFacts): boolean {
  return facts.ending === 'cancelled' || facts.ending === 'abandoned' || INCONCLUSIVE.includes(facts.category);
}

function positiveDisagreements(positive: PositiveCheck | null): readonly DisagreementFound[] {
  const check = 'minimum_payload';
  if (positive === null || positive.outcome === 'inconclusive') {
    return [];
  }
  if (positive.outcome === 'failed') {
    switch (positive.error_category) {
      // These failures concern the key or the account, not the contract.
      case 'auth_rejected':
      case 'permission_denied':
      case 'model_unavailable':
        return [];
      case 'unexpected_response':
        return [{ check, what: 'answer_has_another_shape', path: null }];
      default:
        return [{ check, what: 'minimum_payload_refused', path: null }];
    }
  }
  return positive.parsed_fields
    .filter((field) => field.found === 'absent' && !field.optional)
    .map(({ path }) => ({ check, what: 'parsed_field_missing', path }));
}

/**
 * Negative checks that CometAPI must refuse according to its documentation.
 * The documentation does not mention the other checks, so both results are valid for them.
 */
const MUST_BE_REFUSED: readonly NegativeCheck[] = [
  'missing_auth',
  'invalid_auth',
  'missing_required_field',
  'invalid_type',
];

function errorDisagreements({ check, outcome }: TestedError): readonly DisagreementFound[] {
  switch (outcome) {
    case 'accepted':
      return MUST_BE_REFUSED.includes(check) ? [{ check, what: 'mistake_accepted', path: null }] : [];
    case 'refused_otherwise':
      return [{ check, what: 'refused_as_something_else', path: null }];
    case 'refused_as_expected':
    case 'inconclusive':
      return [];
  }
}

/** Returns `needs_follow_up` if documentation and live behavior disagree: the operator must decide what is right. */
function resultOf(
  minimum: CallFacts | undefined,
  positive: PositiveCheck | null,
  errors: readonly TestedError[],
  disagreements: readonly DisagreementFound[],
  endpoint: CheckedEndpoint,
  redactionChecked: boolean,
): ResultClass {
  if (positive?.error_category === 'auth_rejected') {
    return 'fail';
  }
  const isOpen = errors.some((error) => error.outcome === 'inconclusive') || positive?.outcome !== 'passed';
  if (minimum === undefined || isOpen || disagreements.length > 0) {
    return 'needs_follow_up';
  }
  const { upstream } = minimum;
  return verdict(outcomeOf(minimum), { upstream, docsChecked: endpoint.docs.length > 0, redactionChecked }).resultClass;
}
