import { CommanderError } from 'commander';
import { CliError } from './cli-error';
import type { CliHost } from './cli-host';
import type { Shell } from './command-action';
import { EXIT, type ExitCode } from './exit-code';
import { safeText } from './output/safe-text';
import { createProgram } from './program';
import { redactorFromEnvironment } from './reading/secrets-from-environment';

/**
 * Runs one command line and returns its exit code. Never throws: an error becomes one line on stderr.
 *
 * @param words the command line without the program name
 */
export async function runCli(words: readonly string[], host: CliHost): Promise<number> {
  const shell: Shell = { host, exitCode: undefined };
  try {
    const program = await createProgram(shell, words);
    await program.parseAsync([...words], { from: 'user' });
    return shell.exitCode ?? EXIT.pass;
  } catch (error) {
    const { exitCode, message } = toMessage(error, host);
    if (message !== undefined) {
      const line = redactorFromEnvironment(host.environment).redact(message, MAX_MESSAGE);
      host.stderr.write(`cometapi-otel: ${safeText(line, false).replaceAll('\n', ' ')}\n`);
    }
    return exitCode;
  }
}

const MAX_MESSAGE = 500;

interface CliFailure {
  readonly exitCode: ExitCode;
  /** `undefined` if commander has already printed the help or the version. */
  readonly message?: string;
}

function toMessage(error: unknown, host: CliHost): CliFailure {
  if (error instanceof CliError) {
    return error;
  }
  if (error instanceof CommanderError) {
    return toldByCommander(error, host);
  }
  // The message of an unknown error may contain secrets. Print only its name.
  const name = error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
  return { exitCode: EXIT.fail, message: `Unexpected error (${name}). Please report this bug.` };
}

function toldByCommander({ code, exitCode, message }: CommanderError, host: CliHost): CliFailure {
  if (exitCode === 0) {
    return { exitCode: EXIT.pass };
  }
  if (code === 'commander.help') {
    // The command line names no command. Commander has printed the help.
    return { exitCode: EXIT.usage };
  }
  const [first = '', ...hints] = message.replace(/^error: /, '').split('\n');
  // Do not repeat surplus arguments: one of them may be a key in the wrong position.
  const sentence = first
    .replace(/ but got \d+: .*$/, '.')
    .replace(/'([^']*)'/, (_quoted, word: string) => `'${forDisplay(word, code, host)}'`);
  return { exitCode: EXIT.usage, message: [sentence, ...hints].join(' ') };
}

/** Returns a quoted word of an error message. Replaces a word that the user typed and that may be a secret. */
function forDisplay(word: string, code: string, host: CliHost): string {
  if (code !== 'commander.unknownOption' && code !== 'commander.unknownCommand') {
    // Other errors quote the names of our own flags and arguments.
    return word;
  }
  const [name = ''] = word.split('=');
  return /^-{0,2}[a-z][a-z0-9-]{0,30}$/.test(name) && !redactorFromEnvironment(host.environment).looksSensitive(name)
    ? name
    : '…';
}
