/** Every default of the client, with its unit. Pinned; the reason of each stands in docs/configuration.md. */
export const DEFAULTS = {
  baseURL: 'https://api.cometapi.com/v1',
  maxRetries: 2,
  /** To the response headers of a stream. */
  streamHeaderTimeoutMs: 120_000,
  /** To the end of a JSON body: its headers come with the answer. */
  jsonTimeoutMs: 600_000,
  deadlineMs: 900_000,
  /** A deadline never undercuts one time-out: `max(deadlineMs, timeout + this)`. */
  deadlineMarginMs: 60_000,
  idleTimeoutMs: 120_000,
  maxStreamMs: 3_600_000,
  unreadTimeoutMs: 300_000,
  maxRetryAfterMs: 60_000,
  backoffBaseMs: 500,
  backoffCapMs: 8_000,
  retryBudget: { capacity: 10, depositPerCall: 0.1, refillPerSecond: 0.1 },
  maxConnections: 64,
  /** Decoded bytes. */
  maxResponseBytes: 64 * 1024 * 1024,
  transport: 'auto',
  logLevel: 'warn',
} as const;

/** More than this multiplies load on a failing gateway. */
export const MAX_RETRIES_CAP = 4;
