import type { Declared } from 'cometapi-otel';
import type { Command } from 'commander';
import type { SecretGuard } from '../../facts/secret-guard';
import { checkDeclared } from '../../records/declared';
import { each, nameFlag, runFlag } from './checked-flag';
import { usageError } from './cli-error';
import type { CliHost } from './cli-host';
import { githubRun } from './github-actions';

/** What the operator says about any record. */
export interface DeclaredFlags {
  readonly docs?: readonly string[] | undefined;
  readonly note?: string | undefined;
  readonly evidence?: string | undefined;
  readonly command?: string | undefined;
  readonly environment?: string | undefined;
  readonly workflow?: string | undefined;
  readonly runId?: string | undefined;
  readonly changedFile?: readonly string[] | undefined;
}

/** What one flag or variable says. */
export type DeclaredPart = readonly [name: string, words: Declared];

export const DOCS_HELP =
  'documentation page that was checked, and the day, for example https://apidoc.cometapi.com/api/text/chat@2026-11-20 (may be repeated)';

/** Adds the flags of {@link DeclaredFlags}. */
export function addDeclaredFlags(command: Command): Command {
  return command
    .option('--docs <url@date>', DOCS_HELP, each(String))
    .option('--note <text>', 'a short note; secrets in it are removed')
    .option('--evidence <url|account>', 'where claims in the note about price, quota, uptime or cause come from')
    .option('--command <label>', 'name of the command that made the calls, without its arguments')
    .option(
      '--environment <name>',
      'where the calls were made: local, staging, production, ci',
      nameFlag('--environment'),
    )
    .option('--workflow <name>', 'the workflow they belong to', nameFlag('--workflow'))
    .option('--run-id <name>', 'the run they belong to, where their lines name none', runFlag('--run-id'))
    .option('--changed-file <path>', 'a file that was changed for this (may be repeated)', each(String));
}

/**
 * The operator's words, from flags and from COMETAPI_DOCS_CHECKED, and the place in GitHub Actions.
 *
 * @param more words of the command's own flags, by flag
 * @throws CliError (64) naming the flag or the variable that does not fit
 */
export function declaredOf(
  flags: DeclaredFlags,
  host: CliHost,
  guard: SecretGuard,
  more: readonly DeclaredPart[] = [],
): Declared {
  const fromEnvironment = host.environment['COMETAPI_DOCS_CHECKED']
    ?.split(',')
    .map((page) => page.trim())
    .filter(Boolean);
  const parts: readonly DeclaredPart[] = [
    ['--docs', { docsChecked: flags.docs }],
    ['COMETAPI_DOCS_CHECKED', { docsChecked: flags.docs === undefined ? fromEnvironment : undefined }],
    ['--note', { notes: flags.note }],
    ['--evidence', { evidence: flags.evidence }],
    ['--command', { commandLabel: flags.command }],
    ['--environment', { environmentName: flags.environment }],
    ['--workflow', { workflow: flags.workflow }],
    ['--run-id', { runId: flags.runId }],
    ['--changed-file', { changedFiles: flags.changedFile }],
    ...more,
  ];
  for (const [name, part] of parts) {
    if (checkDeclared(part, guard).dropped) {
      throw usageError(`${name} ${TAKES[name] ?? 'does not fit: it is empty, or looks like a secret'}.`);
    }
  }
  const given = parts.map(([, part]) => Object.entries(part).filter(([, value]) => value !== undefined));
  return { ...Object.fromEntries(given.flat()), ranBy: githubRun(host) };
}

const DOCS = 'must be URL@YYYY-MM-DD with an https address without query, and the day it was read';
const SOURCE = 'must be an https address without query, or the word account';
const TAKES: Readonly<Record<string, string>> = {
  '--docs': DOCS,
  COMETAPI_DOCS_CHECKED: DOCS,
  '--evidence': SOURCE,
  '--model-verified-by': SOURCE,
  '--agent-version': 'must be a version such as 1.2.3',
};
