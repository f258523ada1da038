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
 * Options that make the real `openai` client (6 and 7) send through `client`: every call is traced, bounded and recorded,
 * and the host behaves as it always does.
 *
 * @example
 * import { openai } from 'cometapi-otel/openai';
 * const host = new OpenAI(openai(new CometAPI()));
 */
export function openai(client: Pick<CometAPI, 'baseURL' | 'fetch'>): OpenAIHostOptions {
  return { apiKey: KEY_PLACEHOLDER, baseURL: client.baseURL, fetch: client.fetch, maxRetries: 0 };
}
