import { createSimulator, scenario } from 'cometapi-otel/testing';
import { afterEach, expect, test } from 'vitest';

/** The service under test. It retries once if CometAPI returns an error. */
async function summarise(text: string, baseURL: string, apiKey: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'some-model', messages: [{ role: 'user', content: text }] }),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.ok) {
      return (await response.json()).choices[0].message.content;
    }
    if (attempt === 2) {
      throw new Error(`CometAPI answered ${response.status}`);
    }
  }
}

const simulator = createSimulator();
afterEach(() => simulator.close());

test('retries a 503 once, and both requests are billed', async () => {
  const { baseURL } = await simulator.listen();
  simulator.use(scenario.fail(503).then(scenario.ok({ text: 'A simulated summary.' })));

  expect(await summarise('A long text.', baseURL, simulator.apiKey)).toBe('A simulated summary.');

  expect(simulator.bills).toBe(2);
  expect(simulator.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/chat/completions']);
});
