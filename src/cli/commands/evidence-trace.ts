import type { Command } from 'commander';
import type { Annotations } from '../../records/shared/annotations';
import { isErrorCategory } from '../../records/shared/enums';
import { renderUsageTrace } from '../../records/usage-trace/markdown';
import { draftUsageTrace, type UsageTrace } from '../../records/usage-trace/usage-trace';
import { usageError } from '../cli-error';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import {
  type AnnotationFlags,
  type AnnotationPart,
  addAnnotationFlags,
  annotationsOf,
} from '../flags/annotation-flags';
import { each, nameFlag, oneOf } from '../flags/checked-flag';
import { addFromFlag, type FromFlag, filesOf } from '../flags/from-flag';
import { addSelectionFlags, type SelectionFlags } from '../flags/selection-flags';
import { addRecordOutputFlags, deliverRecords, type RecordOutputFlags, sealed } from '../output/record-output';
import { contextOfRecords } from '../reading/record-context';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { selectCalls } from '../reading/select-calls';

type Expected = NonNullable<Annotations['expectedErrors']>[number];

interface TraceFlags extends FromFlag, SelectionFlags, AnnotationFlags, RecordOutputFlags {
  readonly contractCheck?: true | undefined;
  readonly expectError?: readonly Expected[] | undefined;
  readonly modelVerifiedBy?: string | undefined;
  readonly agent?: string | undefined;
  readonly agentVersion?: string | undefined;
  readonly instructionsReviewed?: 'yes' | 'no' | undefined;
}

const EXIT_OF: Readonly<Record<UsageTrace['result_class'], ExitCode>> = {
  pass: EXIT.pass,
  fail: EXIT.fail,
  needs_follow_up: EXIT.needsFollowUp,
};

const EXAMPLES = `
Examples:
  cometapi-otel evidence trace --from records.jsonl --run nightly-42 \\
    --docs https://apidoc.cometapi.com/api/text/chat@2026-11-20 --note "nightly summary"
  cometapi-otel evidence trace --from records.jsonl --last-failure --format markdown -o trace.md

The exit code is the result: 0 pass, 1 fail, 2 needs follow-up. Against CometAPI, a pass needs --docs, and a key in
COMETAPI_API_KEY or COMETAPI_KEY. The command searches the record for that key before it writes, and the record then
says redaction_check: value_scan.`;

export function registerEvidenceTrace(evidence: Command, shell: Shell): void {
  const trace = evidence
    .command('trace')
    .description('create the usage trace of a run or of selected calls: the tests, the checks and the results');
  addRecordOutputFlags(addAnnotationFlags(addSelectionFlags(addFromFlag(trace))))
    .option('--contract-check', 'the calls are contract checks, not ordinary work')
    .option(
      '--expect-error <call=category>',
      'a call that must fail with this category, for example ID=auth_rejected (may be repeated)',
      each(expectedError),
    )
    .option('--model-verified-by <url|account>', 'where you verified the model')
    .option('--agent <name>', 'the coding agent that sent the calls', nameFlag('--agent'))
    .option('--agent-version <version>', 'the version of the coding agent')
    .option(
      '--instructions-reviewed <yes|no>',
      'yes if a person reviewed the instructions of the agent',
      oneOf('--instructions-reviewed', ['yes', 'no']),
    )
    .addHelpText('after', EXAMPLES)
    .action(commandAction<TraceFlags>(shell, makeTrace));
}

async function makeTrace(invocation: Invocation<TraceFlags>): Promise<ExitCode> {
  const { options, host, output } = invocation;
  const redactor = redactorFromEnvironment(host.environment);
  const annotations = annotationsOf(options, host, redactor, traceWords(options));
  const { records, skipped } = selectCalls(filesOf(options, host), options, redactor);
  const context = contextOfRecords(records, annotations);
  const draft = draftUsageTrace(
    records.map(({ facts }) => facts),
    context.annotations,
    { source: context.source, redactor },
  );
  const rendered = sealed(draft, redactor, renderUsageTrace);
  skipped.report(output);
  await deliverRecords([rendered], 'usage_trace', invocation);
  return EXIT_OF[rendered.record.result_class];
}

function traceWords(flags: TraceFlags): readonly AnnotationPart[] {
  const { agent: surface, agentVersion: version, instructionsReviewed } = flags;
  if (version !== undefined && surface === undefined) {
    throw usageError('--agent-version needs --agent.');
  }
  return [
    ['--contract-check', { contractCheck: flags.contractCheck }],
    ['--expect-error', { expectedErrors: flags.expectError }],
    ['--model-verified-by', { modelVerifiedBy: flags.modelVerifiedBy }],
    ['--agent-version', { agent: surface === undefined ? undefined : { surface, version } }],
    [
      '--instructions-reviewed',
      { instructionsReviewed: instructionsReviewed === undefined ? undefined : instructionsReviewed === 'yes' },
    ],
  ];
}

function expectedError(value: string): Expected {
  const [callId = '', category, ...rest] = value.split('=');
  if (callId === '' || rest.length > 0 || !isErrorCategory(category)) {
    throw usageError(
      '--expect-error must be a call id, an equals sign and an error category, for example ID=auth_rejected.',
    );
  }
  return { callId, category };
}
