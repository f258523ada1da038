import { serialise } from './serialise';

export type RecordFormat = 'json' | 'yaml';

/** Our own names need no quotes; none of them is a word YAML takes for something else. */
const PLAIN_KEY = /^[a-z][a-z0-9_]+$/;
/** The incident template has its fields without quotes (seed 001); these have them still, wherever a reader could mistake them. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  'incident_id',
  'recorded_at_utc',
  'workflow_name',
  'api_surface_checked',
  'http_method',
  'route_template',
  'status_code_class',
  'error_category',
  'credential_used',
  'request_body_summary',
  'response_body_summary',
  'support_question',
  'operator_result',
]);
/** Words and paths without anything that YAML could read as markup, and moments as the template spells them. */
const PLAIN_SCALAR = /^(?:[A-Za-z/<][A-Za-z0-9_<>./-]*|[245]xx|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z)$/;
/** What YAML 1.1 or 1.2 takes for a boolean or nothing. */
const RESERVED = /^(?:true|false|yes|no|on|off|y|n|null)$/i;
const SIMULATOR_NOTICE = '# simulator: these calls went to the local simulator, not to CometAPI';

/**
 * The text of a record: one line of JSON, or YAML.
 *
 * YAML needs no library here: every scalar is written as JSON writes it, which YAML reads as the same value, so that
 * `"no"` and `"2"` stay strings. A record from the simulator says so in its first line.
 */
export function renderRecord(record: object, format: RecordFormat): string {
  if (format === 'json') {
    return serialise(record);
  }
  const lines = isFromSimulator(record) ? [SIMULATOR_NOTICE] : [];
  const plain = Reflect.get(record, 'record') === 'incident_packet' ? PLAIN_FIELDS : undefined;
  return `${[...lines, ...mappingLines(record, plain)].join('\n')}\n`;
}

function isFromSimulator(record: object): boolean {
  const environment: unknown = Reflect.get(record, 'environment');
  return (
    typeof environment === 'object' && environment !== null && Reflect.get(environment, 'upstream') === 'simulator'
  );
}

function mappingLines(mapping: object, plain?: ReadonlySet<string>): string[] {
  return Object.entries(mapping)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) =>
      plain?.has(name) === true && isPlain(value)
        ? [`${name}: ${value}`]
        : entryLines(`${PLAIN_KEY.test(name) ? name : serialise(name)}:`, value),
    );
}

function sequenceLines(items: readonly unknown[]): string[] {
  return items.flatMap((item) => {
    const nested = nestedLines(item);
    // The dash stands in the indentation of the first line.
    return nested === undefined ? [`- ${scalar(item)}`] : nested.map((line, at) => `${at === 0 ? '- ' : '  '}${line}`);
  });
}

function entryLines(key: string, value: unknown): string[] {
  const nested = nestedLines(value);
  return nested === undefined ? [`${key} ${scalar(value)}`] : [key, ...nested.map((line) => `  ${line}`)];
}

function isPlain(value: unknown): value is string {
  return typeof value === 'string' && PLAIN_SCALAR.test(value) && !RESERVED.test(value);
}

/** Lines of a collection that has anything in it; empty ones are written like scalars. */
function nestedLines(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return undefined;
  }
  return Array.isArray(value) ? sequenceLines(value) : mappingLines(value);
}

/** What JSON cannot say (NaN, infinities) is null there and here. */
function scalar(value: unknown): string {
  return serialise(value ?? null);
}
