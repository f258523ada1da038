import type { ClientOptions } from './options';
import type { Problems } from './problems';

/** Options of `openai` that this client does not support, each with the remedy. */
const REFUSED: Readonly<Record<string, string>> = {
  adminAPIKey: 'Pass the key as apiKey: CometAPI has one kind of key',
  organization: 'Remove it: CometAPI has no organizations',
  project: 'Remove it: CometAPI has no projects',
  webhookSecret: 'Remove it: CometAPI has no webhooks',
  dataResidency: 'Select the endpoint with baseURL',
  workloadIdentity: 'Pass apiKey, which can be a function',
  provider: 'Select the endpoint with baseURL',
  x509Transport: 'Pass apiKey, which can be a function',
  credential: 'Pass apiKey, which can be a function',
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

/** Adds a problem for every unknown option: a misspelled option would silently have no effect. */
export function refuseUnknownOptions(options: ClientOptions, problems: Problems): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) {
      continue;
    }
    const remedy = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
    if (remedy !== undefined) {
      problems.add(`${name} is an openai option that this client does not support. ${remedy}.`);
    } else if (!Object.hasOwn(KNOWN, name)) {
      problems.add(`${printable(name)} is not an option of this client. See docs/configuration.md for all options.`);
    }
  }
  const { telemetry } = options;
  for (const name of typeof telemetry === 'object' && telemetry !== null ? Object.keys(telemetry) : []) {
    if (!TELEMETRY_OPTIONS.has(name)) {
      problems.add(`${printable(name, 'telemetry.')} is not an option of this client.`);
    }
  }
}

/** Hides a name that could be a secret pasted in the wrong place. Almost every key contains a digit. */
function printable(name: string, prefix = ''): string {
  return /^[A-Za-z_]{1,40}$/.test(name) ? `${prefix}${name}` : 'One of the names that you passed';
}
