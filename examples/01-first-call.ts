import CometAPI from 'cometapi-otel';
import { createSimulator } from 'cometapi-otel/testing';

// The simulator replaces CometAPI here. With COMETAPI_API_KEY in the environment, use: new CometAPI()
const simulator = createSimulator();
const client = new CometAPI({ apiKey: simulator.apiKey, fetch: simulator.fetch });

const completion = await client.chat.completions.create({
  model: 'gpt-5.1',
  messages: [{ role: 'user', content: 'Say hello.' }],
});
console.log(completion.choices[0]?.message.content);

const response = await client.responses.create({ model: 'gpt-5.1', input: 'Say hello.' });
console.log(response.output_text);

// This is a simulated answer.
// This is a simulated answer.
