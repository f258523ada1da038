import type { DocumentationCheck } from '../facts/declared';
import { type Label, label } from '../facts/label';
import { createSecretGuard } from '../facts/secret-guard';
import { type ApiKey, resolveApiKey } from './api-key';
import { type BaseURL, parseBaseURL } from './base-url';
import { resolveDocsChecked, resolveRecordFile, resolveRequestId } from './declared-options';
import { DEFAULTS } from './defaults';
import type { Environment } from './environment';
import { LOG_LEVELS, type Logger, type LogLevel } from './logger';
import type { ClientOptions, RetryBudgetOptions } from './options';
import { oneOf, onOff, Problems, wholeNumber } from './problems';
import { refuseUnknownOptions } from './refused-options';
import { resolveMaxRetries, resolveRetryBudget } from './retry-options';

/** Everything the client runs on: checked, complete, frozen. */
export interface Config {
  readonly apiKey: ApiKey;
  readonly baseURL: BaseURL;
  readonly maxRetries: number;
  /** `undefined`: the two defaults for streams and JSON. */
  readonly timeoutMs: number | undefined;
  /** `undefined`: derived from the time-out. */
  readonly deadlineMs: number | undefined;
  readonly idleTimeoutMs: number;
  /** 0 is off. */
  readonly maxStreamMs: number;
  readonly unreadTimeoutMs: number;
  readonly maxRetryAfterMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  readonly retryBudget: RetryBudgetOptions | false;
  readonly retry: 'standard' | 'safe';
  readonly maxConnections: number;
  readonly maxResponseBytes: number;
  readonly logger: Logger;
  readonly logLevel: LogLevel;
  readonly telemetry: {
    readonly enabled: boolean;
    readonly urlTemplate: boolean;
    readonly propagate: boolean;
    readonly httpDurationMetric: boolean;
  };
  readonly recordFile: string | undefined;
  readonly workflow: Label<'name'> | undefined;
  readonly runId: Label<'name'> | undefined;
  readonly environmentName: Label<'name'> | undefined;
  readonly docsChecked: readonly DocumentationCheck[];
  readonly requestId: string | undefined;
  readonly openaiCompatible: boolean;
  /** Said once each, content-free. */
  readonly warnings: readonly string[];
}

const MILLISECONDS = { min: 1, max: 2 ** 31 - 1, unit: 'milliseconds' };
const MILLISECONDS_OR_OFF = { ...MILLISECONDS, min: 0 };

/**
 * Options and environment into one configuration.
 *
 * @throws CometAPIError naming every problem by option and variable, never by value
 */
export function resolveConfig(options: ClientOptions, environment: Environment): Config {
  const problems = new Problems();
  const warnings: string[] = [];
  refuseUnknownOptions(options, problems);

  const apiKey = resolveApiKey(options.apiKey, environment, problems);
  if (
    options.apiKey === undefined &&
    environment.COMETAPI_API_KEY !== undefined &&
    environment.COMETAPI_KEY !== undefined &&
    environment.COMETAPI_API_KEY !== environment.COMETAPI_KEY
  ) {
    warnings.push('COMETAPI_API_KEY and COMETAPI_KEY differ: COMETAPI_API_KEY is used.');
  }
  const baseURL = resolveBaseURL(options, environment, problems, warnings);

  /** Option before variable, each named as the person wrote it. */
  const number = (
    option: unknown,
    optionName: string,
    variable: keyof Environment | undefined,
    range: { readonly min: number; readonly max: number; readonly unit: string },
  ): number | undefined => {
    if (option !== undefined && option !== null) {
      return wholeNumber(typeof option === 'string' ? Number.NaN : option, optionName, range, problems);
    }
    return variable === undefined ? undefined : wholeNumber(environment[variable], variable, range, problems);
  };
  const flag = (option: unknown, optionName: string, variable: keyof Environment): boolean | undefined =>
    option === undefined ? onOff(environment[variable], variable, problems) : onOff(option, optionName, problems);
  const name = (option: unknown, optionName: string, variable: keyof Environment): Label<'name'> | undefined => {
    const value = option ?? environment[variable];
    if (value === undefined) {
      return undefined;
    }
    const checked = label('name', value, createSecretGuard());
    if (checked === undefined) {
      problems.add(
        `${option === undefined ? variable : optionName} must be a name of up to 128 letters, digits and . _ : / @ + -, and not a secret.`,
      );
    }
    return checked;
  };

  const telemetry = options.telemetry ?? {};
  const config: Omit<Config, 'apiKey' | 'baseURL'> = {
    maxRetries: resolveMaxRetries(options, environment, problems, warnings),
    timeoutMs: number(options.timeout, 'timeout', 'COMETAPI_TIMEOUT_MS', MILLISECONDS),
    deadlineMs: number(options.deadlineMs, 'deadlineMs', 'COMETAPI_DEADLINE_MS', MILLISECONDS),
    idleTimeoutMs:
      number(options.idleTimeoutMs, 'idleTimeoutMs', 'COMETAPI_STREAM_IDLE_TIMEOUT_MS', MILLISECONDS) ??
      DEFAULTS.idleTimeoutMs,
    maxStreamMs:
      number(options.maxStreamMs, 'maxStreamMs', 'COMETAPI_MAX_STREAM_MS', MILLISECONDS_OR_OFF) ?? DEFAULTS.maxStreamMs,
    unreadTimeoutMs:
      number(options.unreadTimeoutMs, 'unreadTimeoutMs', undefined, MILLISECONDS) ?? DEFAULTS.unreadTimeoutMs,
    maxRetryAfterMs:
      number(options.maxRetryAfterMs, 'maxRetryAfterMs', 'COMETAPI_MAX_RETRY_AFTER_MS', MILLISECONDS_OR_OFF) ??
      DEFAULTS.maxRetryAfterMs,
    backoffBaseMs:
      number(options.backoffBaseMs, 'backoffBaseMs', undefined, MILLISECONDS_OR_OFF) ?? DEFAULTS.backoffBaseMs,
    backoffCapMs: number(options.backoffCapMs, 'backoffCapMs', undefined, MILLISECONDS_OR_OFF) ?? DEFAULTS.backoffCapMs,
    retryBudget: resolveRetryBudget(options, environment, problems),
    retry: oneOf(options.retry, 'retry', ['standard', 'safe'], problems) ?? 'standard',
    maxConnections:
      number(options.maxConnections, 'maxConnections', 'COMETAPI_MAX_CONNECTIONS', {
        min: 1,
        max: 65_535,
        unit: 'connections',
      }) ?? DEFAULTS.maxConnections,
    maxResponseBytes:
      number(options.maxResponseBytes, 'maxResponseBytes', undefined, { min: 1, max: 2 ** 31 - 1, unit: 'bytes' }) ??
      DEFAULTS.maxResponseBytes,
    logger: options.logger ?? console,
    logLevel: resolveLogLevel(options, environment, problems),
    telemetry: {
      enabled: flag(telemetry.enabled, 'telemetry.enabled', 'COMETAPI_TELEMETRY') ?? true,
      urlTemplate: flag(telemetry.urlTemplate, 'telemetry.urlTemplate', 'COMETAPI_URL_TEMPLATE') ?? true,
      propagate: flag(telemetry.propagate, 'telemetry.propagate', 'COMETAPI_PROPAGATE') ?? false,
      httpDurationMetric: onOff(telemetry.httpDurationMetric, 'telemetry.httpDurationMetric', problems) ?? true,
    },
    recordFile: resolveRecordFile(options, environment, problems),
    workflow: name(options.workflow, 'workflow', 'COMETAPI_WORKFLOW'),
    runId: name(options.runId, 'runId', 'COMETAPI_RUN_ID'),
    environmentName: name(options.environment, 'environment', 'COMETAPI_ENVIRONMENT'),
    docsChecked: resolveDocsChecked(options, environment, problems),
    requestId: resolveRequestId(options.requestId, problems),
    openaiCompatible: oneOf(options.compat, 'compat', ['openai'], problems) === 'openai',
    warnings,
  };

  problems.throwIfAny();
  if (apiKey === undefined || baseURL === undefined) {
    // Each adds its problem, so this is not reached.
    throw new TypeError('The configuration is incomplete.');
  }
  return Object.freeze({ ...config, apiKey, baseURL });
}

function resolveBaseURL(
  options: ClientOptions,
  environment: Environment,
  problems: Problems,
  warnings: string[],
): BaseURL | undefined {
  if (typeof options.baseURL === 'string' && options.baseURL.trim() === '') {
    problems.add('CometAPI baseURL must be a non-empty URL.');
    return undefined;
  }
  const fromEnvironment = options.baseURL === undefined || options.baseURL === null;
  const text = fromEnvironment ? (environment.COMETAPI_BASE_URL ?? DEFAULTS.baseURL) : options.baseURL;
  if (typeof text !== 'string') {
    problems.add('CometAPI baseURL must be a non-empty URL.');
    return undefined;
  }
  const field = fromEnvironment ? 'COMETAPI_BASE_URL' : 'baseURL';
  const base = parseBaseURL(text.trim(), field, options.allowInsecureHttp === true, problems);
  if (base !== undefined && fromEnvironment && base.origin !== new URL(DEFAULTS.baseURL).origin) {
    // A base from the environment decides where the key goes (L-23).
    warnings.push(`COMETAPI_BASE_URL sends requests and the API key to ${base.hostname}.`);
  }
  return base;
}

function resolveLogLevel(options: ClientOptions, environment: Environment, problems: Problems): LogLevel {
  return (
    oneOf(options.logLevel, 'logLevel', LOG_LEVELS, problems) ??
    (options.logLevel === undefined
      ? oneOf(environment.COMETAPI_LOG, 'COMETAPI_LOG', LOG_LEVELS, problems)
      : undefined) ??
    DEFAULTS.logLevel
  );
}
