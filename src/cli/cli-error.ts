import { EXIT, type ExitCode } from './exit-code';

/** An error that ends a command. Its one-line message names a flag, a file or a variable, never a secret value. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  /** @param exitCode @default 1 */
  constructor(message: string, exitCode: ExitCode = EXIT.fail) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** Creates the error for an invalid flag, argument or variable (exit code 64). */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage);
}
