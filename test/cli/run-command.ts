import type { CliHost } from '../../src/cli/cli-host';
import { runCli } from '../../src/cli/run-cli';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSurroundings {
  /** The only variables that the command sees. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly isTTY?: boolean;
}

/** Runs a command line in this process and returns its output. */
export async function runCommand(
  words: readonly string[],
  { environment = {}, isTTY = false }: CommandSurroundings = {},
): Promise<CommandResult> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written): CliHost['stdout'] => ({
    isTTY,
    write(text) {
      written[name] += text;
      return true;
    },
    once: () => undefined,
  });
  const exitCode = await runCli(words, {
    environment,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    now: () => Date.UTC(2026, 10, 21, 12),
  });
  return { exitCode, ...written };
}
