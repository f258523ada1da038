import { createRedactor, type Redactor } from '../../facts/redaction/redactor';

/** Variables that contain a secret of this package. */
const SECRET_VARIABLES = ['COMETAPI_API_KEY', 'COMETAPI_KEY', 'COMETAPI_GATEWAY_TOKEN'] as const;

/**
 * Creates a redactor that finds the keys of the environment by value, and all other secrets by shape. Without a key in the
 * environment it finds none by value, and records that are sealed with it do not claim a check.
 */
export function redactorFromEnvironment(environment: Readonly<Record<string, string | undefined>>): Redactor {
  const values = SECRET_VARIABLES.map((name) => environment[name]?.trim());
  return createRedactor(values.filter((value) => value !== undefined));
}
