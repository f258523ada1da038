import { type Label, label } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';

/**
 * Ids that agents make for a conversation: UUIDs (Codex, pi; Qwen Code puts its name before one) and OpenCode's `ses_…`.
 * The field is free text, and OpenAI's advice on it leads applications to put users, tenants and file names there: what a
 * person may have written is no id.
 */
const MADE_BY_AN_AGENT =
  /^(?:(?:qwen-code:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:ses|sess|session|conv|thread)_[0-9A-Za-z]{16,64})$/;

/** The conversation a body's `prompt_cache_key` stands for; `undefined` when it may say anything else. */
export function conversationKey(value: unknown, guard: SecretGuard): Label<'id'> | undefined {
  const checked = label('id', value, guard);
  return checked !== undefined && MADE_BY_AN_AGENT.test(checked) ? checked : undefined;
}
