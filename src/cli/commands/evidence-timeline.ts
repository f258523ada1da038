import type { Command } from 'commander';
import {
  draftIncidentTimeline,
  FALLBACK_DECISIONS,
  type FallbackDecision,
} from '../../records/incident-timeline/incident-timeline';
import { renderIncidentTimeline } from '../../records/incident-timeline/markdown';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { type AnnotationFlags, addAnnotationFlags, annotationsOf } from '../flags/annotation-flags';
import { nameFlag, oneOf } from '../flags/checked-flag';
import { addFromFlag, type FromFlag, filesOf } from '../flags/from-flag';
import { addSelectionFlags, type SelectionFlags } from '../flags/selection-flags';
import { addRecordOutputFlags, deliverRecords, type RecordOutputFlags, sealed } from '../output/record-output';
import { contextOfRecords } from '../reading/record-context';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { selectCalls } from '../reading/select-calls';

interface TimelineFlags extends FromFlag, SelectionFlags, AnnotationFlags, RecordOutputFlags {
  readonly incidentId?: string | undefined;
  readonly fallbackDecision?: FallbackDecision | undefined;
}

const EXAMPLES = `
Examples:
  cometapi-otel evidence timeline --from records.jsonl --window 2026-11-21T10:00Z..2026-11-21T11:00Z --incident-id INC-7
  cometapi-otel evidence timeline --from one.jsonl --from other.jsonl --run nightly-42 --format markdown

A timeline contains no result: the exit code is 0 if the timeline was created.`;

export function registerEvidenceTimeline(evidence: Command, shell: Shell): void {
  const timeline = evidence
    .command('timeline')
    .description('create the timeline of an incident: every request, wait and ending in order');
  addRecordOutputFlags(addAnnotationFlags(addSelectionFlags(addFromFlag(timeline))))
    .option('--incident-id <id>', 'the id of the incident', nameFlag('--incident-id'))
    .option(
      '--fallback-decision <decision>',
      'the decision in the incident: retry, fallback, abort or degrade',
      oneOf('--fallback-decision', FALLBACK_DECISIONS),
    )
    .addHelpText('after', EXAMPLES)
    .action(commandAction<TimelineFlags>(shell, makeTimeline));
}

async function makeTimeline(invocation: Invocation<TimelineFlags>): Promise<ExitCode> {
  const { options, host, output } = invocation;
  const redactor = redactorFromEnvironment(host.environment);
  const annotations = annotationsOf(options, host, redactor);
  const { records, skipped } = selectCalls(filesOf(options, host), options, redactor);
  const context = contextOfRecords(records, annotations);
  const { incidentId, fallbackDecision } = options;
  const draft = draftIncidentTimeline(
    records.map(({ facts }) => facts),
    { ...context.annotations, incidentId, fallbackDecision },
    { source: context.source, redactor },
  );
  skipped.report(output);
  await deliverRecords([sealed(draft, redactor, renderIncidentTimeline)], 'incident_timeline', invocation);
  return EXIT.pass;
}
