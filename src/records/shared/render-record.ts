import { serialize } from './serialize';

export type RecordFormat = 'json' | 'yaml';

/** Field names of this library need no quotes: none is a reserved YAML value. */
const PLAIN_KEY = /^[a-z][a-z0-9_]+$/;
/** Incident packet fields without quotes, unless YAML could read the value as something else. */
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
/** Words, paths and timestamps without YAML syntax. */
const PLAIN_SCALAR = /^(?:[A-Za-z/<][A-Za-z0-9_<>./-]*|[245]xx|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z)$/;
/** Values that YAML 1.1 or 1.2 reads as a boolean or null. */
const RESERVED = /^(?:true|false|yes|no|on|off|y|n|null)$/i;
const SIMULATOR_NOTICE = '# simulator: these calls went to the local simulator, not to CometAPI';

/**
 * Renders a record as one line of JSON or as YAML.
 *
 * YAML scalars are written as JSON, which YAML reads as the same value: `"no"` and `"2"` stay strings. In YAML, a
 * comment in the first line marks a record from the simulator.
 */
export function renderRecord(record: object, format: RecordFormat): string {
  if (format === 'json') {
    return serialize(record);
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
        : entryLines(`${PLAIN_KEY.test(name) ? name : serialize(name)}:`, value),
    );
}

function sequenceLines(items: readonly unknown[]): string[] {
  return items.flatMap((item) => {
    const nested = nestedLines(item);
    // The dash replaces the indentation of the first line.
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

/** The lines of a non-empty collection. An empty collection is written as a scalar. */
function nestedLines(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return undefined;
  }
  return Array.isArray(value) ? sequenceLines(value) : mappingLines(value);
}

/** Values that JSON cannot express (NaN, infinities) become null, as in JSON. */
function scalar(value: unknown): string {
  return serialize(value ?? null);
}
