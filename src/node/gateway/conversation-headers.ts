/** Where agents put the id of a conversation, the most telling first. */
const NAMES: readonly string[] = [
  'session-id',
  'session_id',
  'x-session-id',
  'x-claude-code-session-id',
  'x-session-affinity',
  'thread-id',
];

/** What a header calls the conversation; to be checked. The body's `prompt_cache_key` is asked when none does. */
export function conversationIn(headers: Headers): string | undefined {
  for (const name of NAMES) {
    const value = headers.get(name);
    if (value !== null && value !== '') {
      return value;
    }
  }
  return undefined;
}
