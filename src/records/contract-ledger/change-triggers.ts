import type { Identifier } from '../../facts/identifier';
import type { RecordedSettings } from '../shared/envelope';
import { CHANGE_CONTROL, type ChangeEvent } from './contract-enums';
import type { ContractLedger } from './contract-ledger';
import type { ServiceUsage } from './service-usage';

/** A change of the service that needs a new contract check. */
export interface ChangeTrigger {
  readonly trigger: ChangeEvent;
  /** The changed route, field or setting. Contains only fixed text, checked identifiers and numbers. */
  readonly what: string;
}

/**
 * Returns the changes that the operator must confirm, because the comparison does not detect all of them.
 * Without records, it detects only newly parsed fields.
 */
export function releaseChecklist(hasRecords: boolean): readonly ChangeEvent[] {
  const detected: readonly ChangeEvent[] = hasRecords
    ? ['new_endpoint', 'changed_request_fields', 'changed_retry_or_timeout', 'staging_to_production']
    : [];
  return CHANGE_CONTROL.filter((event) => event !== 'newly_parsed_field' && !detected.includes(event));
}

/** Settings that limit the number and the duration of attempts. */
const BOUNDS = [
  'max_attempts',
  'retry',
  'header_timeout_ms',
  'deadline_ms',
  'idle_timeout_ms',
  'max_stream_ms',
  'max_retry_after_ms',
  'backoff_base_ms',
  'backoff_cap_ms',
  'retry_budget',
] as const satisfies readonly (keyof RecordedSettings)[];

/** Compares how the service calls now with how it called at the last contract check. Returns the changes. */
export function changeTriggers(ledger: ContractLedger, now: ServiceUsage): readonly ChangeTrigger[] {
  return [...newEndpoints(ledger, now), ...requestFields(ledger, now), ...bounds(ledger, now), ...places(ledger, now)];
}

/** Returns the fields in `parsed` (paths by route) that the ledger does not list. */
export function newlyParsed(
  ledger: ContractLedger,
  parsed: ReadonlyMap<string, readonly Identifier<'json_path'>[]>,
): readonly ChangeTrigger[] {
  return [...parsed].flatMap(([route, paths]) => {
    const entry = ledger.endpoints.find(({ method_and_path }) => method_and_path.endsWith(` ${route}`));
    return entry === undefined
      ? []
      : paths
          .filter((path) => !entry.parsed_response_fields.includes(path))
          .map((path): ChangeTrigger => ({ trigger: 'newly_parsed_field', what: `${route} ${path}` }));
  });
}

function newEndpoints({ endpoints }: ContractLedger, { endpoints: used }: ServiceUsage): readonly ChangeTrigger[] {
  const known = endpoints.map(({ method_and_path }) => method_and_path.split(' ')[1]);
  return used
    .filter(({ route_template }) => !known.includes(route_template))
    .map(({ route_template }) => ({ trigger: 'new_endpoint', what: route_template }));
}

function requestFields(ledger: ContractLedger, { endpoints: used }: ServiceUsage): readonly ChangeTrigger[] {
  return used.flatMap(({ route_template: route, request_fields: fields, other_field_count: others }) => {
    const entry = ledger.endpoints.find(({ method_and_path }) => method_and_path.endsWith(` ${route}`));
    if (entry === undefined) {
      return [];
    }
    const baseline = ledger.service.endpoints.find(({ route_template }) => route_template === route);
    const known = new Set<string>([
      ...entry.required_request_fields,
      ...entry.optional_request_fields,
      ...(entry.positive_check?.sent_request_fields ?? []),
      ...(baseline?.request_fields ?? []),
    ]);
    const added = fields.filter((name) => !known.has(name)).map((name) => `${route} ${name}`);
    const hasMore = others > (baseline?.other_field_count ?? 0);
    return [...added, ...(hasMore ? [`${route} undocumented fields: ${others}`] : [])].map(
      (what): ChangeTrigger => ({ trigger: 'changed_request_fields', what }),
    );
  });
}

function bounds({ service }: ContractLedger, { settings: used }: ServiceUsage): readonly ChangeTrigger[] {
  const found = new Set<string>();
  for (const settings of used) {
    const ofKind = service.settings.filter(({ stream }) => stream === settings.stream);
    const baselines = ofKind.length > 0 ? ofKind : service.settings;
    // Streams have a different header timeout, so compare it only between settings of the same kind.
    const names = ofKind.length > 0 ? BOUNDS : BOUNDS.filter((name) => name !== 'header_timeout_ms');
    const differences = baselines.map((baseline) => names.filter((name) => baseline[name] !== settings[name]));
    const [fewest] = differences.sort((one, other) => one.length - other.length);
    const baseline = baselines[0];
    for (const name of fewest ?? []) {
      found.add(`${name} changed from ${baseline?.[name] ?? 'unknown'} to ${settings[name]}`);
    }
  }
  return [...found].map((what) => ({ trigger: 'changed_retry_or_timeout', what }));
}

function places({ service }: ContractLedger, now: ServiceUsage): readonly ChangeTrigger[] {
  const servers = now.servers.filter(
    ({ host, port }) =>
      !service.servers.some((server) => server.host === host && (server.port === port || isLoopback(host))),
  );
  const environments = now.environments.filter((name) => !service.environments.includes(name));
  return [
    ...servers.map(
      ({ host, port }): ChangeTrigger => ({
        trigger: 'changed_account_credential_or_environment',
        what: `new base URL ${host}:${port}`,
      }),
    ),
    ...environments.map(
      (name): ChangeTrigger => ({
        trigger: name === 'production' ? 'staging_to_production' : 'changed_account_credential_or_environment',
        what: `new environment ${name}`,
      }),
    ),
  ];
}

/** True for loopback hosts. Each run listens on a new loopback port, so a different port is not a change. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
