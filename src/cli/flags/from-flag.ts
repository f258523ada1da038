import type { Command } from 'commander';
import { usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import { each } from './checked-flag';

export interface FromFlag {
  readonly from?: readonly string[] | undefined;
}

export function addFromFlag(command: Command): Command {
  return command.option('--from <file>', 'record file (may be repeated; default: COMETAPI_RECORD_FILE)', each(String));
}

/** @throws CliError (64) if neither the flag nor COMETAPI_RECORD_FILE names a file */
export function filesOf({ from }: FromFlag, { environment }: CliHost): readonly string[] {
  const fromEnvironment = environment['COMETAPI_RECORD_FILE']?.trim();
  const files = from ?? (fromEnvironment ? [fromEnvironment] : []);
  if (files.length === 0) {
    throw usageError('No record file. Pass --from, or set COMETAPI_RECORD_FILE.');
  }
  return files;
}
