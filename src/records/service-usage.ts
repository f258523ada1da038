import type { CallFacts, SettingsFacts } from '../facts/call-facts';
import type { Label } from '../facts/label';
import type { RequestField, RouteTemplate } from '../facts/words';
import type { CallRecord } from './call-record';
import { type RecordedSettings, recordedSettings } from './envelope';

/** How a service uses the gateway, as far as its records or its configuration tell; the baseline of change control. */
export interface ServiceUsage {
  readonly known_from: 'records' | 'configuration';
  readonly endpoints: readonly UsedEndpoint[];
  readonly settings: readonly UsedSettings[];
  readonly servers: readonly UsedServer[];
  readonly environments: readonly Label<'name'>[];
}

export interface UsedEndpoint {
  readonly route_template: RouteTemplate;
  readonly request_fields: readonly RequestField[];
  /** The most fields outside the documented ones that one request had. */
  readonly other_field_count: number;
}

/** Streams and whole answers have limits of their own. */
export interface UsedSettings extends RecordedSettings {
  readonly stream: boolean;
}

export interface UsedServer {
  readonly host: Label<'host'>;
  readonly port: number;
}

/** A service has few of each; a file of somebody else's could have any number. */
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

/** Collects what calls have in common, so that a file of any length needs little memory. */
export class ServiceUsageCollector {
  readonly #endpoints = new Map<RouteTemplate, { readonly fields: Set<RequestField>; others: number }>();
  /** As facts spell them: a file of any length has few, and comparing is cheaper than spelling them anew for each line. */
  readonly #settings: { readonly stream: boolean; readonly facts: SettingsFacts }[] = [];
  readonly #servers = new Map<string, UsedServer>();
  readonly #environments = new Set<Label<'name'>>();

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

/** Settings of a service that a check does not use itself. */
export interface ConfiguredSettings {
  readonly maxAttempts: number;
  readonly headerTimeoutMs: number;
}

/** Without records, a check knows how a client with this configuration would call. A check itself never retries. */
export function configuredUsage(
  calls: readonly CallFacts[],
  configured: Partial<ConfiguredSettings>,
  environment: Label<'name'> | null,
): ServiceUsage {
  const collector = new ServiceUsageCollector();
  for (const facts of calls) {
    collector.add({
      facts: { ...facts, settings: { ...facts.settings, ...configured } },
      // Only the name counts here.
      environment: { upstream: facts.upstream, name: environment, runtime: null, os: null, sdks: [] },
    });
  }
  return { ...collector.usage(), known_from: 'configuration' };
}
