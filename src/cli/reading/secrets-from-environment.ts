import { createRedactor, type Redactor } from '../../facts/redaction/redactor';

/** Variables that hold secrets of ours. */
const SECRET_VARIABLES = ['COMETAPI_API_KEY', 'COMETAPI_KEY', 'COMETAPI_GATEWAY_TOKEN'] as const;

/**
 * Knows the keys of the environment by value, and the shapes of all others. Without a key it knows none by value: what is
 * sealed with it then claims no check.
 */
export function redactorFromEnvironment(environment: Readonly<Record<string, string | undefined>>): Redactor {
  const values = SECRET_VARIABLES.map((name) => environment[name]?.trim());
  return createRedactor(values.filter((value) => value !== undefined));
}
