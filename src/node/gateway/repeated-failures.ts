import { createHash } from 'node:crypto';

/** A client that comes back within this time with what failed is retrying already. */
const REMEMBERED_MS = 60_000;
/** More would be a leak; the oldest are the least telling. */
const MAX_REMEMBERED = 1_000;

/** Remembers what failed of late, so that retries here and retries of the client do not multiply. */
export interface RepeatedFailures {
  /** @param key asked only when something has failed at all: it may be the digest of a body of megabytes */
  hasFailed(key: () => string): boolean;
  failed(key: string): void;
}

export function createRepeatedFailures(nowMs: () => number): RepeatedFailures {
  // In the order of failing, so that the oldest stand first.
  const failedAtMs = new Map<string, number>();
  return {
    hasFailed(key) {
      const atMs = failedAtMs.size === 0 ? undefined : failedAtMs.get(key());
      return atMs !== undefined && nowMs() - atMs < REMEMBERED_MS;
    },
    failed(key) {
      failedAtMs.delete(key);
      failedAtMs.set(key, nowMs());
      const [oldest] = failedAtMs.keys();
      if (failedAtMs.size > MAX_REMEMBERED && oldest !== undefined) {
        failedAtMs.delete(oldest);
      }
    },
  };
}

/** What makes two requests the same one again: their conversation, or else their very bytes. Never leaves the process. */
export function failureKey(path: string, conversationId: string | undefined, body: Uint8Array | undefined): string {
  return conversationId === undefined
    ? `${path} ${createHash('sha256')
        .update(body ?? '')
        .digest('base64')}`
    : `${path} in ${conversationId}`;
}
