import type { DocumentationCheck } from '../facts/declared';
import { label } from '../facts/label';
import { createSecretGuard } from '../facts/secret-guard';
import type { Environment } from './environment';
import type { ClientOptions } from './options';
import type { Problems } from './problems';

/** Path of the record file: option, then `COMETAPI_RECORD_FILE`. */
export function resolveRecordFile(
  options: ClientOptions,
  environment: Environment,
  problems: Problems,
): string | undefined {
  const path = options.recordFile ?? environment.COMETAPI_RECORD_FILE;
  if (path !== undefined && (typeof path !== 'string' || path.trim() === '' || path.includes('\0'))) {
    problems.add(
      `${options.recordFile === undefined ? 'COMETAPI_RECORD_FILE' : 'recordFile'} must be the path of a file.`,
    );
    return undefined;
  }
  return path;
}

/** Documentation the operator says was checked. */
export function resolveDocsChecked(
  options: ClientOptions,
  environment: Environment,
  problems: Problems,
): readonly DocumentationCheck[] {
  const given: readonly unknown[] = options.docsChecked ?? environment.COMETAPI_DOCS_CHECKED?.split(',') ?? [];
  const field = options.docsChecked === undefined ? 'COMETAPI_DOCS_CHECKED' : 'docsChecked';
  return given.flatMap((entry) => {
    const check = parseDocumentationCheck(entry);
    if (check === undefined) {
      problems.add(`${field} must be https URLs, each with its access date: https://…@YYYY-MM-DD.`);
      return [];
    }
    return [check];
  });
}

function parseDocumentationCheck(entry: unknown): DocumentationCheck | undefined {
  const text =
    typeof entry === 'object' && entry !== null && 'url' in entry && 'accessedOn' in entry
      ? `${entry.url}@${entry.accessedOn}`
      : entry;
  const match = typeof text === 'string' ? /^\s*(\S+)@(\d{4}-\d{2}-\d{2})\s*$/.exec(text) : null;
  const url = label('docs_url', match?.[1], createSecretGuard());
  const accessedOn = label('date', match?.[2], createSecretGuard());
  return url === undefined || accessedOn === undefined || Number.isNaN(Date.parse(accessedOn))
    ? undefined
    : { url, accessedOn };
}

/** Goes into a header and into records, so it must fit both. */
export function resolveRequestId(value: unknown, problems: Problems): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const checked = label('id', value, createSecretGuard());
  if (checked === undefined) {
    problems.add('requestId must be up to 128 letters, digits and . _ : -, and not a secret.');
  }
  return checked;
}
