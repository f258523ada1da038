import { core } from '../core.ts';
import type { Client } from '../protocol.ts';
import { type OpenAILike, openaiLike } from './openai-like.ts';

/** This client with default telemetry and no registered SDK. */
export async function createClient(options: object = {}): Promise<Client> {
  const { CometAPI } = await import(core);
  return openaiLike(CometAPI as unknown as OpenAILike, { retryBudget: false, ...options });
}
