import { CometAPIError } from '../errors/cometapi-error';
import { createSecretGuard, MIN_SECRET_LENGTH, type SecretGuard } from '../facts/secret-guard';
import { Secret } from '../secret';
import type { Environment } from './environment';
import type { ApiKeySource } from './options';
import type { Problems } from './problems';
import { givenSetting } from './setting-reader';

/** Where the key comes from, once configured. */
export type ApiKey =
  | { readonly kind: 'fixed'; readonly secret: Secret }
  | { readonly kind: 'function'; readonly ask: () => Promise<Secret> };

const REQUIRED = 'A CometAPI API key is required. Pass apiKey or set COMETAPI_API_KEY (or COMETAPI_KEY).';

/** What is known of the key once it is configured. */
export interface ResolvedApiKey {
  readonly apiKey: ApiKey | undefined;
  /** Knows the key, so that no other setting can hold it. */
  readonly guard: SecretGuard;
}

/** Option, then `COMETAPI_API_KEY`, then `COMETAPI_KEY`; a blank option is an error and never falls back. */
export function resolveApiKey(
  option: ApiKeySource | null | undefined,
  environment: Environment,
  problems: Problems,
): ResolvedApiKey {
  if (typeof option === 'function') {
    return { apiKey: { kind: 'function', ask: () => askForKey(option) }, guard: createSecretGuard() };
  }
  const unresolved: ResolvedApiKey = { apiKey: undefined, guard: createSecretGuard() };
  const given =
    givenSetting({ option, name: 'apiKey', variable: 'COMETAPI_API_KEY' }, environment) ??
    givenSetting({ option, name: 'apiKey', variable: 'COMETAPI_KEY' }, environment);
  if (given === undefined || given.value === '') {
    problems.add(REQUIRED);
    return unresolved;
  }
  if (typeof given.value !== 'string') {
    problems.add('apiKey must be a string or a function that returns one.');
    return unresolved;
  }
  const problem = keyProblem(given.value, given.field);
  if (problem !== undefined) {
    problems.add(problem);
    return unresolved;
  }
  return { apiKey: { kind: 'fixed', secret: new Secret(given.value) }, guard: createSecretGuard([given.value]) };
}

/** Node's own error for a bad header value quotes the key, so it is checked before it gets there (L-12, L-22). */
function keyProblem(key: string, field: string): string | undefined {
  if (!/^[\x20-\x7e\xa0-\xff]+$/.test(key)) {
    return `${field} holds a character that cannot stand in a header: copy the key again.`;
  }
  if (key.length < MIN_SECRET_LENGTH) {
    return `${field} must have at least ${MIN_SECRET_LENGTH} characters, so that it can be redacted by value.`;
  }
  return undefined;
}

async function askForKey(option: () => string | Promise<string>): Promise<Secret> {
  let answer: unknown;
  try {
    answer = await option();
  } catch {
    // Whatever the function threw may quote the key.
    throw new CometAPIError('The apiKey function failed: call it alone to see why.');
  }
  return checkedAnswer(answer);
}

function checkedAnswer(answer: unknown): Secret {
  const key = typeof answer === 'string' ? answer.trim() : '';
  const problem =
    key === ''
      ? 'The apiKey function must return a non-empty string.'
      : keyProblem(key, 'The apiKey function’s answer');
  if (problem !== undefined) {
    throw new CometAPIError(problem, { problems: [problem] });
  }
  return new Secret(key);
}
