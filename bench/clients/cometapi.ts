import * as official from 'cometapi';
import type { Client } from '../protocol.ts';
import { type OpenAILike, openaiLike } from './openai-like.ts';

/** The official package: openai 6 with another base URL. */
export const createClient = (): Client => openaiLike(official.CometAPI as unknown as OpenAILike);
