import type { ClientOptions } from '../config/options';
import type { AgentName } from '../facts/enums';

/** Client options that the gateway accepts. Each has the same environment variable as in the client. */
type OptionsOfClient =
  | 'apiKey'
  | 'baseURL'
  | 'allowInsecureHttp'
  | 'timeout'
  | 'deadlineMs'
  | 'idleTimeoutMs'
  | 'maxStreamMs'
  | 'maxRetryAfterMs'
  | 'retryBudget'
  | 'maxConnections'
  | 'fetch'
  | 'logger'
  | 'logLevel'
  | 'telemetry'
  | 'observers'
  | 'recordFile'
  | 'workflow'
  | 'environment'
  | 'docsChecked';

/**
 * Options of {@link createGateway}.
 *
 * Some defaults differ from the client's, because agents also retry: `retryBudget`
 * `{ capacity: 1, depositPerCall: 0.1, refillPerSecond: 0 }`, `idleTimeoutMs` 300,000, `maxStreamMs` 0 (off),
 * `maxRetryAfterMs` 5,000, `maxConnections` 1,024.
 */
export interface GatewayOptions extends Pick<ClientOptions, OptionsOfClient> {
  /** The token that agents send instead of the CometAPI key. At least 8 printable ASCII characters, no spaces. */
  readonly token: string;
  /**
   * Maximum attempts per request. 0 and 1 both mean one attempt. A request that the agent itself is retrying gets one.
   *
   * @default 2
   */
  readonly maxAttempts?: number | undefined;
  /**
   * The run that all requests belong to.
   *
   * @default the agent's conversation id; otherwise, requests less than ten minutes apart form one run
   */
  readonly runId?: string | undefined;
  /**
   * Maximum size of a request body, in bytes. The same limit applies to its decoded copy. Larger bodies get a 413.
   *
   * @default 33_816_576 (32 MiB of content plus 256 KiB for the surrounding JSON)
   */
  readonly maxBodyBytes?: number | undefined;
  /** The agent behind this gateway. Used when its requests only identify the SDK it is built on. */
  readonly agent?: AgentName | undefined;
}

const MAX_BODY_BYTES = 33_816_576;
const DEFAULT_ATTEMPTS = 2;

/** 1 GiB of decoded bytes. A response is forwarded, not buffered, so the limit can be high. */
const MAX_RESPONSE_BYTES = 1_073_741_824;

/** Returns the options of the gateway's internal client. An environment variable overrides a gateway default. */
export function clientOptionsOf(
  options: GatewayOptions,
  environment: Readonly<Record<string, string | undefined>>,
): ClientOptions {
  const { token: _token, maxAttempts: _attempts, runId: _runId, maxBodyBytes: _bytes, agent: _agent, ...own } = options;
  const unlessSet = <Value>(variable: string, value: Value): Value | undefined =>
    environment[variable]?.trim() ? undefined : value;
  return {
    ...own,
    idleTimeoutMs: own.idleTimeoutMs ?? unlessSet('COMETAPI_STREAM_IDLE_TIMEOUT_MS', 300_000),
    maxStreamMs: own.maxStreamMs ?? unlessSet('COMETAPI_MAX_STREAM_MS', 0),
    maxRetryAfterMs: own.maxRetryAfterMs ?? unlessSet('COMETAPI_MAX_RETRY_AFTER_MS', 5_000),
    maxConnections: own.maxConnections ?? unlessSet('COMETAPI_MAX_CONNECTIONS', 1_024),
    retryBudget:
      own.retryBudget ?? unlessSet('COMETAPI_RETRY_BUDGET', { capacity: 1, depositPerCall: 0.1, refillPerSecond: 0 }),
    maxResponseBytes: MAX_RESPONSE_BYTES,
  };
}

export function maxBodyBytesOf({ maxBodyBytes = MAX_BODY_BYTES }: GatewayOptions): number {
  return maxBodyBytes;
}

/** @throws TypeError if `maxAttempts` is not a whole number of at least 0 */
export function maxRetriesOf({ maxAttempts = DEFAULT_ATTEMPTS }: GatewayOptions): number {
  if (!Number.isInteger(maxAttempts) || maxAttempts < 0) {
    throw new TypeError('maxAttempts must be a whole number, 0 or higher. 0 and 1 both mean one attempt.');
  }
  return Math.max(0, maxAttempts - 1);
}
