const assert = require('node:assert/strict');
const { CometAPI } = require('cometapi-otel');
const { createSimulator } = require('cometapi-otel/testing');

async function main() {
  assert.equal(require('cometapi-otel').default, CometAPI);
  const simulator = createSimulator();
  const { baseURL } = await simulator.listen();
  const client = new CometAPI({ apiKey: simulator.apiKey, baseURL, logLevel: 'off' });
  const answer = await client.chat.completions.create({
    model: 'simulated-model',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  assert.equal(answer.object, 'chat.completion');
  await simulator.close();
}

main();
