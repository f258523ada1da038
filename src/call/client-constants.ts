import type { Config } from '../config/resolve-config';
import type { SettingsFacts } from '../facts/call-facts';
import type { Identifier } from '../facts/identifier';
import { type CallLimits, type LimitOptions, resolveLimits } from './bounds/limits';

/** Values that most calls of a client share. They are built once and frozen, not once per call. */
export interface ClientConstants {
  readonly serverAddress: Identifier<'host'>;
  /** @throws CometAPIError that names each invalid option of the call */
  limits(options: LimitOptions, stream: boolean): CallLimits;
  settings(limits: CallLimits, transport: SettingsFacts['transport']): SettingsFacts;
}

export function createClientConstants(config: Config): ClientConstants {
  const json = resolveLimits(config, {}, false);
  const stream = resolveLimits(config, {}, true);
  const known = new WeakMap<CallLimits, SettingsFacts>();
  return {
    serverAddress: hostIdentifier(config.baseURL.hostname),
    limits(options, isStream) {
      const { timeout, maxRetries, deadlineMs, idleTimeoutMs } = options;
      if ((timeout ?? maxRetries ?? deadlineMs ?? idleTimeoutMs) === undefined) {
        return isStream ? stream : json;
      }
      return resolveLimits(config, options, isStream);
    },
    settings(limits, transport) {
      const found = known.get(limits);
      if (found?.transport === transport) {
        return found;
      }
      const made = Object.freeze(settingsOf(config, limits, transport));
      known.set(limits, made);
      return made;
    },
  };
}

/** Checks only the grammar of the host, not the secret guard: a configured host may look like a key by chance. */
function hostIdentifier(hostname: string): Identifier<'host'> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  // `URL` has normalized the host. A host that does not match the grammar is recorded as `_OTHER`.
  return (/^[A-Za-z0-9:._-]{1,253}$/.test(bare) ? bare : '_OTHER') as Identifier<'host'>;
}

function settingsOf(config: Config, limits: CallLimits, transport: SettingsFacts['transport']): SettingsFacts {
  return {
    maxAttempts: limits.policy.maxAttempts,
    retry: limits.policy.retry,
    headerTimeoutMs: limits.headerTimeoutMs,
    deadlineMs: limits.deadlineMs,
    idleTimeoutMs: limits.idleTimeoutMs,
    maxStreamMs: limits.maxStreamMs,
    maxRetryAfterMs: limits.policy.maxRetryAfterMs,
    backoffBaseMs: limits.policy.backoffBaseMs,
    backoffCapMs: limits.policy.backoffCapMs,
    retryBudget: config.retryBudget !== false,
    maxConnections: config.maxConnections,
    transport,
    telemetry: config.telemetry.enabled,
    propagate: config.telemetry.propagate,
    openaiCompatible: config.openaiCompatible,
  };
}
