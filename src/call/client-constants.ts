import type { Config } from '../config/resolve-config';
import type { SettingsFacts } from '../facts/call-facts';
import type { Label } from '../facts/label';
import { type CallLimits, type LimitOptions, resolveLimits } from './limits';

/** What is the same for most calls of a client: one frozen object, that is not made, checked or written out anew. */
export interface ClientConstants {
  readonly serverAddress: Label<'host'>;
  /** @throws CometAPIError naming the option of the call that does not fit */
  limits(options: LimitOptions, stream: boolean): CallLimits;
  settings(limits: CallLimits, transport: SettingsFacts['transport']): SettingsFacts;
}

export function createClientConstants(config: Config): ClientConstants {
  const json = resolveLimits(config, {}, false);
  const stream = resolveLimits(config, {}, true);
  const known = new WeakMap<CallLimits, SettingsFacts>();
  return {
    serverAddress: hostLabel(config.baseURL.hostname),
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

/** A host is configured, so it is checked by its grammar alone: a key may look like part of it by chance. */
function hostLabel(hostname: string): Label<'host'> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  // URL has normalised it; what does not fit the grammar is told as unknown.
  return (/^[A-Za-z0-9:._-]{1,253}$/.test(bare) ? bare : '_OTHER') as Label<'host'>;
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
