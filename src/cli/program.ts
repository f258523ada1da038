import { Command } from 'commander';
import { LIBRARY } from '../records/shared/library';
import type { Shell } from './command-action';
import { registerContract } from './commands/contract';
import { registerDoctor } from './commands/doctor';
import { registerEvidence } from './commands/evidence';
import { registerGateway } from './commands/gateway';
import { registerPacket } from './commands/packet';
import { registerRecords } from './commands/records';
import { registerRun } from './commands/run';
import { registerSmoke } from './commands/smoke';

/** Adds a command to the program. Each command has a file in commands/. */
type Register = (program: Command, shell: Shell) => void;

const COMMANDS: readonly Register[] = [
  registerEvidence,
  registerRecords,
  registerDoctor,
  registerPacket,
  registerSmoke,
  registerContract,
  registerGateway,
  registerRun,
];

const EXIT_CODES = `
Exit codes: 0 pass, 1 fail, 2 needs follow-up, 64 usage error (an invalid flag, argument or variable).`;

export function createProgram(shell: Shell): Command {
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
  for (const register of COMMANDS) {
    register(program, shell);
  }
  return program;
}
