import type { Command } from 'commander';
import type { Redactor } from '../../facts/redaction/redactor';
import type { Annotations } from '../../records/shared/annotations';
import { checkAnnotations } from '../../records/shared/annotations';
import { usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import { githubRun } from '../output/github-actions';
import { each, nameFlag, runFlag } from './checked-flag';

/** Flags for annotations that any record can have. */
export interface AnnotationFlags {
  readonly docs?: readonly string[] | undefined;
  readonly note?: string | undefined;
  readonly evidence?: string | undefined;
  readonly command?: string | undefined;
  readonly environment?: string | undefined;
  readonly workflow?: string | undefined;
  readonly runId?: string | undefined;
  readonly changedFile?: readonly string[] | undefined;
}

/** The name of a flag or variable, and the annotation it sets. */
export type AnnotationPart = readonly [name: string, words: Annotations];

export const DOCS_HELP =
  'a documentation page and the date you read it, for example https://apidoc.cometapi.com/api/text/chat@2026-11-20 (may be repeated)';

/** Adds the flags of {@link AnnotationFlags}. */
export function addAnnotationFlags(command: Command): Command {
  return command
    .option('--docs <url@date>', DOCS_HELP, each(String))
    .option('--note <text>', 'a short note; secrets are redacted')
    .option('--evidence <url|account>', 'the source of claims in the note about price, quota, uptime or cause')
    .option('--command <label>', 'name of the command that sent the calls, without its arguments')
    .option(
      '--environment <name>',
      'where the calls were sent from: local, staging, production, ci',
      nameFlag('--environment'),
    )
    .option('--workflow <name>', 'the workflow of the calls', nameFlag('--workflow'))
    .option('--run-id <name>', 'the run id of the calls, if their record lines name none', runFlag('--run-id'))
    .option('--changed-file <path>', 'a file that you changed for this work (may be repeated)', each(String));
}

/**
 * Returns the operator's annotations from the flags and COMETAPI_DOCS_CHECKED, and the GitHub Actions run.
 *
 * @param more annotations from flags that only this command has
 * @throws CliError (64) that names the invalid flag or variable
 */
export function annotationsOf(
  flags: AnnotationFlags,
  host: CliHost,
  redactor: Redactor,
  more: readonly AnnotationPart[] = [],
): Annotations {
  const fromEnvironment = host.environment['COMETAPI_DOCS_CHECKED']
    ?.split(',')
    .map((page) => page.trim())
    .filter(Boolean);
  const parts: readonly AnnotationPart[] = [
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
    if (checkAnnotations(part, redactor).dropped) {
      throw usageError(`${name} ${TAKES[name] ?? 'is not valid: it is empty or looks like a secret'}.`);
    }
  }
  const given = parts.map(([, part]) => Object.entries(part).filter(([, value]) => value !== undefined));
  return { ...Object.fromEntries(given.flat()), ranBy: githubRun(host) };
}

const DOCS = 'must be URL@YYYY-MM-DD: an https URL without a query string, and the date you read it';
const SOURCE = 'must be an https URL without a query string, or "account"';
const TAKES: Readonly<Record<string, string>> = {
  '--docs': DOCS,
  COMETAPI_DOCS_CHECKED: DOCS,
  '--evidence': SOURCE,
  '--model-verified-by': SOURCE,
  '--agent-version': 'must be a version such as 1.2.3',
};
