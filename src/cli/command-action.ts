import type { Command } from 'commander';
import type { CliHost } from './cli-host';
import { createOutput, type Output, type OutputOptions } from './output/output';

/** The state of one run of the program. */
export interface Shell {
  readonly host: CliHost;
  /** Set by the command: an `ExitCode`, or the exit code of an agent or a signal (`run`, `gateway`). */
  exitCode: number | undefined;
}

/** Adds a command to the program. Each command has a file in commands/. */
export type Register = (program: Command, shell: Shell) => void;

/** One invocation of a command. */
export interface Invocation<Options> {
  readonly options: Options;
  /** Positional arguments. A variadic argument is spread. */
  readonly operands: readonly string[];
  readonly host: CliHost;
  readonly output: Output;
}

/**
 * Wraps `action` for commander: runs it with an output, and stores its exit code in `shell`.
 *
 * @param action may throw `CliError`; any other error is a bug in this package
 */
export function commandAction<Options extends object>(
  shell: Shell,
  action: (invocation: Invocation<Options>) => Promise<number>,
): (this: Command) => Promise<void> {
  return async function run(this: Command): Promise<void> {
    const { host } = shell;
    const output = createOutput(host, this.optsWithGlobals<OutputOptions>());
    // Commander cannot check the type `Options`: each command declares those flags, and their parsers check the values.
    shell.exitCode = await action({ options: this.opts<Options>(), operands: this.args, host, output });
  };
}
