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
 * Options that make a provider of the AI SDK send through `client`. The AI SDK retries above its providers, where no
 * provider can tell it not to: pass `maxRetries: 0` to `generateText`, `streamText` and their like.
 *
 * @example
 * import { aiSdk } from 'cometapi-otel/ai-sdk';
 * const cometapi = createOpenAICompatible(aiSdk(new CometAPI()));
 * await generateText({ model: cometapi('gpt-5.1'), prompt: 'Say hello.', maxRetries: 0 });
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
