import OpenAI from 'openai7';
import type { Client } from '../protocol.ts';
import { type OpenAILike, openaiLike } from './openai-like.ts';

export const createClient = (): Client => openaiLike(OpenAI as unknown as OpenAILike);
