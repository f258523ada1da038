import type { ClientOptions } from './options';
import type { Problems } from './problems';

/** Options of `openai` that mean nothing here; each with what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  adminAPIKey: 'CometAPI has one kind of key: pass apiKey',
  organization: 'CometAPI has no organizations: remove it',
  project: 'CometAPI has no projects: remove it',
  webhookSecret: 'CometAPI has no webhooks: remove it',
  dataResidency: 'choose the gateway by baseURL',
  workloadIdentity: 'pass apiKey, which may be a function',
  provider: 'choose the gateway by baseURL',
  x509Transport: 'pass apiKey, which may be a function',
  credential: 'pass apiKey, which may be a function',
};

const KNOWN: Readonly<Record<keyof ClientOptions, true>> = {
  apiKey: true,
  baseURL: true,
  allowInsecureHttp: true,
  maxRetries: true,
  timeout: true,
  deadlineMs: true,
  idleTimeoutMs: true,
  maxStreamMs: true,
  unreadTimeoutMs: true,
  maxRetryAfterMs: true,
  backoffBaseMs: true,
  backoffCapMs: true,
  retryBudget: true,
  retry: true,
  maxConnections: true,
  maxResponseBytes: true,
  fetch: true,
  fetchOptions: true,
  transport: true,
  defaultHeaders: true,
  defaultQuery: true,
  logger: true,
  logLevel: true,
  telemetry: true,
  observers: true,
  recordFile: true,
  workflow: true,
  runId: true,
  environment: true,
  docsChecked: true,
  requestId: true,
  compat: true,
  dangerouslyAllowBrowser: true,
};

const TELEMETRY_OPTIONS: ReadonlySet<string> = new Set([
  'enabled',
  'urlTemplate',
  'propagate',
  'httpDurationMetric',
  'attributes',
  'tracerProvider',
  'meterProvider',
]);

/** A misspelt option would silently do nothing, so every unknown name is a problem; the value is never looked at. */
export function refuseUnknownOptions(options: ClientOptions, problems: Problems): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) {
      continue;
    }
    const remedy = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
    if (remedy !== undefined) {
      problems.add(`${name} is an option of openai that CometAPI does not have: ${remedy}.`);
    } else if (!Object.hasOwn(KNOWN, name)) {
      problems.add(`${printable(name)} is not an option of this client: see docs/configuration.md for the names.`);
    }
  }
  const { telemetry } = options;
  for (const name of typeof telemetry === 'object' && telemetry !== null ? Object.keys(telemetry) : []) {
    if (!TELEMETRY_OPTIONS.has(name)) {
      problems.add(`${printable(name, 'telemetry.')} is not an option of this client.`);
    }
  }
}

/** A name could be anything, also something pasted in the wrong place. */
function printable(name: string, prefix = ''): string {
  // No digits: almost every key holds some.
  return /^[A-Za-z_]{1,40}$/.test(name) ? `${prefix}${name}` : 'One of the names given';
}
