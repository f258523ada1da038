import type { DocumentationCheck } from '../facts/annotation-context';
import { identifier } from '../facts/identifier';
import type { Redactor } from '../facts/redaction/redactor';
import type { Environment } from './environment';
import type { Problems } from './problems';
import { givenSetting } from './setting-reader';

/** Reads the path of the record file: the option, then `COMETAPI_RECORD_FILE`. */
export function resolveRecordFile(option: unknown, environment: Environment, problems: Problems): string | undefined {
  const given = givenSetting({ option, name: 'recordFile', variable: 'COMETAPI_RECORD_FILE' }, environment);
  if (given === undefined) {
    return undefined;
  }
  if (typeof given.value !== 'string' || given.value === '' || given.value.includes('\0')) {
    problems.add(`${given.field} must be a file path.`);
    return undefined;
  }
  return given.value;
}

/** Reads the documentation pages that the operator checked: the option, then `COMETAPI_DOCS_CHECKED`. */
export function resolveDocsChecked(
  option: unknown,
  environment: Environment,
  problems: Problems,
  redactor: Redactor,
): readonly DocumentationCheck[] {
  const given = givenSetting({ option, name: 'docsChecked', variable: 'COMETAPI_DOCS_CHECKED' }, environment);
  if (given === undefined) {
    return [];
  }
  const entries: unknown = given.fromVariable ? String(given.value).split(',') : given.value;
  const checks = Array.isArray(entries)
    ? entries.map((entry) => parseDocumentationCheck(entry, redactor))
    : [undefined];
  const found = checks.filter((check) => check !== undefined);
  if (found.length < checks.length) {
    problems.add(`${given.field} must contain https URLs, each with its access date: https://…@YYYY-MM-DD.`);
  }
  return found;
}

function parseDocumentationCheck(entry: unknown, redactor: Redactor): DocumentationCheck | undefined {
  const parts = typeof entry === 'string' ? /^\s*(\S+)@(\S+)\s*$/.exec(entry)?.slice(1) : partsOf(entry);
  const url = identifier('docs_url', parts?.[0], redactor);
  const accessedOn = identifier('date', parts?.[1], redactor);
  return url === undefined || accessedOn === undefined || !isCalendarDate(accessedOn) ? undefined : { url, accessedOn };
}

function partsOf(entry: unknown): readonly unknown[] | undefined {
  return typeof entry === 'object' && entry !== null && 'url' in entry && 'accessedOn' in entry
    ? [entry.url, entry.accessedOn]
    : undefined;
}

/** `Date.parse` accepts invalid dates: February 31 becomes March 3. */
function isCalendarDate(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
