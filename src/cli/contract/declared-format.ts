/** The routes that an operator can describe. */
export const DECLARED_ROUTES = ['/v1/chat/completions', '/v1/responses'] as const;

/**
 * The file in which the operator describes the contract. Its schema is generated from this interface. The schema only
 * limits lengths; `checkContract` checks the values.
 */
export interface DeclaredFile {
  readonly business_owner?: Value;
  readonly technical_owner?: Value;
  readonly runtime_environment?: Value;
  readonly failure_impact?: Value;
  readonly operator_initials?: Value;
  /** @maxItems 20 */
  readonly endpoints?: readonly DeclaredFileEndpoint[];
}

interface DeclaredFileEndpoint {
  readonly route: (typeof DECLARED_ROUTES)[number];
  readonly endpoint_purpose?: Value;
  /** @maxItems 50 */
  readonly documentation_source?: readonly Value[];
  readonly auth_requirement?: Value;
  readonly required_request_fields?: Paths;
  readonly optional_request_fields?: Paths;
  readonly parsed_response_fields?: Paths;
  readonly optional_response_fields?: Paths;
  readonly documented_limits?: Value;
  /** @maxItems 20 */
  readonly open_assumptions?: readonly Value[];
}

/** @maxLength 2000 */
type Value = string;

/** @maxItems 200 */
type Paths = readonly Path[];

/** @maxLength 400 */
type Path = string;
