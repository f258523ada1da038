import type { Command } from 'commander';
import type { Redactor } from '../../facts/redaction/redactor';
import { checkIncident, type IncidentAnnotations } from '../../records/incident-packet/incident-annotations';
import { usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import { type AnnotationFlags, annotationsOf, DOCS_HELP } from './annotation-flags';
import { each, modelFlag, nameFlag, oneOf } from './checked-flag';

/** Flags with which the operator describes an incident. */
export interface PacketFlags extends AnnotationFlags {
  readonly symptom?: string | undefined;
  readonly question?: string | undefined;
  readonly incidentId?: string | undefined;
  readonly verifiedModel?: string | undefined;
  readonly verifiedBy?: string | undefined;
  readonly link?: readonly string[] | undefined;
  readonly guess?: readonly string[] | undefined;
  readonly operatorResult?: 'pass' | 'fail' | 'needs-follow-up' | undefined;
}

export function addPacketFlags(command: Command): Command {
  return command
    .requiredOption('--question <text>', 'one question for the support team, based on the documentation')
    .option('--workflow <text>', 'the affected workflow (default: the workflow in the records)')
    .option('--symptom <text>', 'what users saw; without it the packet lists an evidence gap')
    .option(
      '--incident-id <id>',
      'the id of the incident (default: INC- and the time in UTC)',
      nameFlag('--incident-id'),
    )
    .option(
      '--environment <name>',
      'where it happened: local, staging, production, ci (default: the environment in the records)',
      nameFlag('--environment'),
    )
    .option(
      '--verified-model <id>',
      'a verified model id; without it the packet names no model',
      modelFlag('--verified-model'),
    )
    .option('--verified-by <url|account>', 'where you verified the model')
    .option('--docs <url@date>', DOCS_HELP, each(String))
    .option('--link <url>', 'a runbook or incident page: https, no query string (may be repeated)', each(String))
    .option('--guess <text>', 'a suspicion; the packet keeps it apart from the facts (may be repeated)', each(String))
    .option('--note <text>', 'a short note; secrets are redacted')
    .option('--evidence <url|account>', 'the source of claims about price, quota, uptime or cause')
    .option('--command <label>', 'name of the command that sent the calls, without its arguments')
    .option('--changed-file <path>', 'a file that you changed for this incident (may be repeated)', each(String))
    .option(
      '--operator-result <result>',
      'pass, fail or needs-follow-up (default: computed from the calls)',
      oneOf('--operator-result', ['pass', 'fail', 'needs-follow-up']),
    );
}

/**
 * Reads the operator's annotations from the flags.
 *
 * @throws CliError (64) that names the invalid flag
 */
export function incidentAnnotations(flags: PacketFlags, host: CliHost, redactor: Redactor): IncidentAnnotations {
  if ((flags.verifiedModel === undefined) !== (flags.verifiedBy === undefined)) {
    throw usageError(
      'Pass --verified-model and --verified-by together. The packet names a model only with its source.',
    );
  }
  const { docs, note, evidence, command, environment, changedFile } = flags;
  const {
    workflow: _none,
    operatorResult: _computed,
    ...shared
  } = annotationsOf({ docs, note, evidence, command, environment, changedFile }, host, redactor);
  const parts: readonly (readonly [string, IncidentAnnotations])[] = [
    ['--workflow', { workflow: flags.workflow }],
    ['--symptom', { symptom: flags.symptom }],
    ['--question', { question: flags.question }],
    ['--incident-id', { incidentId: flags.incidentId }],
    ['--verified-model', { verifiedModel: flags.verifiedModel, verifiedBy: flags.verifiedBy }],
    ['--link', { links: flags.link }],
    ['--guess', { guesses: flags.guess }],
  ];
  for (const [name, part] of parts) {
    if (checkIncident(part, redactor).dropped) {
      throw usageError(`${name} is not valid: it is empty, repeated too often, malformed, or looks like a secret.`);
    }
  }
  const given = parts.flatMap(([, part]) => Object.entries(part).filter(([, value]) => value !== undefined));
  return { ...shared, ...Object.fromEntries(given), operatorResult: flags.operatorResult };
}
