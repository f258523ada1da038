import { CometAPIError } from '../errors/cometapi-error';
import { createRedactor, MIN_SECRET_LENGTH, type Redactor } from '../facts/redaction/redactor';
import { Secret } from '../secret';
import type { Environment } from './environment';
import type { ApiKeySource } from './options';
import type { Problems } from './problems';
import { givenSetting } from './setting-reader';

/** A configured API key: its value, or the function that returns it. */
export type ApiKey =
  | { readonly kind: 'fixed'; readonly secret: Secret }
  | { readonly kind: 'function'; readonly ask: () => Promise<Secret> };

const REQUIRED = 'A CometAPI API key is required. Pass apiKey or set COMETAPI_API_KEY (or COMETAPI_KEY).';

/** The result of {@link resolveApiKey}. */
export interface ResolvedApiKey {
  readonly apiKey: ApiKey | undefined;
  /** Contains the key, so that the checks of other settings can refuse it. */
  readonly redactor: Redactor;
}

/** Reads the option, then `COMETAPI_API_KEY`, then `COMETAPI_KEY`. A blank option is an error; it never falls back. */
export function resolveApiKey(
  option: ApiKeySource | null | undefined,
  environment: Environment,
  problems: Problems,
): ResolvedApiKey {
  if (typeof option === 'function') {
    return { apiKey: { kind: 'function', ask: () => askForKey(option) }, redactor: createRedactor() };
  }
  const unresolved: ResolvedApiKey = { apiKey: undefined, redactor: createRedactor() };
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
  return { apiKey: { kind: 'fixed', secret: new Secret(given.value) }, redactor: createRedactor([given.value]) };
}

/** Checks the key before Node does: Node's error for an invalid header value contains the value. */
function keyProblem(key: string, field: string): string | undefined {
  if (!/^[\x20-\x7e\xa0-\xff]+$/.test(key)) {
    return `${field} contains a character that is not allowed in an HTTP header. Copy the key again.`;
  }
  if (key.length < MIN_SECRET_LENGTH) {
    return `${field} must have at least ${MIN_SECRET_LENGTH} characters. A shorter key cannot be redacted.`;
  }
  return undefined;
}

async function askForKey(option: () => string | Promise<string>): Promise<Secret> {
  let answer: unknown;
  try {
    answer = await option();
  } catch {
    // The thrown error may contain the key.
    throw new CometAPIError('The apiKey function failed. Call the function directly to see its error.');
  }
  return checkedAnswer(answer);
}

function checkedAnswer(answer: unknown): Secret {
  const key = typeof answer === 'string' ? answer.trim() : '';
  const problem =
    key === ''
      ? 'The apiKey function must return a non-empty string.'
      : keyProblem(key, 'The result of the apiKey function');
  if (problem !== undefined) {
    throw new CometAPIError(problem, { problems: [problem] });
  }
  return new Secret(key);
}
