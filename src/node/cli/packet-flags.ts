import type { Command } from 'commander';
import type { SecretGuard } from '../../facts/secret-guard';
import { checkIncident, type DeclaredIncident } from '../../records/incident-declared';
import { each, modelFlag, nameFlag, oneOf } from './checked-flag';
import { usageError } from './cli-error';
import type { CliHost } from './cli-host';
import { type DeclaredFlags, DOCS_HELP, declaredOf } from './declared-flags';

/** What the operator says of an incident. */
export interface PacketFlags extends DeclaredFlags {
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
    .requiredOption('--question <text>', 'the one question to support, tied to the documentation')
    .option('--workflow <text>', 'the affected workflow (default: what the records name)')
    .option('--symptom <text>', 'what a user saw; missing, it is listed as an evidence gap')
    .option('--incident-id <id>', 'default: INC- and the time, UTC', nameFlag('--incident-id'))
    .option(
      '--environment <name>',
      'where it happened: local, staging, production, ci (default: what the records name)',
      nameFlag('--environment'),
    )
    .option(
      '--verified-model <id>',
      'a model identifier that was verified; without it none is named',
      modelFlag('--verified-model'),
    )
    .option('--verified-by <url|account>', 'where the model was verified')
    .option('--docs <url@date>', DOCS_HELP, each(String))
    .option('--link <url>', 'a runbook or an incident record, https without query (may be repeated)', each(String))
    .option('--guess <text>', 'a suspicion, kept apart from the facts (may be repeated)', each(String))
    .option('--note <text>', 'a short note; secrets in it are removed')
    .option('--evidence <url|account>', 'where claims about price, quota, uptime or cause come from')
    .option('--command <label>', 'name of the command that made the calls, without its arguments')
    .option('--changed-file <path>', 'a file that was changed for this (may be repeated)', each(String))
    .option(
      '--operator-result <result>',
      'pass, fail or needs-follow-up (default: computed)',
      oneOf('--operator-result', ['pass', 'fail', 'needs-follow-up']),
    );
}

/**
 * The operator's words.
 *
 * @throws CliError (64) naming the flag that does not fit
 */
export function declaredIncident(flags: PacketFlags, host: CliHost, guard: SecretGuard): DeclaredIncident {
  if ((flags.verifiedModel === undefined) !== (flags.verifiedBy === undefined)) {
    throw usageError('--verified-model and --verified-by belong together: a model is named only with its source.');
  }
  const { docs, note, evidence, command, environment, changedFile } = flags;
  const {
    workflow: _none,
    operatorResult: _computed,
    ...shared
  } = declaredOf({ docs, note, evidence, command, environment, changedFile }, host, guard);
  const parts: readonly (readonly [string, DeclaredIncident])[] = [
    ['--workflow', { workflow: flags.workflow }],
    ['--symptom', { symptom: flags.symptom }],
    ['--question', { question: flags.question }],
    ['--incident-id', { incidentId: flags.incidentId }],
    ['--verified-model', { verifiedModel: flags.verifiedModel, verifiedBy: flags.verifiedBy }],
    ['--link', { links: flags.link }],
    ['--guess', { guesses: flags.guess }],
  ];
  for (const [name, part] of parts) {
    if (checkIncident(part, guard).dropped) {
      throw usageError(`${name} does not fit: it is empty, too many, of another form, or looks like a secret.`);
    }
  }
  const given = parts.flatMap(([, part]) => Object.entries(part).filter(([, value]) => value !== undefined));
  return { ...shared, ...Object.fromEntries(given), operatorResult: flags.operatorResult };
}
