import type { CallFacts } from '../../facts/call-facts';
import type { CheckedEndpoint } from './contract-annotations';
import type { PositiveCheck, TestedError } from './contract-checks';
import { CONTRACT_AREAS, type ContractArea } from './contract-enums';

/** A row of the contract table, with the observed value and the operator annotation in separate fields. */
export interface ContractDetail {
  readonly contract_area: ContractArea;
  /** @maxLength 65536 */
  readonly verified_value: string;
  /** @maxLength 65536 */
  readonly declared_value: string | null;
  /** @maxLength 256 */
  readonly why_it_matters: string;
  readonly source: 'documentation_and_controlled_test' | 'documentation' | 'controlled_test' | 'not_supported_yet';
}

/** Builds the contract table of one endpoint. */
export function contractDetails(
  facts: CallFacts,
  positive: PositiveCheck | null,
  errors: readonly TestedError[],
  endpoint: CheckedEndpoint,
): readonly ContractDetail[] {
  const ofAuth = errors.filter((error) => error.check === 'missing_auth' || error.check === 'invalid_auth');
  const list = (paths: readonly string[]): string | null => (paths.length === 0 ? null : paths.join(', '));
  const observed: Readonly<Record<ContractArea, string | null>> = {
    endpoint_paths: `${facts.method} ${facts.routeTemplate}`,
    auth_headers: list(['Authorization: Bearer', ...ofAuth.map(describeError)]),
    request_fields: list(positive?.sent_request_fields ?? []),
    response_fields: list((positive?.parsed_fields ?? []).map(({ path, found }) => `${path} ${found}`)),
    error_behavior: list(errors.map(describeError)),
    rate_limit_or_billing_assumptions:
      positive === null ? null : `usage ${positive.usage}, rate-limit headers ${positive.rate_limit_headers}`,
  };
  const annotations: Readonly<Record<ContractArea, string | null>> = {
    endpoint_paths: null,
    auth_headers: endpoint.authRequirement,
    request_fields: list([...endpoint.requiredRequestFields, ...endpoint.optionalRequestFields]),
    response_fields: list(endpoint.parsedResponseFields),
    error_behavior: null,
    rate_limit_or_billing_assumptions: endpoint.documentedLimits,
  };
  return CONTRACT_AREAS.map(({ area, why }) => ({
    contract_area: area,
    verified_value: observed[area] ?? 'not verified',
    declared_value: annotations[area],
    why_it_matters: why,
    source: sourceOf(observed[area] !== null, endpoint.docs.length > 0),
  }));
}

function describeError({ check, status, error_category: category }: TestedError): string {
  return `${check} ${status} ${category}`;
}

function sourceOf(isTested: boolean, isDocumented: boolean): ContractDetail['source'] {
  if (isTested) {
    return isDocumented ? 'documentation_and_controlled_test' : 'controlled_test';
  }
  return isDocumented ? 'documentation' : 'not_supported_yet';
}
