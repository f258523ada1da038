import { Command } from 'commander';
import { LIBRARY } from '../records/shared/library';
import type { Register, Shell } from './command-action';
import { registerEvidence } from './commands/evidence';
import { registerRecords } from './commands/records';

/** The commands that only read record files. Loading the others costs as much CPU as reading 15,000 record lines. */
const READING_COMMANDS: readonly Register[] = [registerEvidence, registerRecords];

const EXIT_CODES = `
Exit codes: 0 pass, 1 fail, 2 needs follow-up, 64 usage error (an invalid flag, argument or variable).`;

/** @param words the command line: commands that it does not need are not loaded */
export async function createProgram(shell: Shell, words: readonly string[]): Promise<Command> {
  const { stdout, stderr } = shell.host;
  const program = new Command('cometapi-otel')
    .description(
      'Creates evidence records from calls to CometAPI: usage traces, retry evidence, incident packets, contract checks.',
    )
    .version(LIBRARY.version, '-V, --version')
    .option('--json', 'print one JSON object on stdout and nothing else')
    .option('--quiet', 'print results and problems only; hide progress messages')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      // runCli prints errors; commander must not print them a second time.
      outputError: () => {},
    })
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  for (const register of READING_COMMANDS) {
    register(program, shell);
  }
  const named = words.find((word) => !word.startsWith('-'));
  if (!program.commands.some((command) => command.name() === named)) {
    const { OTHER_COMMANDS } = await import('./other-commands');
    for (const register of OTHER_COMMANDS) {
      register(program, shell);
    }
  }
  return program;
}
