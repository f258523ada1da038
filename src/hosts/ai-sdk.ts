import type { CometAPI } from 'cometapi-otel';
import { KEY_PLACEHOLDER } from './key-placeholder';

/** Options of `createOpenAICompatible`, `createOpenAI` and `createOpenRouter`. */
export interface AiSdkHostOptions {
  readonly name: 'cometapi';
  readonly apiKey: string;
  readonly baseURL: string;
  readonly fetch: CometAPI['fetch'];
  /** Streams report their tokens. */
  readonly includeUsage: true;
}

/**
 * What `client.aiSdk()` gives, as a function: options that make a provider of the AI SDK send through `client`.
 *
 * @example
 * import { aiSdk } from 'cometapi-otel/ai-sdk';
 * const provider = createOpenAICompatible(aiSdk(client));
 */
export function aiSdk(client: Pick<CometAPI, 'baseURL' | 'fetch'>): AiSdkHostOptions {
  return {
    name: 'cometapi',
    apiKey: KEY_PLACEHOLDER,
    baseURL: client.baseURL,
    fetch: client.fetch,
    includeUsage: true,
  };
}
