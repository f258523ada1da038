import { appendFile } from 'node:fs/promises';
import type { DeclaredRun } from 'cometapi-otel';
import { markdownFence } from '../../records/markdown';
import type { CliHost } from './cli-host';
import type { Output } from './output';
import { safeText } from './safe-text';

/** Where in GitHub Actions this runs, from its variables; never its secrets. */
export function githubRun({ environment }: CliHost): DeclaredRun | undefined {
  if (!environment['GITHUB_STEP_SUMMARY'] && environment['GITHUB_ACTIONS'] !== 'true') {
    return undefined;
  }
  const runId = environment['GITHUB_RUN_ID'] ?? '';
  return {
    provider: 'github-actions',
    workflow: environment['GITHUB_WORKFLOW'],
    job: environment['GITHUB_JOB'],
    step: environment['GITHUB_ACTION'],
    // A number; anything else is not GitHub's.
    runId: /^\d{1,20}$/.test(runId) ? runId : undefined,
  };
}

/** A summary holds a megabyte at most, and nobody reads that. */
const MAX_BLOCK = 65_536;

/** What a terminal would show, without its colours, for a summary. */
export function textBlock(text: string): string {
  const isLong = text.length > MAX_BLOCK;
  const shown = isLong ? text.slice(0, text.lastIndexOf('\n', MAX_BLOCK)) : text;
  return markdownFence(`${safeText(shown, false)}${isLong ? '\n…' : ''}`, 'text');
}

/** Appends `markdown` to the summary of the step, when there is one. A summary that cannot be written fails nothing. */
export async function appendStepSummary(markdown: string, host: CliHost, output: Output): Promise<void> {
  const path = host.environment['GITHUB_STEP_SUMMARY'];
  if (path) {
    await appendFile(path, `${markdown.trimEnd()}\n\n`).catch(() => {
      output.note('The file that GITHUB_STEP_SUMMARY names could not be written.');
    });
  }
}
