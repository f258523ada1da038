import type { Command } from 'commander';
import type { Redactor } from '../../facts/redaction/redactor';
import type { CallRecord } from '../../records/call-line/call-record';
import { renderRetryEvidence } from '../../records/retry-evidence/markdown';
import { draftRetryEvidence, type RetryEvidence } from '../../records/retry-evidence/retry-evidence';
import type { Annotations } from '../../records/shared/annotations';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { type AnnotationFlags, addAnnotationFlags, annotationsOf } from '../flags/annotation-flags';
import { oneOf } from '../flags/checked-flag';
import { addFromFlag, type FromFlag, filesOf } from '../flags/from-flag';
import { addSelectionFlags, type SelectionFlags } from '../flags/selection-flags';
import {
  addRecordOutputFlags,
  deliverRecords,
  type RecordOutputFlags,
  type RenderedRecord,
  sealed,
} from '../output/record-output';
import { contextOfRecords } from '../reading/record-context';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { selectCalls } from '../reading/select-calls';

interface RetryFlags extends FromFlag, SelectionFlags, AnnotationFlags, RecordOutputFlags {
  readonly operatorResult?: 'pass' | 'fail' | undefined;
  readonly modelVerifiedBy?: string | undefined;
}

const EXAMPLES = `
Examples:
  cometapi-otel evidence retry --from records.jsonl --note "one 429, then success"
  cometapi-otel evidence retry --from records.jsonl --last-failure --operator-result fail -o retry.yaml

Without --call or --last-failure, the command creates one record for every retried call. Several records are a stream of
YAML documents, or with --json one object with a list under retry_evidence.
Exit codes: 0 pass; 1 fail; 2 pass, but a person must review the call (escalate). secret_redaction_checked: "yes" needs
a key in COMETAPI_API_KEY or COMETAPI_KEY. The command searches the record for that key before it writes.`;

export function registerEvidenceRetry(evidence: Command, shell: Shell): void {
  const retry = evidence
    .command('retry')
    .description('create retry evidence, one record per call: the first attempt, the retries and the result');
  addRecordOutputFlags(addAnnotationFlags(addSelectionFlags(addFromFlag(retry))))
    .option(
      '--operator-result <pass|fail>',
      "the operator's decision (default: computed from the ending of the call)",
      oneOf('--operator-result', ['pass', 'fail']),
    )
    .option('--model-verified-by <url|account>', 'where you verified the model')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<RetryFlags>(shell, makeEvidence));
}

async function makeEvidence(invocation: Invocation<RetryFlags>): Promise<ExitCode> {
  const { options, host, output } = invocation;
  const redactor = redactorFromEnvironment(host.environment);
  const annotations = annotationsOf(options, host, redactor, [
    ['--operator-result', { operatorResult: options.operatorResult }],
    ['--model-verified-by', { modelVerifiedBy: options.modelVerifiedBy }],
  ]);
  const flags = withDefault(options);
  const { records, skipped } = selectCalls(
    filesOf(options, host),
    flags,
    redactor,
    flags.retried === true
      ? 'matches and was retried. Use --call or --last-failure to select a call without retries'
      : undefined,
  );
  const rendered = records.map((record) => evidenceOf(record, annotations, redactor));
  skipped.report(output);
  await deliverRecords(rendered, 'retry_evidence', invocation);
  const exits = rendered.map(({ record }) => exitOf(record));
  return [EXIT.fail, EXIT.needsFollowUp].find((exit) => exits.includes(exit)) ?? EXIT.pass;
}

/** Selects retried calls only, unless a flag selects a call. */
function withDefault(flags: RetryFlags): SelectionFlags {
  const isChosen = flags.call !== undefined || flags.lastFailure !== undefined;
  return isChosen ? flags : { ...flags, retried: true };
}

function evidenceOf(record: CallRecord, annotations: Annotations, redactor: Redactor): RenderedRecord<RetryEvidence> {
  const context = contextOfRecords([record], annotations);
  const draft = draftRetryEvidence(record.facts, context.annotations, { source: context.source, redactor });
  return sealed(draft, redactor, renderRetryEvidence);
}

function exitOf({ operator_result: result, escalate }: RetryEvidence): ExitCode {
  if (result === 'fail') {
    return EXIT.fail;
  }
  return escalate.length > 0 ? EXIT.needsFollowUp : EXIT.pass;
}
