import type { Command } from 'commander';
import type { CliHost } from './cli-host';
import { createOutput, type Output, type OutputOptions } from './output';

/** What all commands share in one run of the program. */
export interface Shell {
  readonly host: CliHost;
  /** Set by the command that ran: an `ExitCode`, or that of a process it stood for. */
  exitCode: number | undefined;
}

/** One use of a command. */
export interface Invocation<Options> {
  readonly options: Options;
  /** Arguments that belong to no flag; a variadic one is spread. */
  readonly operands: readonly string[];
  readonly host: CliHost;
  readonly output: Output;
}

/**
 * What is given to commander's `action`: runs `action` with an output, and keeps its exit code.
 *
 * @param action may throw {@link CliError}; anything else that is thrown is a defect of ours
 */
export function commandAction<Options extends object>(
  shell: Shell,
  action: (invocation: Invocation<Options>) => Promise<number>,
): (this: Command) => Promise<void> {
  return async function run(this: Command): Promise<void> {
    const { host } = shell;
    const output = createOutput(host, this.optsWithGlobals<OutputOptions>());
    // Each command declares the flags that make up its options, and their parsers refuse what does not fit.
    shell.exitCode = await action({ options: this.opts<Options>(), operands: this.args, host, output });
  };
}
