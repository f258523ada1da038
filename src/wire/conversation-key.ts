import { type Identifier, identifier } from '../facts/identifier';
import type { Redactor } from '../facts/redaction/redactor';

/**
 * Conversation ids that agents generate: UUIDs (Codex and pi; Qwen Code adds its name as a prefix) and `ses_…`
 * (OpenCode). The field is free text, and applications follow OpenAI's advice to put names of users, tenants and files
 * there. Such names must not be recorded, so all other formats are ignored.
 */
const MADE_BY_AN_AGENT =
  /^(?:(?:qwen-code:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:ses|sess|session|conv|thread)_[0-9A-Za-z]{16,64})$/;

/** Returns the conversation id in a body's `prompt_cache_key`, or `undefined` if its format is not known. */
export function conversationKey(value: unknown, redactor: Redactor): Identifier<'id'> | undefined {
  const checked = identifier('id', value, redactor);
  return checked !== undefined && MADE_BY_AN_AGENT.test(checked) ? checked : undefined;
}
