/** Every default of the client. docs/configuration.md gives the reason for each; a test compares both. */
export const DEFAULTS = {
  baseURL: 'https://api.cometapi.com/v1',
  maxRetries: 2,
  /** Limit to the response headers of a stream. */
  streamHeaderTimeoutMs: 120_000,
  /** Limit to the end of a JSON body. CometAPI sends the headers only when the answer is complete. */
  jsonTimeoutMs: 600_000,
  deadlineMs: 900_000,
  /** Keeps the default deadline above one timeout: `max(deadlineMs, timeout + this)`. */
  deadlineMarginMs: 60_000,
  idleTimeoutMs: 120_000,
  maxStreamMs: 3_600_000,
  unreadTimeoutMs: 300_000,
  maxRetryAfterMs: 60_000,
  backoffBaseMs: 500,
  backoffCapMs: 8_000,
  retryBudget: { capacity: 10, depositPerCall: 0.1, refillPerSecond: 0.1 },
  maxConnections: 64,
  /** Bytes after decompression. */
  maxResponseBytes: 64 * 1024 * 1024,
  transport: 'auto',
  logLevel: 'warn',
} as const;

/** More retries multiply the load on a server that already fails. gRPC has the same cap of 5 attempts. */
export const MAX_RETRIES_CAP = 4;
