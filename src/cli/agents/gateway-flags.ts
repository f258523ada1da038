import { chmod, open, readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { generateToken } from '../../gateway/local-token';
import { CliError, usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import { nameFlag, wholeNumberFlag } from '../flags/checked-flag';
import { fileProblem } from '../output/file-problem';

/** Flags of both `gateway` and `run`. */
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
      'file for one line per call and the records of each run (COMETAPI_GATEWAY_RECORD_FILE)',
    )
    .option(
      '--max-attempts <number>',
      'maximum attempts per request, 0 to 5; agents also retry (COMETAPI_GATEWAY_MAX_ATTEMPTS, default 2)',
      wholeNumberFlag('--max-attempts', 0, MAX_ATTEMPTS),
    )
    .option('--run-id <name>', 'the run id of the requests (COMETAPI_GATEWAY_RUN_ID)', nameFlag('--run-id'))
    .option('--note <text>', 'a short note for the records of the run; secrets are redacted')
    .option('--decision <text>', 'the decision to change model, interface or retries after a failure');
}

export function addGatewayFlags(command: Command): Command {
  return addSharedGatewayFlags(
    command
      .option(
        '--port <number>',
        'port to listen on; 0 selects a free port (COMETAPI_GATEWAY_PORT, default 8787)',
        wholeNumberFlag('--port', 0, MAX_PORT),
      )
      .option('--host <address>', 'loopback address to listen on (COMETAPI_GATEWAY_HOST, default 127.0.0.1 and ::1)')
      .option(
        '--token-file <file>',
        'file with the token that agents send; created with a new token if it does not exist',
      )
      .option(
        '--token <token>',
        'the token that agents send; other users of this machine can see it, so prefer --token-file',
      ),
  );
}

/** Reads the shared settings. Flags override environment variables. */
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
 * Returns the token. `isFresh` is true if the token is new, so the command must show it once.
 *
 * @throws CliError that names the token file, never the token
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
    // The umask may have removed a permission of the owner.
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

/** Converts an error at the gateway's start to a one-line error. */
export function startProblem(error: unknown, port: number | undefined): CliError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE' || code === 'EACCES') {
    return new CliError(
      `Cannot listen on port ${port ?? 8787} (${code}). Choose another port with --port, or --port 0 for a free one.`,
    );
  }
  // These messages name options and variables, never values.
  return error instanceof Error && (error.name === 'CometAPIError' || error instanceof TypeError)
    ? usageError(error.message)
    : new CliError('The local gateway could not start.');
}
