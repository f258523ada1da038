/** Headers in which agents send a conversation id, most specific first. */
const NAMES: readonly string[] = [
  'session-id',
  'session_id',
  'x-session-id',
  'x-claude-code-session-id',
  'x-session-affinity',
  'thread-id',
];

/**
 * Returns the unchecked conversation id from the first of these headers that is set. The caller validates it, and reads
 * the body's `prompt_cache_key` when no header is set.
 */
export function conversationIn(headers: Headers): string | undefined {
  for (const name of NAMES) {
    const value = headers.get(name);
    if (value !== null && value !== '') {
      return value;
    }
  }
  return undefined;
}
