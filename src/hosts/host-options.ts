import type { CometAPI } from 'cometapi-otel';

/** Hosts insist on a key; the client replaces this one by the real one on its way. */
export const KEY_PLACEHOLDER = 'cometapi-otel-placeholder';

/** What a host needs to know of a client. */
type HostedClient = Pick<CometAPI, 'baseURL' | 'fetch'>;

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
export function openai(client: HostedClient): OpenAIHostOptions {
  return { apiKey: KEY_PLACEHOLDER, baseURL: client.baseURL, fetch: client.fetch, maxRetries: 0 };
}

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
export function aiSdk(client: HostedClient): AiSdkHostOptions {
  return {
    name: 'cometapi',
    apiKey: KEY_PLACEHOLDER,
    baseURL: client.baseURL,
    fetch: client.fetch,
    includeUsage: true,
  };
}

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
export function langchain(client: HostedClient): LangchainHostOptions {
  return {
    apiKey: KEY_PLACEHOLDER,
    configuration: { baseURL: client.baseURL, fetch: client.fetch },
    maxRetries: 0,
  };
}
