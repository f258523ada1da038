import type { Redactor } from '../facts/redaction/redactor';
import { DEFAULTS } from './defaults';
import type { Problems } from './problems';

/** The parsed base URL. */
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

/** Endpoint paths, which the client appends itself, and documentation pages, whose paths look like endpoints. */
const NOT_A_BASE = /\/(?:chat\/completions|completions|responses|messages|models|embeddings)$|^\/api\/text(?:\/|$)/i;
const DOCUMENTATION_HOST = 'apidoc.cometapi.com';

export interface BaseURLRules {
  /** The option or variable that the URL came from, for messages. */
  readonly field: string;
  readonly allowInsecureHttp: boolean;
  /** Contains the API key, which a URL must not contain. */
  readonly redactor: Redactor;
}

/** Checks and parses a base URL. Adds a problem that names the field, never its value. */
export function parseBaseURL(text: string, rules: BaseURLRules, problems: Problems): BaseURL | undefined {
  // The URL parser removes line breaks and replaces backslashes, so the result would differ from the text.
  const url = !/[\s\\]/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const problem = url === undefined ? notAbsolute() : baseProblem(url, text, rules);
  if (url === undefined || problem !== undefined) {
    problems.add(`${rules.field} ${problem}`);
    return undefined;
  }
  const path = pathOf(url);
  return Object.freeze({
    text,
    href: `${url.origin}${path}`,
    origin: url.origin,
    path,
    hostname: url.hostname,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
  });
}

function baseProblem(url: URL, text: string, { allowInsecureHttp, redactor }: BaseURLRules): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return notAbsolute();
  }
  if (url.username !== '' || url.password !== '' || redactor.containsSecret(text)) {
    return 'must not contain a user name, a password or the API key. Pass the key as apiKey.';
  }
  if (/[?#]/.test(text)) {
    return 'must not have a query or a fragment. Use defaultQuery for query parameters.';
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowInsecureHttp) {
    return 'must be https, because every request contains the API key. Set allowInsecureHttp: true to allow http.';
  }
  if (NOT_A_BASE.test(pathOf(url)) || url.hostname === DOCUMENTATION_HOST) {
    return `must be the base URL, not an endpoint or a documentation page. Use ${DEFAULTS.baseURL}.`;
  }
  return undefined;
}

function notAbsolute(): string {
  return `must be an absolute http or https URL, for example ${DEFAULTS.baseURL}.`;
}

function pathOf(url: URL): string {
  return url.pathname.replace(/\/+$/, '');
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}
