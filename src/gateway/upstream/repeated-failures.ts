import { createHash } from 'node:crypto';

/** If a failed request arrives again within this time, the agent itself is retrying. */
const REMEMBERED_MS = 60_000;
/** Bounds memory. The oldest entries are dropped first. */
const MAX_REMEMBERED = 1_000;

/** Remembers recent failures. Without this, our retries and the agent's retries would multiply. */
export interface RepeatedFailures {
  /** @param key called only if there are recent failures, because it may hash a body of several megabytes */
  hasFailed(key: () => string): boolean;
  failed(key: string): void;
}

export function createRepeatedFailures(nowMs: () => number): RepeatedFailures {
  // In order of failure, oldest first.
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

/** Returns a key that a request and its retry share: the conversation, or a hash of the body. Stays in the process. */
export function failureKey(path: string, conversationId: string | undefined, body: Uint8Array | undefined): string {
  return conversationId === undefined
    ? `${path} ${createHash('sha256')
        .update(body ?? '')
        .digest('base64')}`
    : `${path} in ${conversationId}`;
}
