import { expect, test } from 'vitest';
import { createSimulator, type Scenario, type Simulator, scenario } from '../../src/testing/index';

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

test('a scenario alone goes on for ever', async () => {
  expect(await statuses(scenario.fail(503), 3)).toEqual([503, 503, 503]);
});

test('a scenario that is used up is followed by ok', async () => {
  expect(await statuses(scenario.fail(503).times(2), 4)).toEqual([503, 503, 200, 200]);
  expect(await statuses(scenario.fail(503).times(0), 1)).toEqual([200]);
});

test('then chains, with a value or with a function that makes one', async () => {
  expect(await statuses(scenario.fail(503).times(2).then(scenario.ok()), 4)).toEqual([503, 503, 200, 200]);
  expect(await statuses(scenario.fail(503).times(2).then(scenario.ok), 4)).toEqual([503, 503, 200, 200]);
});

test('each link of a chain answers once and the last goes on for ever', async () => {
  const chain = scenario.sequence(scenario.fail(500), scenario.fail(502).times(2), scenario.fail(503));
  expect(await statuses(chain, 6)).toEqual([500, 502, 502, 503, 503, 503]);
  expect(await statuses(scenario.fail(500).then(scenario.fail(502)).then(scenario.fail(503)), 4)).toEqual([
    500, 502, 503, 503,
  ]);
});

test('forever keeps what would be used up, and repeats a chain from its beginning', async () => {
  expect(await statuses(scenario.fail(500).forever().then(scenario.fail(503)), 3)).toEqual([500, 500, 500]);
  const round = scenario.sequence(scenario.fail(500), scenario.fail(503).times(2));
  expect(await statuses(round.forever(), 7)).toEqual([500, 503, 503, 500, 503, 503, 500]);
  expect(await statuses(round.times(2), 8)).toEqual([500, 503, 503, 500, 503, 503, 200, 200]);
});

test('alternate takes turns', async () => {
  expect(await statuses(scenario.alternate(scenario.ok(), scenario.fail(503)), 5)).toEqual([200, 503, 200, 503, 200]);
});

test('byFamily keeps a place for each family and leaves the others alone', async () => {
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
    // Used up: ok() answers, and a GET of this path is a wrong path followed to the page behind its redirect.
    ['/v1/responses', 200],
    ['/v1/chat/completions', 400],
    ['/v1/models', 200],
  ]);
});

test('one scenario can be used in many places, since its place is kept by who plays it', async () => {
  const twice = scenario.fail(503).times(2);
  expect(await statuses(twice, 3)).toEqual([503, 503, 200]);
  expect(await statuses(twice.then(twice).then(scenario.fail(500)), 6)).toEqual([503, 503, 503, 503, 500, 500]);
});

test('a fault strikes a chain link by link', async () => {
  const chain = scenario.drip({ of: scenario.fail(503).times(2).then(scenario.ok), bytesPerWrite: 1_000 });
  expect(await statuses(chain, 4)).toEqual([503, 503, 200, 200]);
});

test('awaiting a scenario says what is wrong instead of hanging', async () => {
  // TypeScript refuses an async function that returns one; JavaScript does not.
  const returned: unknown = scenario.ok();
  await expect(Promise.resolve(returned)).rejects.toThrow(
    'A scenario is a value, not a promise: do not await it or return it from an async function.',
  );
});

test('what is no scenario is refused where it is used', () => {
  // A forgotten pair of parentheses, as JavaScript lets it pass.
  const forgotten = scenario.ok as unknown as Scenario;
  expect(() => createSimulator({ scenario: forgotten })).toThrow('This is not a scenario');
  expect(() => createSimulator().use(forgotten)).toThrow('This is not a scenario');
  expect(() => scenario.cut({ of: forgotten })).toThrow('This is not a scenario');
  expect(() => scenario.byFamily({ chat: forgotten })).toThrow('This is not a scenario');
  expect(() => scenario.sequence(scenario.ok(), forgotten)).toThrow('This is not a scenario');
  expect(() => scenario.ok().times(1.5)).toThrow(RangeError);
  expect(() => scenario.ok().times(-1)).toThrow(RangeError);
});
