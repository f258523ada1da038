import type { AgentName, ClientOptions } from 'cometapi-otel';

/** What of the client's options a gateway takes; each with its environment variable, as for the client. */
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
 * Options of {@link createGateway}. The bounds are tighter than the client's, since the agents behind it retry too:
 * `retryBudget` 1, 0.1, 0; `idleTimeoutMs` 300,000; `maxStreamMs` off; `maxRetryAfterMs` 5,000; `maxConnections` 1,024.
 */
export interface GatewayOptions extends Pick<ClientOptions, OptionsOfClient> {
  /** What agents have to send, instead of the key. At least 8 characters. */
  readonly token: string;
  /** Attempts for a request; 0 and 1 are one attempt. One is all there is when the client retries already. @default 2 */
  readonly maxAttempts?: number | undefined;
  /** The run that requests belong to. @default the agent's conversation; without one, whatever no idle gap separates */
  readonly runId?: string | undefined;
  /** Bytes of a request's body, also of its decoded copy; more is a 413. @default 33,816,576 (32 MiB, and 256 KiB for what stands around) */
  readonly maxBodyBytes?: number | undefined;
  /** The agent this gateway was started for, where its requests show only the SDK it is built on. */
  readonly agent?: AgentName | undefined;
}

const MAX_BODY_BYTES = 33_816_576;
const DEFAULT_ATTEMPTS = 2;

/** Decoded bytes of an answer pass through; nothing is kept but what tracing reads. */
const MAX_RESPONSE_BYTES = 1_073_741_824;

/** The options of the client inside. A variable that somebody set wins over a default of the gateway's. */
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

/** @throws TypeError when it is no whole number */
export function maxRetriesOf({ maxAttempts = DEFAULT_ATTEMPTS }: GatewayOptions): number {
  if (!Number.isInteger(maxAttempts) || maxAttempts < 0) {
    throw new TypeError('maxAttempts must be a whole number; 0 and 1 are one attempt.');
  }
  return Math.max(0, maxAttempts - 1);
}
