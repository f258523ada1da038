import { extname } from 'node:path';
import type { Command } from 'commander';
import type { Redactor } from '../../facts/redaction/redactor';
import { type Draft, sealRecord } from '../../records/shared/seal-record';
import { serialize } from '../../records/shared/serialize';
import { CliError } from '../cli-error';
import type { Invocation } from '../command-action';
import { oneOf } from '../flags/checked-flag';
import { appendStepSummary } from './github-actions';
import { writeFiles } from './write-files';

export type TextFormat = 'yaml' | 'json' | 'markdown';

export interface RecordOutputFlags {
  readonly format?: TextFormat | undefined;
  readonly output?: string | undefined;
}

/** A record that may be printed: its text was searched for the keys of the environment. */
export interface RenderedRecord<R extends object = object> {
  readonly record: R;
  readonly json: string;
  readonly yaml: string;
  readonly markdown: string;
}

const FORMATS = ['yaml', 'json', 'markdown'] as const;
const FORMAT_OF_EXTENSION: Readonly<Record<string, TextFormat>> = {
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.json': 'json',
  '.md': 'markdown',
};

export function addRecordOutputFlags(command: Command): Command {
  return command
    .option(
      '--format <format>',
      'yaml, json or markdown (default: from the file extension, otherwise yaml)',
      oneOf('--format', FORMATS),
    )
    .option('-o, --output <file>', 'write to a new file instead of stdout; existing files are never overwritten');
}

/**
 * Seals and renders a record.
 *
 * @throws CliError if the record contains a secret. The message names the fields, never their content.
 */
export function sealed<R extends object>(
  draft: Draft<R>,
  redactor: Redactor,
  toMarkdown: (record: R) => string,
): RenderedRecord<R> {
  const result = sealRecord(draft, redactor);
  if (!result.sealed) {
    throw new CliError(`The record may contain a secret in ${result.leakingFields.join(', ')}. Nothing was written.`);
  }
  const markdown = toMarkdown(result.record);
  if (redactor.containsSecret(markdown)) {
    throw new CliError('The Markdown page of the record contains an active secret. Nothing was written.');
  }
  return { record: result.record, json: result.json, yaml: result.yaml, markdown };
}

/**
 * Writes one record, or several of a kind, to stdout or to the file of `--output`. Several records are a stream of YAML
 * documents, or one JSON object with a list under `name`. `--json` prints that object in both cases.
 */
export async function deliverRecords(
  records: readonly RenderedRecord[],
  name: string,
  { options, output, host }: Invocation<RecordOutputFlags>,
): Promise<void> {
  const [only] = records;
  const value =
    records.length === 1 && only !== undefined ? only.record : { [name]: records.map(({ record }) => record) };
  if (options.output !== undefined) {
    const format = options.format ?? FORMAT_OF_EXTENSION[extname(options.output).toLowerCase()] ?? 'yaml';
    await writeFiles([{ path: options.output, text: textOf(records, value, format) }]);
    output.note(`Wrote ${options.output}.`);
  }
  if (output.json) {
    await output.object(value);
  } else if (options.output === undefined) {
    await output.result(textOf(records, value, options.format ?? 'yaml'));
  }
  await appendStepSummary(textOf(records, value, 'markdown'), host, output);
}

function textOf(records: readonly RenderedRecord[], value: object, format: TextFormat): string {
  switch (format) {
    case 'yaml':
      return records.map(({ yaml }) => yaml).join('---\n');
    case 'markdown':
      return records.map(({ markdown }) => markdown).join('\n');
    case 'json':
      // One line, because the first line of a simulator record must name the simulator.
      return `${serialize(value)}\n`;
  }
}
