import { DEFAULTS, MAX_RETRIES_CAP } from '../../config/defaults';
import { Problems, wholeNumber } from '../../config/problems';
import type { Config } from '../../config/resolve-config';
import type { RetryPolicy } from '../../retry/decide';
import { MAX_TIMER_MS } from '../clock';

/** All limits of one call, in milliseconds and bytes. */
export interface CallLimits {
  readonly policy: RetryPolicy;
  /** From sending an attempt to its response headers; for JSON, to the end of the body. */
  readonly headerTimeoutMs: number;
  /** All attempts and waits, up to the response headers; for JSON, to the end of the body. */
  readonly deadlineMs: number;
  /** True if the caller or the client set the deadline. The default deadline does not end a stream. */
  readonly deadlineBoundsStream: boolean;
  readonly idleTimeoutMs: number;
  /** 0 turns the limit off. */
  readonly maxStreamMs: number;
  readonly unreadTimeoutMs: number;
  readonly maxResponseBytes: number;
}

/** Limits that a single call may override. */
export interface LimitOptions {
  readonly timeout?: number | undefined;
  readonly maxRetries?: number | undefined;
  readonly deadlineMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
}

const MILLISECONDS = { min: 1, max: MAX_TIMER_MS, unit: 'milliseconds' };

/**
 * Merges the limits of the client and of one call.
 *
 * @throws CometAPIError that names each invalid option of the call
 */
export function resolveLimits(config: Config, options: LimitOptions, stream: boolean): CallLimits {
  const problems = new Problems();
  const timeoutMs = wholeNumber(options.timeout, 'timeout', MILLISECONDS, problems) ?? config.timeoutMs;
  const deadlineMs = wholeNumber(options.deadlineMs, 'deadlineMs', MILLISECONDS, problems) ?? config.deadlineMs;
  const idleTimeoutMs =
    wholeNumber(options.idleTimeoutMs, 'idleTimeoutMs', MILLISECONDS, problems) ?? config.idleTimeoutMs;
  const maxRetries =
    wholeNumber(
      options.maxRetries,
      'maxRetries',
      { min: 0, max: Number.MAX_SAFE_INTEGER, unit: 'retries' },
      problems,
    ) ?? config.maxRetries;
  problems.throwIfAny();

  return {
    policy: {
      maxAttempts: Math.min(maxRetries, MAX_RETRIES_CAP) + 1,
      retry: config.retry,
      maxRetryAfterMs: config.maxRetryAfterMs,
      backoffBaseMs: config.backoffBaseMs,
      backoffCapMs: config.backoffCapMs,
    },
    headerTimeoutMs: timeoutMs ?? (stream ? DEFAULTS.streamHeaderTimeoutMs : DEFAULTS.jsonTimeoutMs),
    deadlineMs: deadlineMs ?? Math.max(DEFAULTS.deadlineMs, (timeoutMs ?? 0) + DEFAULTS.deadlineMarginMs),
    deadlineBoundsStream: deadlineMs !== undefined,
    idleTimeoutMs,
    maxStreamMs: config.maxStreamMs,
    unreadTimeoutMs: config.unreadTimeoutMs,
    maxResponseBytes: config.maxResponseBytes,
  };
}
