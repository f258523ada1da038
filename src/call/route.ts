import type { BaseURL } from '../config/base-url';
import { type Label, label } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';
import type { EndpointFamily, HttpMethod, RouteTemplate } from '../facts/words';

/** Which of the known routes a URL is, in words of ours. */
export interface Route {
  readonly family: EndpointFamily;
  readonly template: RouteTemplate;
  /** Origin and route of ours; never a path or a value of the caller's. */
  readonly urlFull: Label<'url'>;
}

const FAMILIES: Readonly<Record<Exclude<RouteTemplate, '_OTHER'>, EndpointFamily>> = {
  '/v1/chat/completions': 'cometapi-text-chat',
  '/v1/responses': 'cometapi-text-responses',
  '/v1/models': 'cometapi-models',
  '/v1/messages': 'cometapi-anthropic-messages',
  '/v1/messages/count_tokens': 'cometapi-other',
  '/api/models': 'cometapi-other',
};
const TEMPLATES = Object.keys(FAMILIES) as (keyof typeof FAMILIES)[];

const METHOD_OF: Readonly<Record<RouteTemplate, string | undefined>> = {
  '/v1/chat/completions': 'POST',
  '/v1/responses': 'POST',
  '/v1/models': 'GET',
  '/v1/messages': 'POST',
  '/v1/messages/count_tokens': 'POST',
  '/api/models': 'GET',
  _OTHER: undefined,
};

/** What was found for a URL the last time; most are asked for again. */
const lastFound = new WeakMap<URL, { method: string; base: BaseURL; guard: SecretGuard; route: Route }>();

/** Finds the route of a URL on the gateway's origin. */
export function routeOf(url: URL, method: string, base: BaseURL, guard: SecretGuard): Route {
  const last = lastFound.get(url);
  if (last !== undefined && last.method === method && last.base === base && last.guard === guard) {
    return last.route;
  }
  const route = findRoute(url, method, base, guard);
  lastFound.set(url, { method, base, guard, route });
  return route;
}

function findRoute(url: URL, method: string, base: BaseURL, guard: SecretGuard): Route {
  const path = url.pathname.replace(/\/+$/, '');
  const below = path.startsWith(`${base.path}/`) ? path.slice(base.path.length) : undefined;
  const found = TEMPLATES.find((template) => path === template || `/v1${below}` === template);
  const template = found !== undefined && METHOD_OF[found] === method ? found : undefined;
  if (template === undefined) {
    return { family: 'cometapi-other', template: '_OTHER', urlFull: urlLabel(base, '/…', url, guard) };
  }
  return { family: FAMILIES[template], template, urlFull: urlLabel(base, shownPath(path, template, base), url, guard) };
}

/** The template, with `/…` in place of a base path that is not the documented one. */
function shownPath(path: string, template: RouteTemplate, base: BaseURL): string {
  if (path === template) {
    return template;
  }
  const suffix = base.path.endsWith('/v1') ? template : template.replace(/^\/v1/, '');
  return base.path === '' ? suffix : `/…${suffix}`;
}

function urlLabel(base: BaseURL, path: string, url: URL, guard: SecretGuard): Label<'url'> {
  // Most have none, and `searchParams` is made when it is asked for.
  const found = url.search === '' ? [] : [...url.searchParams.keys()];
  const names = [...new Set(found.map((name) => (QUERY_NAMES.has(name) ? name : 'REDACTED')))];
  const query =
    names.length === 0
      ? ''
      : `?${names
          .slice(0, 16)
          .map((name) => `${name}=REDACTED`)
          .join('&')}`;
  // Origin, constants and checked names fit the grammar; a host of unusual letters leaves the route alone.
  return (
    label('url', `${base.origin}${path}${query}`, guard) ?? (`https://_OTHER${path.replace('…', '')}` as Label<'url'>)
  );
}

/** Parameters of documented interfaces. Any other name is the caller's own, and could say as much as a value. */
const QUERY_NAMES: ReadonlySet<string> = new Set([
  'after',
  'api-version',
  'api_version',
  'before',
  'beta',
  'include',
  'limit',
  'model',
  'order',
  'starting_after',
  'stream',
]);

const METHODS: ReadonlySet<string> = new Set<HttpMethod>([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]);

/** The method as the conventions have it. */
export function methodWord(method: string): HttpMethod {
  // Membership proves the type.
  return METHODS.has(method) ? (method as HttpMethod) : '_OTHER';
}
