import { expect, test } from 'vitest';
import { createSimulator, type Scenario, type Simulator, scenario } from '../../../src/simulator/index';

async function status(simulator: Simulator, path = '/v1/models'): Promise<number> {
  const response = await simulator.fetch(`https://api.cometapi.com${path}`, {
    headers: { authorization: `Bearer ${simulator.apiKey}` },
  });
  await response.body?.cancel();
  return response.status;
}

async function statuses(one: Scenario, count: number): Promise<readonly number[]> {
  const simulator = createSimulator({ scenario: one });
  const seen: number[] = [];
  for (let index = 0; index < count; index++) {
    seen.push(await status(simulator));
  }
  return seen;
}

test('a single scenario answers all requests', async () => {
  expect(await statuses(scenario.fail(503), 3)).toEqual([503, 503, 503]);
});

test('ok follows a used-up scenario', async () => {
  expect(await statuses(scenario.fail(503).times(2), 4)).toEqual([503, 503, 200, 200]);
  expect(await statuses(scenario.fail(503).times(0), 1)).toEqual([200]);
});

test('then accepts a scenario or a function that returns one', async () => {
  expect(await statuses(scenario.fail(503).times(2).then(scenario.ok()), 4)).toEqual([503, 503, 200, 200]);
  expect(await statuses(scenario.fail(503).times(2).then(scenario.ok), 4)).toEqual([503, 503, 200, 200]);
});

test('each link of a chain answers once, and the last answers the rest', async () => {
  const chain = scenario.sequence(scenario.fail(500), scenario.fail(502).times(2), scenario.fail(503));
  expect(await statuses(chain, 6)).toEqual([500, 502, 502, 503, 503, 503]);
  expect(await statuses(scenario.fail(500).then(scenario.fail(502)).then(scenario.fail(503)), 4)).toEqual([
    500, 502, 503, 503,
  ]);
});

test('forever repeats a scenario or a whole chain', async () => {
  expect(await statuses(scenario.fail(500).forever().then(scenario.fail(503)), 3)).toEqual([500, 500, 500]);
  const round = scenario.sequence(scenario.fail(500), scenario.fail(503).times(2));
  expect(await statuses(round.forever(), 7)).toEqual([500, 503, 503, 500, 503, 503, 500]);
  expect(await statuses(round.times(2), 8)).toEqual([500, 503, 503, 500, 503, 503, 200, 200]);
});

test('alternate switches between two scenarios', async () => {
  expect(await statuses(scenario.alternate(scenario.ok(), scenario.fail(503)), 5)).toEqual([200, 503, 200, 503, 200]);
});

test('byFamily plays one scenario per family, and ok for the others', async () => {
  const simulator = createSimulator({
    scenario: scenario.byFamily({
      chat: scenario.fail(503).then(scenario.fail(400)),
      responses: scenario.fail(429).times(1),
    }),
  });
  const seen: [string, number][] = [];
  for (const path of ['/v1/responses', '/v1/chat/completions', '/v1/responses', '/v1/chat/completions', '/v1/models']) {
    seen.push([path, await status(simulator, path)]);
  }
  expect(seen).toEqual([
    ['/v1/responses', 429],
    ['/v1/chat/completions', 503],
    // Used up, so ok() answers. A GET on this path is a wrong path: fetch follows the redirect to a page.
    ['/v1/responses', 200],
    ['/v1/chat/completions', 400],
    ['/v1/models', 200],
  ]);
});

test('a scenario can be used in several places, because each use has separate state', async () => {
  const twice = scenario.fail(503).times(2);
  expect(await statuses(twice, 3)).toEqual([503, 503, 200]);
  expect(await statuses(twice.then(twice).then(scenario.fail(500)), 6)).toEqual([503, 503, 503, 503, 500, 500]);
});

test('a fault affects every link of a chain', async () => {
  const chain = scenario.drip({ of: scenario.fail(503).times(2).then(scenario.ok), bytesPerWrite: 1_000 });
  expect(await statuses(chain, 4)).toEqual([503, 503, 200, 200]);
});

test('awaiting a scenario rejects with an explanation instead of hanging', async () => {
  // TypeScript rejects an async function that returns a scenario. JavaScript does not.
  const returned: unknown = scenario.ok();
  await expect(Promise.resolve(returned)).rejects.toThrow(
    'A scenario is not a promise. Do not await it or return it from an async function.',
  );
});

test('rejects a value that is not a scenario', () => {
  // Missing parentheses, which JavaScript does not detect.
  const forgotten = scenario.ok as unknown as Scenario;
  expect(() => createSimulator({ scenario: forgotten })).toThrow('This is not a scenario');
  expect(() => createSimulator().use(forgotten)).toThrow('This is not a scenario');
  expect(() => scenario.cut({ of: forgotten })).toThrow('This is not a scenario');
  expect(() => scenario.byFamily({ chat: forgotten })).toThrow('This is not a scenario');
  expect(() => scenario.sequence(scenario.ok(), forgotten)).toThrow('This is not a scenario');
  expect(() => scenario.ok().times(1.5)).toThrow(RangeError);
  expect(() => scenario.ok().times(-1)).toThrow(RangeError);
});
