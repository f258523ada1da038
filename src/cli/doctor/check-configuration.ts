import { ENVIRONMENT_NAMES, type Environment } from '../../config/environment';
import { type Config, resolveConfig } from '../../config/resolve-config';
import { CometAPIError } from '../../errors/cometapi-error';
import type { CliHost } from '../cli-host';
import { type Finding, fail, ok, warn } from './finding';

/** Variables that only the local gateway reads. */
const GATEWAY_NAME = /^COMETAPI_GATEWAY_(?:TOKEN|PORT|HOST|RECORD_FILE|MAX_ATTEMPTS|RUN_ID)$/;
const SHOWN_NAME = /^[A-Z0-9_]{1,64}$/;

export interface CheckedConfiguration {
  readonly findings: readonly Finding[];
  /** `undefined` if a client cannot start with these variables. */
  readonly config: Config | undefined;
}

/** Resolves the variables as a client does, and reports the problems. They name variables, never values. */
export function checkConfiguration({ environment }: CliHost): CheckedConfiguration {
  const names = Object.keys(environment)
    .filter((name) => name.startsWith('COMETAPI_') && environment[name]?.trim())
    .sort();
  const known: readonly string[] = ENVIRONMENT_NAMES;
  const unknown = names.filter((name) => !known.includes(name) && !GATEWAY_NAME.test(name));
  const set = names.filter((name) => !unknown.includes(name));
  const { config, problems } = resolve(ours(environment));
  return {
    config,
    findings: [
      ...problems.map((problem) => fail('configuration', problem, 'The client cannot start until this is fixed.')),
      ...(problems.length > 0
        ? []
        : [ok('configuration', set.length === 0 ? 'defaults' : `${set.join(', ')}; the rest are defaults`)]),
      ...(config?.warnings ?? [])
        // The base URL check reports the server.
        .filter((warning) => !warning.startsWith('COMETAPI_BASE_URL'))
        .map((warning) => warn('configuration', warning, 'Set one of them.')),
      ...unknown.map((name) =>
        warn(
          'configuration',
          `${SHOWN_NAME.test(name) ? name : 'A variable that begins with COMETAPI_'} is unknown and has no effect`,
          'Check its spelling in docs/configuration.md, or unset it.',
        ),
      ),
    ],
  };
}

function resolve(environment: Environment): { readonly config?: Config; readonly problems: readonly string[] } {
  try {
    return { config: resolveConfig({}, environment), problems: [] };
  } catch (error) {
    if (!CometAPIError.isInstance(error)) {
      throw error;
    }
    return { problems: error.problems.length > 0 ? error.problems : [error.message] };
  }
}

function ours(environment: CliHost['environment']): Environment {
  const values: Partial<Record<(typeof ENVIRONMENT_NAMES)[number], string>> = {};
  for (const name of ENVIRONMENT_NAMES) {
    const value = environment[name]?.trim();
    if (value) {
      values[name] = value;
    }
  }
  return values;
}
