import type { Command } from 'commander';
import type { Shell } from '../command-action';
import { registerEvidenceRetry } from './evidence-retry';
import { registerEvidenceTimeline } from './evidence-timeline';
import { registerEvidenceTrace } from './evidence-trace';

export function registerEvidence(program: Command, shell: Shell): void {
  const evidence = program
    .command('evidence')
    .helpCommand(false)
    .description('create evidence records from the calls in a record file');
  registerEvidenceTrace(evidence, shell);
  registerEvidenceRetry(evidence, shell);
  registerEvidenceTimeline(evidence, shell);
}
