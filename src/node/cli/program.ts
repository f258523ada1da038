import { Command } from 'commander';
import { LIBRARY } from '../../records/library';
import type { Shell } from './command-action';
import { registerContract } from './commands/contract';
import { registerDoctor } from './commands/doctor';
import { registerEvidence } from './commands/evidence';
import { registerGateway } from './commands/gateway';
import { registerPacket } from './commands/packet';
import { registerRecords } from './commands/records';
import { registerRun } from './commands/run';
import { registerSmoke } from './commands/smoke';

/** Adds a command to the program. One per file in commands/. */
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
Exit codes: 0 pass, 1 fail, 2 needs follow-up, 64 wrong use of a flag, an argument or a variable.`;

export function createProgram(shell: Shell): Command {
  const { stdout, stderr } = shell.host;
  const program = new Command('cometapi-otel')
    .description('Files what happened in calls to CometAPI: traces, retry evidence, incident packets, contract checks.')
    .version(LIBRARY.version, '-V, --version')
    .option('--json', 'one JSON object on stdout, and nothing else there')
    .option('--quiet', 'results and problems only, no notes')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      // Errors are told once, by runCli.
      outputError: () => {},
    })
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  for (const register of COMMANDS) {
    register(program, shell);
  }
  return program;
}
