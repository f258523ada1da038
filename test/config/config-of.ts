import { randomBytes } from 'node:crypto';
import type { Environment } from '../../src/config/environment';
import type { ClientOptions } from '../../src/config/options';
import { type Config, resolveConfig } from '../../src/config/resolve-config';
import { CometAPIError } from '../../src/errors/cometapi-error';

/** Made anew for each run, as every secret of these tests. */
export const API_KEY = `sk-${randomBytes(24).toString('hex')}`;

/** The configuration of a client that has a key. */
export function configOf(options: ClientOptions = {}, environment: Environment = {}): Config {
  return resolveConfig({ apiKey: API_KEY, ...options }, environment);
}

/** The error that a client does not start with. Options may be of any type, as from JavaScript. */
export function refusal(options: unknown, environment: Environment = {}): CometAPIError {
  try {
    // What a caller without types may pass is the point of these tests.
    resolveConfig(options as ClientOptions, environment);
  } catch (error) {
    if (error instanceof CometAPIError) {
      return error;
    }
    throw error;
  }
  throw new Error('The client starts.');
}

/** The problems of options beside a good key. */
export function problemsOf(
  options: Readonly<Record<string, unknown>>,
  environment: Environment = {},
): readonly string[] {
  return refusal({ apiKey: API_KEY, ...options }, environment).problems;
}
