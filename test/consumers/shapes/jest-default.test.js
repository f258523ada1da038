const { CometAPI } = require('cometapi-otel');
const { createSimulator } = require('cometapi-otel/testing');

test('Jest without configuration loads the package and makes a call', async () => {
  expect(require('cometapi-otel').default).toBe(CometAPI);
  const simulator = createSimulator();
  const { baseURL } = await simulator.listen();
  const client = new CometAPI({ apiKey: simulator.apiKey, baseURL, logLevel: 'off' });
  const answer = await client.chat.completions.create({
    model: 'simulated-model',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(answer.object).toBe('chat.completion');
  await simulator.close();
});
