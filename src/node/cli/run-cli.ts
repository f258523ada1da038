import { CommanderError } from 'commander';
import { CliError } from './cli-error';
import type { CliHost } from './cli-host';
import type { Shell } from './command-action';
import { EXIT, type ExitCode } from './exit-code';
import { liveGuard } from './live-guard';
import { createProgram } from './program';
import { safeText } from './safe-text';

/** Runs one command line, without the name of the program. Never throws: what goes wrong is one line on stderr. */
export async function runCli(words: readonly string[], host: CliHost): Promise<number> {
  const shell: Shell = { host, exitCode: undefined };
  try {
    await createProgram(shell).parseAsync([...words], { from: 'user' });
    return shell.exitCode ?? EXIT.pass;
  } catch (error) {
    const { exitCode, message } = told(error, host);
    if (message !== undefined) {
      const line = liveGuard(host.environment).scrub(message, MAX_MESSAGE);
      host.stderr.write(`cometapi-otel: ${safeText(line, false).replaceAll('\n', ' ')}\n`);
    }
    return exitCode;
  }
}

const MAX_MESSAGE = 500;

interface Told {
  readonly exitCode: ExitCode;
  /** Nothing when help or the version has been shown. */
  readonly message?: string;
}

function told(error: unknown, host: CliHost): Told {
  if (error instanceof CliError) {
    return error;
  }
  if (error instanceof CommanderError) {
    return toldByCommander(error, host);
  }
  // The text of a foreign error may hold anything.
  const name = error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
  return { exitCode: EXIT.fail, message: `something unforeseen went wrong (${name}). Please report it.` };
}

function toldByCommander({ code, exitCode, message }: CommanderError, host: CliHost): Told {
  if (exitCode === 0) {
    return { exitCode: EXIT.pass };
  }
  if (code === 'commander.help') {
    // No command was named: the help that was shown says which there are.
    return { exitCode: EXIT.usage };
  }
  const [first = '', ...hints] = message.replace(/^error: /, '').split('\n');
  // What is too much may be anything, a key in the wrong place too.
  const sentence = first
    .replace(/ but got \d+: .*$/, '.')
    .replace(/'([^']*)'/, (_quoted, word: string) => `'${shown(word, code, host)}'`);
  return { exitCode: EXIT.usage, message: [sentence, ...hints].join(' ') };
}

/** What the user typed, unless it could be a secret: a name that looks like one of ours, without its value. */
function shown(word: string, code: string, host: CliHost): string {
  if (code !== 'commander.unknownOption' && code !== 'commander.unknownCommand') {
    return word;
  }
  const [name = ''] = word.split('=');
  return /^-{0,2}[a-z][a-z0-9-]{0,30}$/.test(name) && !liveGuard(host.environment).refuses(name) ? name : '…';
}
