import type { DocumentationCheck } from '../facts/annotation-context';
import type { Identifier } from '../facts/identifier';
import { type ApiKey, resolveApiKey } from './api-key';
import { type BaseURL, type BaseURLRules, parseBaseURL } from './base-url';
import { refuseBrowser } from './browser';
import { resolveDocsChecked, resolveRecordFile } from './declared-options';
import { DEFAULTS } from './defaults';
import type { Environment, EnvironmentName } from './environment';
import { LOG_LEVELS, type Logger, type LogLevel } from './logger';
import { checkOptionShapes } from './option-shapes';
import type { ClientOptions, RetryBudgetOptions, TelemetryOptions } from './options';
import { Problems, type Range } from './problems';
import { refuseUnknownOptions } from './refused-options';
import { resolveMaxRetries, resolveRetryBudget } from './retry-options';
import { givenSetting, ID_RULE, NAME_RULE, SettingReader } from './setting-reader';

/** The checked, complete and frozen configuration of a client. */
export interface Config {
  readonly apiKey: ApiKey;
  readonly baseURL: BaseURL;
  readonly maxRetries: number;
  /** `undefined` selects the default, which differs for streams and JSON. */
  readonly timeoutMs: number | undefined;
  /** `undefined` selects the default, which depends on the timeout. */
  readonly deadlineMs: number | undefined;
  readonly idleTimeoutMs: number;
  /** 0 turns the limit off. */
  readonly maxStreamMs: number;
  readonly unreadTimeoutMs: number;
  readonly maxRetryAfterMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  readonly retryBudget: RetryBudgetOptions | false;
  readonly retry: 'standard' | 'safe';
  readonly maxConnections: number;
  readonly maxResponseBytes: number;
  readonly transport: 'auto' | 'fetch';
  readonly logger: Logger;
  readonly logLevel: LogLevel;
  readonly telemetry: {
    readonly enabled: boolean;
    readonly urlTemplate: boolean;
    readonly propagate: boolean;
    readonly httpDurationMetric: boolean;
  };
  readonly recordFile: string | undefined;
  readonly workflow: Identifier<'name'> | undefined;
  readonly runId: Identifier<'name'> | undefined;
  readonly environmentName: Identifier<'name'> | undefined;
  readonly docsChecked: readonly DocumentationCheck[];
  readonly requestId: string | undefined;
  readonly openaiCompatible: boolean;
  /** Each is logged once. None contains a value, except the host of a base URL. */
  readonly warnings: readonly string[];
}

const MILLISECONDS: Range = { min: 1, max: 2 ** 31 - 1, unit: 'milliseconds' };
const MILLISECONDS_OR_OFF: Range = { ...MILLISECONDS, min: 0 };
const CONNECTIONS: Range = { min: 1, max: 65_535, unit: 'connections' };
const BYTES: Range = { min: 1, max: 2 ** 31 - 1, unit: 'bytes' };

/**
 * Combines options and environment into one configuration.
 *
 * @throws CometAPIError that lists every problem by option and variable, never by value
 */
export function resolveConfig(given: ClientOptions, environment: Environment): Config {
  const problems = new Problems();
  const options = checkedOptions(given, problems);
  const warnings: string[] = [];
  const { apiKey, redactor } = resolveApiKey(options.apiKey, environment, problems);
  if (isUnset(options.apiKey) && differ(environment.COMETAPI_API_KEY, environment.COMETAPI_KEY)) {
    warnings.push('COMETAPI_API_KEY and COMETAPI_KEY have different values. The client uses COMETAPI_API_KEY.');
  }
  const read = new SettingReader(environment, problems, redactor);
  const allowInsecureHttp = read.flag({ option: options.allowInsecureHttp, name: 'allowInsecureHttp' }) ?? false;
  const browser = read.flag({ option: options.dangerouslyAllowBrowser, name: 'dangerouslyAllowBrowser' }) ?? false;
  refuseBrowser(browser, problems);
  const baseURL = resolveBaseURL(options.baseURL, environment, { allowInsecureHttp, redactor }, problems, warnings);

  const config: Omit<Config, 'apiKey' | 'baseURL'> = {
    ...resolveBounds(options, read),
    maxRetries: resolveMaxRetries(options.maxRetries, read, warnings),
    retryBudget: resolveRetryBudget(options.retryBudget, environment, problems),
    retry: read.word({ option: options.retry, name: 'retry' }, ['standard', 'safe']) ?? 'standard',
    transport:
      read.word({ option: options.transport, name: 'transport', variable: 'COMETAPI_TRANSPORT' }, ['auto', 'fetch']) ??
      DEFAULTS.transport,
    logger: options.logger ?? console,
    logLevel:
      read.word({ option: options.logLevel, name: 'logLevel', variable: 'COMETAPI_LOG' }, LOG_LEVELS) ??
      DEFAULTS.logLevel,
    telemetry: resolveTelemetry(options.telemetry ?? {}, read),
    recordFile: resolveRecordFile(options.recordFile, environment, problems),
    workflow: read.identifier(
      'name',
      { option: options.workflow, name: 'workflow', variable: 'COMETAPI_WORKFLOW' },
      NAME_RULE,
    ),
    runId: read.identifier('name', { option: options.runId, name: 'runId', variable: 'COMETAPI_RUN_ID' }, NAME_RULE),
    environmentName: read.identifier(
      'name',
      { option: options.environment, name: 'environment', variable: 'COMETAPI_ENVIRONMENT' },
      NAME_RULE,
    ),
    docsChecked: Object.freeze(resolveDocsChecked(options.docsChecked, environment, problems, redactor)),
    requestId: read.identifier('id', { option: options.requestId, name: 'requestId' }, ID_RULE),
    openaiCompatible: read.word({ option: options.compat, name: 'compat' }, ['openai']) === 'openai',
    warnings: Object.freeze(warnings),
  };

  problems.throwIfAny();
  if (apiKey === undefined || baseURL === undefined) {
    // Unreachable: a missing value has added a problem.
    throw new TypeError('The configuration is incomplete.');
  }
  return Object.freeze({ ...config, apiKey, baseURL });
}

/** Adds a problem if `options` is not an object, then lets the other checks continue with no options. */
function checkedOptions(options: unknown, problems: Problems): ClientOptions {
  if (typeof options !== 'object' || options === null) {
    problems.add('The options must be an object, for example { apiKey }.');
    return {};
  }
  refuseUnknownOptions(options, problems);
  checkOptionShapes(options, problems);
  return options;
}

function resolveBounds(options: ClientOptions, read: SettingReader) {
  const number = (name: keyof ClientOptions, range: Range, variable?: EnvironmentName): number | undefined =>
    read.number({ option: options[name], name, ...(variable !== undefined && { variable }) }, range);
  return {
    timeoutMs: number('timeout', MILLISECONDS, 'COMETAPI_TIMEOUT_MS'),
    deadlineMs: number('deadlineMs', MILLISECONDS, 'COMETAPI_DEADLINE_MS'),
    idleTimeoutMs: number('idleTimeoutMs', MILLISECONDS, 'COMETAPI_STREAM_IDLE_TIMEOUT_MS') ?? DEFAULTS.idleTimeoutMs,
    maxStreamMs: number('maxStreamMs', MILLISECONDS_OR_OFF, 'COMETAPI_MAX_STREAM_MS') ?? DEFAULTS.maxStreamMs,
    unreadTimeoutMs: number('unreadTimeoutMs', MILLISECONDS) ?? DEFAULTS.unreadTimeoutMs,
    maxRetryAfterMs:
      number('maxRetryAfterMs', MILLISECONDS_OR_OFF, 'COMETAPI_MAX_RETRY_AFTER_MS') ?? DEFAULTS.maxRetryAfterMs,
    backoffBaseMs: number('backoffBaseMs', MILLISECONDS_OR_OFF) ?? DEFAULTS.backoffBaseMs,
    backoffCapMs: number('backoffCapMs', MILLISECONDS_OR_OFF) ?? DEFAULTS.backoffCapMs,
    maxConnections: number('maxConnections', CONNECTIONS, 'COMETAPI_MAX_CONNECTIONS') ?? DEFAULTS.maxConnections,
    maxResponseBytes: number('maxResponseBytes', BYTES) ?? DEFAULTS.maxResponseBytes,
  };
}

function resolveTelemetry(options: TelemetryOptions, read: SettingReader): Config['telemetry'] {
  const flag = (name: keyof TelemetryOptions, variable?: EnvironmentName): boolean | undefined =>
    read.flag({ option: options[name], name: `telemetry.${name}`, ...(variable !== undefined && { variable }) });
  return Object.freeze({
    enabled: flag('enabled', 'COMETAPI_TELEMETRY') ?? true,
    urlTemplate: flag('urlTemplate', 'COMETAPI_URL_TEMPLATE') ?? true,
    propagate: flag('propagate', 'COMETAPI_PROPAGATE') ?? false,
    httpDurationMetric: flag('httpDurationMetric') ?? true,
  });
}

function resolveBaseURL(
  option: unknown,
  environment: Environment,
  rules: Omit<BaseURLRules, 'field'>,
  problems: Problems,
  warnings: string[],
): BaseURL | undefined {
  const given = givenSetting({ option, name: 'baseURL', variable: 'COMETAPI_BASE_URL' }, environment) ?? {
    value: DEFAULTS.baseURL,
    field: 'baseURL',
    fromVariable: false,
  };
  if (typeof given.value !== 'string' || given.value === '') {
    problems.add('CometAPI baseURL must be a non-empty URL.');
    return undefined;
  }
  const base = parseBaseURL(given.value, { ...rules, field: given.field }, problems);
  if (base !== undefined && given.fromVariable && base.origin !== new URL(DEFAULTS.baseURL).origin) {
    // The environment decides which host receives the API key. Report it: a repository's files may set variables.
    warnings.push(`COMETAPI_BASE_URL sends requests and the API key to ${base.hostname}.`);
  }
  return base;
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null;
}

function differ(first: string | undefined, second: string | undefined): boolean {
  return first !== undefined && second !== undefined && first !== second;
}
