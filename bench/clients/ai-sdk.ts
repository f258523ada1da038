import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { OpenTelemetry } from '@ai-sdk/otel';
import { generateText, registerTelemetry, streamText } from 'ai';
import { type Client, KEY, MODEL } from '../protocol.ts';
import { startSdk } from '../telemetry.ts';

/** The AI SDK with its own telemetry. */
export function createClient(): Client {
  startSdk();
  registerTelemetry(new OpenTelemetry());
  const model = (baseURL: string) => createOpenAICompatible({ name: 'bench', apiKey: KEY, baseURL })(MODEL);
  const common = (baseURL: string, prompt: string, signal?: AbortSignal) => ({
    model: model(baseURL),
    prompt,
    ...(signal !== undefined && { abortSignal: signal }),
  });
  return {
    json: async (baseURL, prompt, signal) => (await generateText(common(baseURL, prompt, signal))).text,
    async stream(baseURL, prompt, signal) {
      let count = 0;
      for await (const _ of streamText(common(baseURL, prompt, signal)).textStream) {
        count++;
      }
      return count;
    },
  };
}
