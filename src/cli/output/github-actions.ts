import { appendFile } from 'node:fs/promises';
import type { RunAnnotations } from '../../records/shared/annotations';
import { markdownFence } from '../../records/shared/markdown';
import type { CliHost } from '../cli-host';
import type { Output } from './output';
import { safeText } from './safe-text';

/** Returns the workflow, job, step and run id of GitHub Actions. `undefined` outside GitHub Actions. */
export function githubRun({ environment }: CliHost): RunAnnotations | undefined {
  if (!environment['GITHUB_STEP_SUMMARY'] && environment['GITHUB_ACTIONS'] !== 'true') {
    return undefined;
  }
  const runId = environment['GITHUB_RUN_ID'] ?? '';
  return {
    provider: 'github-actions',
    workflow: environment['GITHUB_WORKFLOW'],
    job: environment['GITHUB_JOB'],
    step: environment['GITHUB_ACTION'],
    // GitHub's run ids are numbers. Ignore any other value.
    runId: /^\d{1,20}$/.test(runId) ? runId : undefined,
  };
}

/** Maximum length of a block, in characters. GitHub limits a step summary to 1 MiB. */
const MAX_BLOCK = 65_536;

/** Returns terminal output without colours, as a Markdown code block for a step summary. */
export function textBlock(text: string): string {
  const isLong = text.length > MAX_BLOCK;
  const kept = isLong ? text.slice(0, text.lastIndexOf('\n', MAX_BLOCK)) : text;
  return markdownFence(`${safeText(kept, false)}${isLong ? '\n…' : ''}`, 'text');
}

/** Appends `markdown` to the step summary, if there is one. A failed write prints a note; the command continues. */
export async function appendStepSummary(markdown: string, host: CliHost, output: Output): Promise<void> {
  const path = host.environment['GITHUB_STEP_SUMMARY'];
  if (path) {
    await appendFile(path, `${markdown.trimEnd()}\n\n`).catch(() => {
      output.note('Could not write the step summary: check the file that GITHUB_STEP_SUMMARY names.');
    });
  }
}
