import OpenAI from 'openai-6';
import { openaiChecks } from './openai-checks.mjs';

await openaiChecks('openai 6', OpenAI, 'consumer_cancel');
