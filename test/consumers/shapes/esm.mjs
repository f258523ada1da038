import assert from 'node:assert/strict';
import CometAPIDefault, { CometAPI } from 'cometapi-otel';
import { createSimulator } from 'cometapi-otel/testing';

assert.equal(CometAPIDefault, CometAPI);
const simulator = createSimulator();
const { baseURL } = await simulator.listen();
const client = new CometAPI({ apiKey: simulator.apiKey, baseURL, logLevel: 'off' });
const answer = await client.chat.completions.create({
  model: 'simulated-model',
  messages: [{ role: 'user', content: 'Hello' }],
});
assert.equal(answer.object, 'chat.completion');
await simulator.close();
