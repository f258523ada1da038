import { randomBytes } from 'node:crypto';
import type { Environment } from '../../src/config/environment';
import type { ClientOptions } from '../../src/config/options';
import { type Config, resolveConfig } from '../../src/config/resolve-config';
import { CometAPIError } from '../../src/errors/cometapi-error';

/** Random for each run, so that no test file contains a secret. */
export const API_KEY = `sk-${randomBytes(24).toString('hex')}`;

/** Returns the configuration of a client that has a key. */
export function configOf(options: ClientOptions = {}, environment: Environment = {}): Config {
  return resolveConfig({ apiKey: API_KEY, ...options }, environment);
}

/** Returns the error that a configuration throws. Options may have any type, as in JavaScript. */
export function refusal(options: unknown, environment: Environment = {}): CometAPIError {
  try {
    // These tests pass values that the types forbid, as JavaScript callers can.
    resolveConfig(options as ClientOptions, environment);
  } catch (error) {
    if (error instanceof CometAPIError) {
      return error;
    }
    throw error;
  }
  throw new Error('The configuration is valid.');
}

/** Returns the problems of options with a valid key. */
export function problemsOf(
  options: Readonly<Record<string, unknown>>,
  environment: Environment = {},
): readonly string[] {
  return refusal({ apiKey: API_KEY, ...options }, environment).problems;
}
