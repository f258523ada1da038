import type { CometAPI } from 'cometapi-otel';
import { KEY_PLACEHOLDER } from './key-placeholder';

/** Fields of `ChatOpenAI` of `@langchain/openai`. */
export interface LangchainHostOptions {
  readonly apiKey: string;
  readonly configuration: { readonly baseURL: string; readonly fetch: CometAPI['fetch'] };
  /** The client retries; two loops would multiply (LangChain's own default is 6). */
  readonly maxRetries: 0;
}

/**
 * What `client.langchain()` gives, as a function: fields that make `ChatOpenAI` send through `client`.
 *
 * @example
 * import { langchain } from 'cometapi-otel/langchain';
 * const model = new ChatOpenAI({ ...langchain(client), model: 'gpt-5.1' });
 */
export function langchain(client: Pick<CometAPI, 'baseURL' | 'fetch'>): LangchainHostOptions {
  return {
    apiKey: KEY_PLACEHOLDER,
    configuration: { baseURL: client.baseURL, fetch: client.fetch },
    maxRetries: 0,
  };
}
