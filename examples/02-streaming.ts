import CometAPI, { StreamTruncatedError } from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';

const simulator = createSimulator();
const client = new CometAPI({ apiKey: simulator.apiKey, fetch: simulator.fetch });
const messages = [{ role: 'user' as const, content: 'Say hello.' }];

const stream = await client.chat.completions.create({ model: 'gpt-5.1', messages, stream: true });
let text = '';
for await (const chunk of stream) {
  text += chunk.choices[0]?.delta?.content ?? '';
}
console.log(text);

// A stream that ends before the answer is complete throws an error.
simulator.use(scenario.truncatedStream());
try {
  for await (const _ of await client.chat.completions.create({ model: 'gpt-5.1', messages, stream: true })) {
    // The chunks before the cut are valid.
  }
} catch (error) {
  if (!(error instanceof StreamTruncatedError)) {
    throw error;
  }
  console.log(error.category, error.phase);
}

// This is a simulated answer.
// truncated_stream stream
