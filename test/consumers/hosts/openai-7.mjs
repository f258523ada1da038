import OpenAI from 'openai';
import { openaiChecks } from './openai-checks.mjs';

await openaiChecks('openai 7', OpenAI, 'caller_abort');
