import { CometAPIError } from '../../errors/cometapi-error';
import { CliError, usageError } from '../cli-error';
import { LeakFoundError } from './sink-watch';

/** Converts an expected failure of a check to a one-line CLI error. Returns other errors, which are bugs, unchanged. */
export function checkFailure(error: unknown): unknown {
  if (error instanceof LeakFoundError) {
    return new CliError(
      `a canary was found in ${error.sink}. The run stopped before any further request. Nothing was written.`,
    );
  }
  // The message names options and variables, never their values.
  return error instanceof CometAPIError ? usageError(error.message.replaceAll('\n', ' ')) : error;
}
