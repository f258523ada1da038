import type { BaseURL } from '../../config/base-url';
import { type EndpointFamily, KNOWN_ROUTES, ROUTES, type RouteTemplate } from '../../facts/endpoints';
import { HTTP_METHODS, type HttpMethod } from '../../facts/enums';
import { type Identifier, identifier } from '../../facts/identifier';
import type { Redactor } from '../../facts/redaction/redactor';

/** The known route of a URL, as enum values. */
export interface Route {
  readonly family: EndpointFamily;
  readonly template: RouteTemplate;
  /** Origin and route template. Contains no path or query value of the caller. */
  readonly urlFull: Identifier<'url'>;
}

/** Caches the last route of each URL object, because most URLs are used again. */
const lastFound = new WeakMap<URL, { method: string; base: BaseURL; redactor: Redactor; route: Route }>();

/** Returns the route of a URL on the origin of the base URL. */
export function routeOf(url: URL, method: string, base: BaseURL, redactor: Redactor): Route {
  const last = lastFound.get(url);
  if (last !== undefined && last.method === method && last.base === base && last.redactor === redactor) {
    return last.route;
  }
  const route = findRoute(url, method, base, redactor);
  lastFound.set(url, { method, base, redactor, route });
  return route;
}

function findRoute(url: URL, method: string, base: BaseURL, redactor: Redactor): Route {
  const path = url.pathname.replace(/\/+$/, '');
  const below = path.startsWith(`${base.path}/`) ? path.slice(base.path.length) : undefined;
  const found = KNOWN_ROUTES.find((template) => path === template || `/v1${below}` === template);
  const template = found !== undefined && ROUTES[found].method === method ? found : undefined;
  if (template === undefined) {
    return { family: 'cometapi-other', template: '_OTHER', urlFull: urlIdentifier(base, '/…', url, redactor) };
  }
  return {
    family: ROUTES[template].family,
    template,
    urlFull: urlIdentifier(base, shownPath(path, template, base), url, redactor),
  };
}

/** The template; `/…` replaces a base path other than the documented one. */
function shownPath(path: string, template: RouteTemplate, base: BaseURL): string {
  if (path === template) {
    return template;
  }
  const suffix = base.path.endsWith('/v1') ? template : template.replace(/^\/v1/, '');
  return base.path === '' ? suffix : `/…${suffix}`;
}

function urlIdentifier(base: BaseURL, path: string, url: URL, redactor: Redactor): Identifier<'url'> {
  // Most URLs have no query, and the `searchParams` getter creates an object.
  const found = url.search === '' ? [] : [...url.searchParams.keys()];
  const names = [...new Set(found.map((name) => (QUERY_NAMES.has(name) ? name : 'REDACTED')))];
  const query =
    names.length === 0
      ? ''
      : `?${names
          .slice(0, 16)
          .map((name) => `${name}=REDACTED`)
          .join('&')}`;
  // Origin, templates and known parameter names match the label grammar. A host with unusual characters does not.
  return (
    identifier('url', `${base.origin}${path}${query}`, redactor) ??
    (`https://_OTHER${path.replace('…', '')}` as Identifier<'url'>)
  );
}

/** Query parameters of documented APIs. Any other name comes from the caller and may be as private as a value. */
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

const METHODS: ReadonlySet<string> = new Set(HTTP_METHODS);

/** The method as an enum value of the OpenTelemetry conventions. */
export function httpMethodOf(method: string): HttpMethod {
  // Membership proves the type.
  return METHODS.has(method) ? (method as HttpMethod) : '_OTHER';
}
