import { createRequire } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { Client } from '../protocol.ts';
import { startSdk } from '../telemetry.ts';
import { type OpenAILike, openaiLike } from './openai-like.ts';

/** openai 6 with OpenTelemetry's instrumentations, which do not support openai 7. */
export function createClient(): Client {
  registerInstrumentations({
    ...startSdk(),
    instrumentations: [new OpenAIInstrumentation(), new UndiciInstrumentation()],
  });
  // The instrumentation patches the module when it is required.
  return openaiLike(createRequire(import.meta.url)('openai').OpenAI as OpenAILike);
}
