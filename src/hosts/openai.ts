import type { CometAPI } from 'cometapi-otel';
import { KEY_PLACEHOLDER } from './key-placeholder';

/** Options of `OpenAI`, and of everything that takes them: the official `cometapi`, @openai/agents. */
export interface OpenAIHostOptions {
  readonly apiKey: string;
  readonly baseURL: string;
  readonly fetch: CometAPI['fetch'];
  /** The client retries; two loops would multiply. */
  readonly maxRetries: 0;
}

/**
 * What `client.openai()` gives, as a function: options that make the real `openai` client (6 and 7) send through `client`.
 *
 * @example
 * import { openai } from 'cometapi-otel/openai';
 * const host = new OpenAI(openai(client));
 */
export function openai(client: Pick<CometAPI, 'baseURL' | 'fetch'>): OpenAIHostOptions {
  return { apiKey: KEY_PLACEHOLDER, baseURL: client.baseURL, fetch: client.fetch, maxRetries: 0 };
}
