import { existsSync } from 'node:fs';
import * as api from '@opentelemetry/api';
import type { Command } from 'commander';
import { markdownTable, markdownText } from '../../records/shared/markdown';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { checkBaseURL } from '../doctor/check-base-url';
import { checkConfiguration } from '../doctor/check-configuration';
import { checkRecordFile } from '../doctor/check-record-file';
import { checkRecords } from '../doctor/check-records';
import { checkRuntime } from '../doctor/check-runtime';
import { checkTelemetry, telemetryState } from '../doctor/check-telemetry';
import { checkVersions } from '../doctor/check-versions';
import type { Finding } from '../doctor/finding';
import { EXIT, type ExitCode } from '../exit-code';
import type { FromFlag } from '../flags/from-flag';
import { addFromFlag } from '../flags/from-flag';
import { appendStepSummary } from '../output/github-actions';
import type { Output } from '../output/output';

const EXAMPLES = `
Examples:
  cometapi-otel doctor
  NODE_OPTIONS="--import cometapi-otel/register" cometapi-otel doctor

Sends nothing and writes nothing. Shows the names of variables, never their values.
Exit codes: 0 no problem, 1 at least one failure, 2 at least one warning.`;

export function registerDoctor(program: Command, shell: Shell): void {
  const doctor = program
    .command('doctor')
    .description('check the environment for problems: configuration, telemetry, record file, versions');
  addFromFlag(doctor).addHelpText('after', EXAMPLES).action(commandAction<FromFlag>(shell, examine));
}

async function examine({ options, host, output }: Invocation<FromFlag>): Promise<ExitCode> {
  const { findings: configuration, config } = checkConfiguration(host);
  const recordFile = host.environment['COMETAPI_RECORD_FILE']?.trim() || undefined;
  const recorded = options.from ?? (recordFile !== undefined && existsSync(recordFile) ? [recordFile] : []);
  const findings = [
    checkRuntime(process.versions),
    checkVersions(),
    ...configuration,
    ...(config === undefined ? [] : [checkBaseURL(config.baseURL)]),
    ...checkTelemetry(telemetryState(Reflect.get(api, 'logs')), host),
    checkRecordFile(recordFile),
    ...checkRecords(recorded),
  ];
  const result = resultOf(findings);
  if (output.json) {
    await output.object({ result, findings: findings.map((finding) => ({ remedy: null, ...finding })) });
  } else {
    const reported = output.quiet ? findings.filter(({ level }) => level !== 'ok') : findings;
    await output.result(reported.map((finding) => findingLine(finding, output)).join('\n'));
  }
  await appendStepSummary(markdown(findings, result), host, output);
  return EXIT_OF[result];
}

const EXIT_OF = { pass: EXIT.pass, fail: EXIT.fail, needs_follow_up: EXIT.needsFollowUp } as const;
const COLOUR_OF = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function resultOf(findings: readonly Finding[]): keyof typeof EXIT_OF {
  const levels = findings.map(({ level }) => level);
  return levels.includes('fail') ? 'fail' : levels.includes('warn') ? 'needs_follow_up' : 'pass';
}

function findingLine({ name, level, text, remedy }: Finding, { paint }: Output): string {
  return `${paint(COLOUR_OF[level], level.padEnd(4))}  ${name}: ${sentence(text)}${remedy === undefined ? '' : ` ${remedy}`}`;
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

function markdown(findings: readonly Finding[], result: string): string {
  const rows = findings.map(({ name, level, text, remedy = '' }) => [
    level,
    name,
    markdownText(text),
    markdownText(remedy),
  ]);
  return [`### Doctor: ${result}`, markdownTable(['Level', 'Check', 'Result', 'Remedy'], rows)].join('\n\n');
}
