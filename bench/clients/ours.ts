import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { core } from '../core.ts';
import type { Client } from '../protocol.ts';
import { startSdk } from '../telemetry.ts';
import { type OpenAILike, openaiLike } from './openai-like.ts';

/** This client with everything on: SDK, batch processor, metrics reader, record file. */
export const createClient = (options: object = {}): Promise<Client> => createFrom(core, options);

/** @param build The URL of a built `index.js`. */
export async function createFrom(build: string, options: object = {}): Promise<Client> {
  startSdk();
  const { CometAPI } = await import(build);
  const recordFile = join(mkdtempSync(join(tmpdir(), 'bench-')), 'records.jsonl');
  return openaiLike(CometAPI as unknown as OpenAILike, { recordFile, retryBudget: false, ...options });
}
