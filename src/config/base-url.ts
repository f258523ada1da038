import { DEFAULTS } from './defaults';
import type { Problems } from './problems';

/** Where the gateway is, taken apart once. */
export interface BaseURL {
  /** As given, trimmed. */
  readonly text: string;
  /** Without a trailing slash. */
  readonly href: string;
  readonly origin: string;
  /** Path without a trailing slash: `/v1`, or empty. */
  readonly path: string;
  readonly hostname: string;
  readonly port: number;
}

/** Checks and takes apart a base URL; adds a problem that names `field`, never its value. */
export function parseBaseURL(
  text: string,
  field: string,
  allowInsecureHttp: boolean,
  problems: Problems,
): BaseURL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    problems.add(`${field} must be an absolute http or https URL, for example ${DEFAULTS.baseURL}.`);
    return undefined;
  }
  if (url.username !== '' || url.password !== '') {
    problems.add(`${field} must not hold a user name or password: pass the key as apiKey.`);
    return undefined;
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    problems.add(`${field} must not have a query or a fragment: use defaultQuery.`);
    return undefined;
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowInsecureHttp) {
    problems.add(
      `${field} must be https, since the key travels with each request (allowInsecureHttp: true permits http).`,
    );
    return undefined;
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (/\/(?:chat\/completions|responses)$/.test(path) || path.startsWith('/api/text/')) {
    problems.add(
      `${field} must be the base, without the path of an endpoint or a documentation page: ${DEFAULTS.baseURL}.`,
    );
    return undefined;
  }
  return {
    text,
    href: `${url.origin}${path}`,
    origin: url.origin,
    path,
    hostname: url.hostname,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
  };
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}
