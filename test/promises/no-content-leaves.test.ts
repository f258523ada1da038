import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CometAPI } from '../../src/client';
import type { ClientOptions } from '../../src/config/options';
import { scenario } from '../../src/simulator/scenarios/scenarios';
import { createSimulator } from '../../src/simulator/simulator';
import { Canaries, type Dress } from '../support/leak-canaries';
import { ECHOING, echoesOf, echoingFetch, spellingsOfKey } from '../support/leak-echoes';
import { KEY_SHAPES } from '../support/leak-keys';
import { callMistakes, keyMistakes, optionMistakes, variableMistakes } from '../support/leak-mistakes';
import {
  fetchOf,
  type LeakRunOptions,
  runLeaks,
  runScenario,
  type WatchedClient,
  watchClient,
} from '../support/leak-run';
import { findLeaks, type Leak } from '../support/leak-scanner';
import { LEAK_SCENARIOS } from '../support/leak-scenarios';
import { type LeakSinks, openLeakSinks } from '../support/leak-sinks';
import { NO_LIMIT } from '../support/no-limit';
import { type RecordingTelemetry, startRecordingTelemetry } from '../support/recording-telemetry';

/*
 * Every call of this file carries a canary in every place that a person can write: key, messages, tools, metadata,
 * headers, query, labels, base URL and so on. The tests capture every output (spans, metrics, events, record file, log
 * lines at debug level, facts, diag, stdout, warnings, errors and objects in every printed form). They search it for
 * the canaries in every encoding. `leak-controls.test.ts` proves that the search finds planted leaks.
 */

const DRESSES: readonly Dress[] = ['word', 'prose'];
let telemetry: RecordingTelemetry;

beforeAll(() => {
  telemetry = startRecordingTelemetry();
});

afterAll(() => telemetry.shutdown());

describe.each(DRESSES)('with a %s as canary in every place, no canary leaks', (dress) => {
  // A sentence matches no label, so a word in the error message is the harder test for statuses.
  const scenarios = Object.entries(LEAK_SCENARIOS).filter(([name]) => dress === 'word' || !name.startsWith('status'));

  test.each(scenarios)('%s', async (_name, { make, options }) => {
    const canaries = new Canaries(dress);
    const { leaks } = await runScenario(telemetry, make(canaries), canaries, options);
    expect(leaks).toEqual([]);
  });

  test('over real sockets, with the key in the status line', async () => {
    const canaries = new Canaries(dress);
    const hostile = scenario.raw(
      ({ headers: { authorization } }) =>
        `HTTP/1.1 401 ${authorization}\r\nx-request-id: ${authorization}\r\ncontent-length: 4\r\n\r\nnull`,
    );
    const simulator = createSimulator({
      apiKeys: [canaries.apiKey],
      scenario: scenario.sequence(
        scenario.ok().times(3),
        scenario.echo({ status: 400 }).times(3),
        hostile.times(3),
        scenario.reset(),
      ),
    });
    const { baseURL } = await simulator.listen();
    const { leaks } = await runLeaks(telemetry, { baseURL }, canaries);
    await simulator.close();
    expect(leaks).toEqual([]);
  });
});

describe('a server that repeats the request in every field and header causes no leak', () => {
  const calls = { followsUp: true, only: ['chat, JSON', 'responses, events', 'chat by fetch, JSON', 'another path'] };

  /** Runs one client against all echoes. Returns each leak with its echo. */
  async function leaksOf(kind: keyof typeof ECHOING, dress: Dress): Promise<readonly string[]> {
    const canaries = new Canaries(dress);
    let upstream = echoingFetch('an answer', { text: '', source: '' });
    const watched = watchClient(telemetry, { fetch: (input, init) => upstream(input, init) }, canaries);
    // The first run creates the canaries.
    await watched.run({ followsUp: true });
    const leaks: string[] = [];
    for (const echo of [...(dress === 'word' ? spellingsOfKey(canaries.apiKey) : []), ...echoesOf(canaries)]) {
      upstream = echoingFetch(kind, echo);
      const run = await watched.run(calls);
      leaks.push(...run.leaks.map(({ sink, place }) => `${echo.spelling}: ${place} in ${sink}`));
    }
    watched.close();
    return leaks;
  }

  // A sentence matches no label, so three kinds of responses are enough.
  const ofProse = ['an answer', 'a 401 error', 'an HTML page'];
  const kinds = Object.keys(ECHOING).flatMap((kind) =>
    DRESSES.filter((dress) => dress === 'word' || ofProse.includes(kind)).map((dress) => [kind, dress] as const),
  );
  // The kinds are keys of `ECHOING`, so the cast is safe.
  test.each(kinds as [keyof typeof ECHOING, Dress][])('%s, %s', async (kind, dress) => {
    expect(await leaksOf(kind, dress)).toEqual([]);
  });
});

describe('an abort reason that quotes the key does not leak', () => {
  const typed = ['chat, JSON', 'chat, events', 'responses, JSON', 'responses, events', 'models', 'another path'];

  test.each<[string, ReturnType<typeof scenario.ok>, LeakRunOptions]>([
    ['before the start', scenario.ok(), {}],
    ['before the headers', scenario.stall(), {}],
    ['in the wait before a retry', scenario.fail(429), { hurries: false }],
    ['within the body', scenario.stall({ at: 'mid_stream' }), {}],
  ])('%s', async (phase, what, options) => {
    const canaries = new Canaries('word');
    const simulator = createSimulator({ scenario: what, apiKeys: [canaries.apiKey] });
    const controller = new AbortController();
    const reason = Object.assign(new Error(`stopped ${canaries.apiKey} and ${canaries.text('prompt')}`), {
      request: [canaries.apiKey],
    });
    const watched = watchClient(telemetry, { fetch: fetchOf(simulator, canaries) }, canaries, options);
    if (phase === 'before the start') {
      controller.abort(reason);
    }
    const running = watched.run({ signal: controller.signal, only: typed });
    if (!controller.signal.aborted) {
      await simulator.waitFor((requests) => requests.length === typed.length, NO_LIMIT);
      // Lets all calls reach the point where they wait.
      for (let turns = 0; turns < 10; turns++) {
        await turn();
      }
      controller.abort(reason);
    }
    const { leaks, outcomes } = await running;
    watched.close();
    await simulator.close();
    expect(leaks).toEqual([]);
    expect(outcomes.filter(({ received }) => received === 'APIUserAbortError').length).toBeGreaterThanOrEqual(4);
  });
});

describe('errors do not quote invalid values', () => {
  /** Runs a function that fails. Searches the thrown error and all sinks for canaries. */
  async function leaksOf(canaries: Canaries, fail: (sinks: LeakSinks) => unknown): Promise<readonly Leak[]> {
    const sinks = openLeakSinks(telemetry);
    const error: unknown = await Promise.resolve()
      .then(() => fail(sinks))
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    sinks.printError(error);
    const { texts } = await sinks.drain();
    sinks.close();
    expect(error).toBeInstanceOf(Error);
    return findLeaks(texts, canaries.all());
  }

  const canaries = new Canaries('word');
  const client = (sinks: LeakSinks, options: ClientOptions = {}): CometAPI =>
    new CometAPI({
      apiKey: canaries.apiKey,
      fetch: echoingFetch('an HTML page', { text: '', source: '' }),
      ...sinks.options,
      ...options,
    });

  test.each(Object.entries(optionMistakes(canaries)))('of options: %s', async (_name, options) => {
    expect(await leaksOf(canaries, (sinks) => client(sinks, options))).toEqual([]);
  });

  test.each(Object.entries(variableMistakes(canaries)))('of the variable %s', async (name, value) => {
    vi.stubEnv(name, value);
    const leaks = await leaksOf(canaries, (sinks) => client(sinks)).finally(() => vi.unstubAllEnvs());
    expect(leaks).toEqual([]);
  });

  test.each(Object.keys(callMistakes(new CometAPI({ apiKey: canaries.apiKey }), canaries)))(
    'of a call: %s',
    async (name) => {
      expect(await leaksOf(canaries, (sinks) => callMistakes(client(sinks), canaries)[name]?.())).toEqual([]);
    },
  );

  test.each(Object.entries(keyMistakes(canaries)))('of an apiKey function that %s', async (_name, apiKey) => {
    expect(await leaksOf(canaries, (sinks) => client(sinks, { apiKey }).models.list())).toEqual([]);
  });
});

describe('for keys of every format, no eight characters leak and no call fails', () => {
  const kinds = ['an answer', 'a 401 error'] as const;

  async function outcomeOf(watched: WatchedClient): Promise<readonly string[]> {
    const { leaks, outcomes } = await watched.run({ only: ['chat, JSON', 'responses, events'] });
    const errors = outcomes.filter(({ error }) => error instanceof TypeError);
    return [...leaks.map(({ sink, place }) => `${place} in ${sink}`), ...errors.map(({ error }) => String(error))];
  }

  test.each(Object.entries(KEY_SHAPES))('%s', async (_shape, makeKey) => {
    for (let round = 0; round < 8; round++) {
      const apiKey = makeKey();
      const canaries = new Canaries('word', apiKey);
      // A key from a function is known only after its first use (docs/privacy.md).
      const isFixed = round < 4;
      const client: ClientOptions = { apiKey: isFixed ? apiKey : () => apiKey, telemetry: {} };
      const texts = [
        apiKey,
        `id-${apiKey.slice(2)}`,
        Buffer.from(apiKey).toString('hex'),
        Buffer.from(apiKey, 'latin1').toString('base64'),
      ];
      let upstream = echoingFetch('an answer', { text: '', source: '' });
      const watched = watchClient(telemetry, { fetch: (input, init) => upstream(input, init) }, canaries, { client });
      if (!isFixed) {
        await watched.run({ only: ['models'] });
      }
      for (const kind of kinds) {
        const text = texts[(round + kinds.indexOf(kind)) % texts.length] ?? apiKey;
        upstream = echoingFetch(kind, { text, source: 'authorization' });
        expect({ key: apiKey, text, found: await outcomeOf(watched) }).toEqual({ key: apiKey, text, found: [] });
      }
      const { written, refused, dropped, torn } = watched.records();
      watched.close();
      expect({ key: apiKey, lines: written + refused, dropped, torn }).toEqual({
        key: apiKey,
        lines: isFixed ? 4 : 5,
        dropped: 0,
        torn: 0,
      });
    }
  });
});
