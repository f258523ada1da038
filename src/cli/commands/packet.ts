import type { Command } from 'commander';
import { timestampIdentifier } from '../../facts/identifier';
import type { Redactor } from '../../facts/redaction/redactor';
import { processSource } from '../../record-file/process-source';
import type { CallRecord } from '../../records/call-line/call-record';
import type { IncidentAnnotations } from '../../records/incident-packet/incident-annotations';
import {
  draftIncidentPacket,
  type IncidentContext,
  type IncidentPacket,
} from '../../records/incident-packet/incident-packet';
import { renderIncidentPacket } from '../../records/incident-packet/markdown';
import { recordedSettings } from '../../records/shared/envelope';
import { CliError, usageError } from '../cli-error';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { addFromFlag, type FromFlag, filesOf } from '../flags/from-flag';
import { addPacketFlags, incidentAnnotations, type PacketFlags } from '../flags/packet-flags';
import { addSelectionFlags, type SelectionFlags } from '../flags/selection-flags';
import { appendStepSummary } from '../output/github-actions';
import { writePacket } from '../output/packet-files';
import { sealed } from '../output/record-output';
import { readRecordFiles } from '../reading/read-record-files';
import { contextOfRecords } from '../reading/record-context';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { selectCalls } from '../reading/select-calls';

interface Flags extends PacketFlags, FromFlag, SelectionFlags {
  readonly compare?: string | undefined;
  readonly output?: string | undefined;
}

const EXAMPLES = `
Examples:
  cometapi-otel packet --from records.jsonl --last-failure --workflow nightly-summary \\
    --symptom "summaries are empty since 10:05 UTC" --question "Is a 503 expected for the documented chat interface?"
  cometapi-otel packet --from records.jsonl --window 2026-11-21T10:00Z..2026-11-21T10:30Z -o incidents/INC-7 \\
    --question "..." --docs https://apidoc.cometapi.com/api/text/chat@2026-11-20

Writes NAME.md, NAME.yaml and NAME.json with mode 0600, and prints the page. Existing files are never overwritten.
With --json it prints the record, and writes files only with --output. Without records, the packet lists the missing
evidence.
The packet is searched for the keys in COMETAPI_API_KEY and COMETAPI_KEY. If it contains one, nothing is written.
Exit codes: 0 complete; 1 not created; 2 created with an evidence gap (no call, no workflow, no symptom or, for CometAPI
only, no --docs).`;

export function registerPacket(program: Command, shell: Shell): void {
  const packet = program
    .command('packet')
    .description('create an incident support packet: what happened, the smallest safe test, and one question');
  addSelectionFlags(addFromFlag(addPacketFlags(packet)))
    .option(
      '--compare <file>',
      'record file of the same workflow from another environment; the packet lists the differences',
    )
    .option('-o, --output <path>', 'output directory, or output path without extension (default: the incident id)')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<Flags>(shell, makePacket));
}

async function makePacket(invocation: Invocation<Flags>): Promise<ExitCode> {
  const { options, host, output } = invocation;
  const redactor = redactorFromEnvironment(host.environment);
  const recordedAt = timestampIdentifier(host.now());
  const flags = incidentAnnotations(options, host, redactor);
  const observed = await observe(invocation, redactor);
  const annotations: IncidentAnnotations = {
    ...observed.said,
    ...flags,
    workflow: flags.workflow ?? observed.said.workflow,
    environmentName: flags.environmentName ?? observed.said.environmentName,
    incidentId: flags.incidentId ?? incidentId(recordedAt),
  };
  const context: IncidentContext = {
    source: observed.source,
    redactor,
    recordedAt,
    comparedWith: comparedWith(options.compare),
  };
  const facts = observed.records.map((record) => record.facts);
  const packet = sealed(draftIncidentPacket(facts, annotations, context), redactor, renderIncidentPacket);
  if (!output.json || options.output !== undefined) {
    const paths = await writePacket(packet, packet.record.incident_id ?? 'packet', options.output);
    output.note(`Wrote ${paths.join(', ')}.`);
  }
  await (output.json ? output.object(packet.record) : output.result(packet.markdown));
  await appendStepSummary(packet.markdown, host, output);
  return exitOf(packet.record, invocation);
}

interface Observed {
  readonly records: readonly CallRecord[];
  /** The annotations in the record lines. */
  readonly said: IncidentAnnotations;
  readonly source: IncidentContext['source'];
}

/** Without a record file, the packet contains only what the flags say. */
async function observe({ options, host, output }: Invocation<Flags>, redactor: Redactor): Promise<Observed> {
  const hasFile = options.from !== undefined || Boolean(host.environment['COMETAPI_RECORD_FILE']?.trim());
  if (!hasFile) {
    return { records: [], said: withoutRecords(options), source: processSource() };
  }
  const { records, skipped } = selectCalls(filesOf(options, host), withDefault(options), redactor);
  skipped.report(output);
  const { annotations, source } = contextOfRecords(records, { environmentName: options.environment });
  const { workflow, environmentName, runId } = annotations;
  return { records, said: { workflow, environmentName, runId }, source };
}

function withoutRecords({ call, run, retried, lastFailure, window }: Flags): IncidentAnnotations {
  if ((call ?? run ?? retried ?? lastFailure) !== undefined) {
    throw usageError('--from is missing. --call, --run, --retried and --last-failure select calls from a record file.');
  }
  const isClosed = window !== undefined && Number.isFinite(window.fromMs) && Number.isFinite(window.toMs);
  return isClosed ? { window: { from: timestampIdentifier(window.fromMs), to: timestampIdentifier(window.toMs) } } : {};
}

/** Selects the last failure if no flag selects calls. */
function withDefault(flags: Flags): SelectionFlags {
  const { call, run, window, retried, lastFailure } = flags;
  const isChosen = (call ?? run ?? window ?? retried ?? lastFailure) !== undefined;
  return isChosen ? { call, run, window, retried, lastFailure } : { lastFailure: true };
}

/** Returns the environment and the settings of the last call in another file. */
function comparedWith(path: string | undefined): IncidentContext['comparedWith'] {
  if (path === undefined) {
    return undefined;
  }
  let last: CallRecord | undefined;
  for (const { parsed } of readRecordFiles([path])) {
    last = parsed.kind === 'call' ? parsed.record : last;
  }
  if (last === undefined) {
    throw new CliError(`${path} contains no call to compare with.`);
  }
  const { upstream, name, runtime, os, sdks } = last.environment;
  return { upstream, name, runtime, os, sdks, settings: recordedSettings(last.facts.settings) };
}

/** For example INC-20261121-101500. These ids sort by time. */
function incidentId(recordedAt: string): string {
  return `INC-${recordedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
}

function exitOf({ evidence_gaps: gaps, environment }: IncidentPacket, { output }: Invocation<Flags>): ExitCode {
  const serious = gaps.filter(
    (gap) =>
      ['no_call_observed', 'workflow_not_stated', 'symptom_not_stated', 'question_not_stated'].includes(gap) ||
      (gap === 'docs_not_checked' && environment.upstream === 'cometapi'),
  );
  if (serious.length === 0) {
    return EXIT.pass;
  }
  output.note(`Evidence gaps: ${serious.join(', ').replaceAll('_', ' ')}.`);
  return EXIT.needsFollowUp;
}
