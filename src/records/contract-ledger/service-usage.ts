import type { CallFacts, SettingsFacts } from '../../facts/call-facts';
import type { RouteTemplate } from '../../facts/endpoints';
import type { RequestField } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import type { Count, Port } from '../../facts/value-types';
import type { CallRecord } from '../call-line/call-record';
import { type RecordedSettings, recordedSettings } from '../shared/envelope';

/** How a service calls CometAPI, according to its records or its configuration. The baseline of `contract diff`. */
export interface ServiceUsage {
  readonly known_from: 'records' | 'configuration';
  readonly endpoints: readonly UsedEndpoint[];
  readonly settings: readonly UsedSettings[];
  readonly servers: readonly UsedServer[];
  readonly environments: readonly Identifier<'name'>[];
}

export interface UsedEndpoint {
  readonly route_template: RouteTemplate;
  readonly request_fields: readonly RequestField[];
  /** The highest number of undocumented fields in one request. */
  readonly other_field_count: Count;
}

/** Settings of streams or of JSON responses, which have different limits. */
export interface UsedSettings extends RecordedSettings {
  readonly stream: boolean;
}

export interface UsedServer {
  readonly host: Identifier<'host'>;
  readonly port: Port;
}

/** Limits memory. A service has only a few of each, but a forged file can contain any number. */
const MAX_KEPT = 32;

const SETTINGS = [
  'maxAttempts',
  'retry',
  'headerTimeoutMs',
  'deadlineMs',
  'idleTimeoutMs',
  'maxStreamMs',
  'maxRetryAfterMs',
  'backoffBaseMs',
  'backoffCapMs',
  'retryBudget',
  'maxConnections',
  'transport',
  'telemetry',
  'propagate',
  'openaiCompatible',
] as const satisfies readonly (keyof SettingsFacts)[];

/** Collects the distinct endpoints and settings of calls, so a file of any length needs little memory. */
export class ServiceUsageCollector {
  readonly #endpoints = new Map<RouteTemplate, { readonly fields: Set<RequestField>; others: number }>();
  /** Kept as facts: comparing a few known settings is cheaper than converting the settings of each line. */
  readonly #settings: { readonly stream: boolean; readonly facts: SettingsFacts }[] = [];
  readonly #servers = new Map<string, UsedServer>();
  readonly #environments = new Set<Identifier<'name'>>();

  add({ facts, environment }: Pick<CallRecord, 'facts' | 'environment'>): void {
    const { request, routeTemplate, serverAddress, serverPort } = facts;
    const endpoint = this.#endpoints.get(routeTemplate) ?? { fields: new Set<RequestField>(), others: 0 };
    for (const name of request.fields) {
      endpoint.fields.add(name);
    }
    endpoint.others = Math.max(endpoint.others, request.otherFieldCount);
    keep(this.#endpoints, routeTemplate, endpoint);
    const isKnown = this.#settings.some((kept) => kept.stream === facts.stream && isSame(kept.facts, facts.settings));
    if (!isKnown && this.#settings.length < MAX_KEPT) {
      this.#settings.push({ stream: facts.stream, facts: facts.settings });
    }
    keep(this.#servers, `${serverAddress}:${serverPort}`, { host: serverAddress, port: serverPort });
    if (environment.name !== null && this.#environments.size < MAX_KEPT) {
      this.#environments.add(environment.name);
    }
  }

  usage(): ServiceUsage {
    return {
      known_from: 'records',
      endpoints: [...this.#endpoints].map(([route, { fields, others }]) => ({
        route_template: route,
        request_fields: [...fields].sort(),
        other_field_count: others,
      })),
      settings: this.#settings.map(({ stream, facts }) => ({ stream, ...recordedSettings(facts) })),
      servers: [...this.#servers.values()],
      environments: [...this.#environments].sort(),
    };
  }
}

function isSame(one: SettingsFacts, other: SettingsFacts): boolean {
  return SETTINGS.every((name) => one[name] === other[name]);
}

function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  if (map.has(key) || map.size < MAX_KEPT) {
    map.set(key, value);
  }
}

/** Settings of a service that a contract check does not use. */
export interface ConfiguredSettings {
  readonly maxAttempts: number;
  readonly headerTimeoutMs: number;
}

/** Derives the usage from the configuration of a client. Used by checks without records, which never retry. */
export function configuredUsage(
  calls: readonly CallFacts[],
  configured: Partial<ConfiguredSettings>,
  environment: Identifier<'name'> | null,
): ServiceUsage {
  const collector = new ServiceUsageCollector();
  for (const facts of calls) {
    collector.add({
      facts: { ...facts, settings: { ...facts.settings, ...configured } },
      // The collector reads only the name.
      environment: { upstream: facts.upstream, name: environment, runtime: null, os: null, sdks: [] },
    });
  }
  return { ...collector.usage(), known_from: 'configuration' };
}
