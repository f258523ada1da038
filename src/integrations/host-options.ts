import type { Fetch } from '../config/options';

/** Hosts require a key. The client replaces this placeholder by the real key before it sends. */
export const KEY_PLACEHOLDER = 'cometapi-otel-placeholder';

/** The parts of a client that a host needs. */
interface HostedClient {
  readonly baseURL: string;
  readonly fetch: Fetch;
}

/** Options for the constructor of `OpenAI` and of clients with the same options, such as the official `cometapi`. */
export interface OpenAIHostOptions {
  readonly apiKey: string;
  readonly baseURL: string;
  readonly fetch: Fetch;
  /** The client retries already; two retry loops multiply. */
  readonly maxRetries: 0;
}

/**
 * Returns options that make the real `openai` client (6 or 7) send through `client`. Same as `client.openai()`.
 *
 * @example
 * import { openai } from 'cometapi-otel/openai';
 * const host = new OpenAI(openai(client));
 */
export function openai(client: HostedClient): OpenAIHostOptions {
  return { apiKey: KEY_PLACEHOLDER, baseURL: client.baseURL, fetch: client.fetch, maxRetries: 0 };
}

/** Options for `createOpenAICompatible`, `createOpenAI` and `createOpenRouter`. */
export interface AiSdkHostOptions {
  readonly name: 'cometapi';
  readonly apiKey: string;
  readonly baseURL: string;
  readonly fetch: Fetch;
  /** Requests the token counts of streams. */
  readonly includeUsage: true;
}

/**
 * Returns options that make an AI SDK provider send through `client`. Same as `client.aiSdk()`.
 *
 * @example
 * import { aiSdk } from 'cometapi-otel/ai-sdk';
 * const provider = createOpenAICompatible(aiSdk(client));
 */
export function aiSdk(client: HostedClient): AiSdkHostOptions {
  return {
    name: 'cometapi',
    apiKey: KEY_PLACEHOLDER,
    baseURL: client.baseURL,
    fetch: client.fetch,
    includeUsage: true,
  };
}

/** Fields for the constructor of `ChatOpenAI` from `@langchain/openai`. */
export interface LangchainHostOptions {
  readonly apiKey: string;
  readonly configuration: { readonly baseURL: string; readonly fetch: Fetch };
  /** The client retries already; two retry loops multiply. LangChain's default is 6. */
  readonly maxRetries: 0;
}

/**
 * Returns fields that make LangChain's `ChatOpenAI` send through `client`. Same as `client.langchain()`.
 *
 * @example
 * import { langchain } from 'cometapi-otel/langchain';
 * const model = new ChatOpenAI({ ...langchain(client), model: 'gpt-5.1' });
 */
export function langchain(client: HostedClient): LangchainHostOptions {
  return {
    apiKey: KEY_PLACEHOLDER,
    configuration: { baseURL: client.baseURL, fetch: client.fetch },
    maxRetries: 0,
  };
}
