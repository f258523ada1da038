import { chmod, open, readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { generateToken } from '../../gateway/local-token';
import { nameFlag, wholeNumberFlag } from '../checked-flag';
import { CliError, usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import { fileProblem } from '../file-problem';

/** What `gateway` and `run` share. */
export interface SharedGatewayFlags {
  readonly recordFile?: string | undefined;
  readonly maxAttempts?: number | undefined;
  readonly runId?: string | undefined;
  readonly note?: string | undefined;
  readonly decision?: string | undefined;
}

export interface GatewayFlags extends SharedGatewayFlags {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
}

const MAX_ATTEMPTS = 5;
const MAX_PORT = 65_535;

export function addSharedGatewayFlags(command: Command): Command {
  return command
    .option(
      '--record-file <file>',
      'one line for each call, and the records of each run (COMETAPI_GATEWAY_RECORD_FILE)',
    )
    .option(
      '--max-attempts <number>',
      'attempts for a request, 0 to 5; agents retry themselves (COMETAPI_GATEWAY_MAX_ATTEMPTS, default 2)',
      wholeNumberFlag('--max-attempts', 0, MAX_ATTEMPTS),
    )
    .option('--run-id <name>', 'the run that requests belong to (COMETAPI_GATEWAY_RUN_ID)', nameFlag('--run-id'))
    .option('--note <text>', 'a short note for the records of the run; secrets in it are removed')
    .option('--decision <text>', 'the decision behind a change of model, interface or retries after a failure');
}

export function addGatewayFlags(command: Command): Command {
  return addSharedGatewayFlags(
    command
      .option(
        '--port <number>',
        'where to listen; 0 takes a free port (COMETAPI_GATEWAY_PORT, default 8787)',
        wholeNumberFlag('--port', 0, MAX_PORT),
      )
      .option('--host <address>', 'a loopback address (COMETAPI_GATEWAY_HOST, default 127.0.0.1 and ::1)')
      .option('--token-file <file>', 'file with the token agents send; made with a fresh one when there is none')
      .option('--token <token>', 'the token itself; other users of this machine can see it there: prefer --token-file'),
  );
}

/** Flags, then the environment. */
export function sharedSettings(
  flags: SharedGatewayFlags,
  { environment }: CliHost,
): {
  readonly recordFile: string | undefined;
  readonly maxAttempts: number | undefined;
  readonly runId: string | undefined;
} {
  const variable = (name: string): string | undefined => environment[name]?.trim() || undefined;
  return {
    recordFile: flags.recordFile ?? variable('COMETAPI_GATEWAY_RECORD_FILE') ?? variable('COMETAPI_RECORD_FILE'),
    maxAttempts:
      flags.maxAttempts ??
      parsed('COMETAPI_GATEWAY_MAX_ATTEMPTS', variable('COMETAPI_GATEWAY_MAX_ATTEMPTS'), 0, MAX_ATTEMPTS),
    runId:
      flags.runId ??
      named('COMETAPI_GATEWAY_RUN_ID', variable('COMETAPI_GATEWAY_RUN_ID') ?? variable('COMETAPI_RUN_ID')),
  };
}

export function listenSettings(
  flags: GatewayFlags,
  { environment }: CliHost,
): { readonly port: number | undefined; readonly host: string | undefined } {
  return {
    port:
      flags.port ??
      parsed('COMETAPI_GATEWAY_PORT', environment['COMETAPI_GATEWAY_PORT']?.trim() || undefined, 0, MAX_PORT),
    host: flags.host ?? (environment['COMETAPI_GATEWAY_HOST']?.trim() || undefined),
  };
}

/**
 * The token, and whether it was made here and has to be shown once.
 *
 * @throws CliError naming where the token came from, never what it is
 */
export async function tokenOf(
  flags: GatewayFlags,
  { environment }: CliHost,
): Promise<{ readonly token: string; readonly isFresh: boolean }> {
  if (flags.token !== undefined) {
    return { token: flags.token, isFresh: false };
  }
  if (flags.tokenFile !== undefined) {
    return { token: await tokenIn(flags.tokenFile), isFresh: false };
  }
  const given = environment['COMETAPI_GATEWAY_TOKEN']?.trim();
  return given ? { token: given, isFresh: false } : { token: generateToken(), isFresh: true };
}

async function tokenIn(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw fileProblem(path, error, 'read');
    }
  }
  const token = generateToken();
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${token}\n`);
    await file.close();
    // Whatever the umask says.
    await chmod(path, 0o600);
  } catch (error) {
    throw fileProblem(path, error, 'written');
  }
  return token;
}

function parsed(name: string, value: string | undefined, min: number, max: number): number | undefined {
  return value === undefined ? undefined : wholeNumberFlag(name, min, max)(value);
}

function named(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : nameFlag(name)(value);
}

/** An error of the gateway's start as one line. */
export function startProblem(error: unknown, port: number | undefined): CliError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE' || code === 'EACCES') {
    return new CliError(
      `Port ${port ?? 8787} cannot be listened on (${code}): choose another with --port, or 0 for a free one.`,
    );
  }
  // Problems of the configuration and of the gateway's options name options and variables, never values.
  return error instanceof Error && (error.name === 'CometAPIError' || error instanceof TypeError)
    ? usageError(error.message)
    : new CliError('The gateway could not be started.');
}
