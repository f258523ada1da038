import { EXIT, type ExitCode } from './exit-code';

/** What ends a command: one line for stderr that names a flag, a file or a variable, never a value that could be secret. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  /** @param exitCode @default 1 */
  constructor(message: string, exitCode: ExitCode = EXIT.fail) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** A flag, an argument or a variable that has to be put right: exit code 64. */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage);
}
