import { CometAPIError } from 'cometapi-otel';
import { CliError, usageError } from '../cli/cli-error';
import { LeakFoundError } from './sink-watch';

/** What ends a check early, as one line. Anything else is a defect of ours and stays what it is. */
export function checkFailure(error: unknown): unknown {
  if (error instanceof LeakFoundError) {
    return new CliError(
      `a canary was found in ${error.sink}. The run was stopped before any further request, and nothing was written.`,
    );
  }
  // Its message names options and variables, never values.
  return error instanceof CometAPIError ? usageError(error.message.replaceAll('\n', ' ')) : error;
}
