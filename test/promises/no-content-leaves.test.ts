import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CometAPI } from '../../src/client';
import type { ClientOptions } from '../../src/config/options';
import { scenario } from '../../src/testing/scenarios';
import { createSimulator } from '../../src/testing/simulator';
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
import { type RecordingTelemetry, startRecordingTelemetry } from '../support/recording-telemetry';

/*
 * Every call of this file carries something private in every place where a person can write something: key, messages,
 * tools, metadata, headers, query, labels, base URL and so on. Everything that leaves is kept (spans, metrics, events,
 * record file, log lines at debug level, facts, diag, output, warnings, errors and objects in every printed form) and
 * searched in every encoding. `leak-controls.test.ts` shows that the search would find it.
 */

const DRESSES: readonly Dress[] = ['word', 'prose'];
let telemetry: RecordingTelemetry;

beforeAll(() => {
  telemetry = startRecordingTelemetry();
});

afterAll(() => telemetry.shutdown());

describe.each(DRESSES)('with a private %s in every place, nothing private leaves', (dress) => {
  // A sentence fits no label: the statuses with a word in their message are the harder test.
  const scenarios = Object.entries(LEAK_SCENARIOS).filter(([name]) => dress === 'word' || !name.startsWith('status'));

  test.each(scenarios)('%s', async (_name, { make, options }) => {
    const canaries = new Canaries(dress);
    const { leaks } = await runScenario(telemetry, make(canaries), canaries, options);
    expect(leaks).toEqual([]);
  });

  test('real sockets, and a status line with the key in it', async () => {
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

describe('a server repeats what it was sent, in every field and header, and nothing of it leaves', () => {
  const calls = { followsUp: true, only: ['chat, JSON', 'responses, events', 'chat by fetch, JSON', 'another path'] };

  /** One client against all echoes: what leaked, of which. */
  async function leaksOf(kind: keyof typeof ECHOING, dress: Dress): Promise<readonly string[]> {
    const canaries = new Canaries(dress);
    let upstream = echoingFetch('an answer', { text: '', source: '' });
    const watched = watchClient(telemetry, { fetch: (input, init) => upstream(input, init) }, canaries);
    // The first call puts the canaries in their places.
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

  // A sentence fits no label, so three ways to repeat one are enough.
  const ofProse = ['an answer', 'an error of 401', 'a page'];
  const kinds = Object.keys(ECHOING).flatMap((kind) =>
    DRESSES.filter((dress) => dress === 'word' || ofProse.includes(kind)).map((dress) => [kind, dress] as const),
  );
  // Keys of the table of answers.
  test.each(kinds as [keyof typeof ECHOING, Dress][])('%s, %s', async (kind, dress) => {
    expect(await leaksOf(kind, dress)).toEqual([]);
  });
});

describe('an abort whose reason quotes the key', () => {
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
      await simulator.waitFor((requests) => requests.length === typed.length);
      // What is under way in memory comes to where it waits.
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

describe('errors quote nothing that was wrong', () => {
  /** Runs something that fails, and looks for what is private in what it threw and in what left. */
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
      fetch: echoingFetch('a page', { text: '', source: '' }),
      ...sinks.options,
      ...options,
    });

  test.each(Object.entries(optionMistakes(canaries)))('options: %s', async (_name, options) => {
    expect(await leaksOf(canaries, (sinks) => client(sinks, options))).toEqual([]);
  });

  test.each(Object.entries(variableMistakes(canaries)))('the variable %s', async (name, value) => {
    vi.stubEnv(name, value);
    const leaks = await leaksOf(canaries, (sinks) => client(sinks)).finally(() => vi.unstubAllEnvs());
    expect(leaks).toEqual([]);
  });

  test.each(Object.keys(callMistakes(new CometAPI({ apiKey: canaries.apiKey }), canaries)))(
    'a call: %s',
    async (name) => {
      expect(await leaksOf(canaries, (sinks) => callMistakes(client(sinks), canaries)[name]?.())).toEqual([]);
    },
  );

  test.each(Object.entries(keyMistakes(canaries)))('a key function that %s', async (_name, apiKey) => {
    expect(await leaksOf(canaries, (sinks) => client(sinks, { apiKey }).models.list())).toEqual([]);
  });
});

describe('keys of every shape: no eight characters of them leave, and no call fails for them', () => {
  const kinds = ['an answer', 'an error of 401'] as const;

  async function outcomeOf(watched: WatchedClient): Promise<readonly string[]> {
    const { leaks, outcomes } = await watched.run({ only: ['chat, JSON', 'responses, events'] });
    const errors = outcomes.filter(({ error }) => error instanceof TypeError);
    return [...leaks.map(({ sink, place }) => `${place} in ${sink}`), ...errors.map(({ error }) => String(error))];
  }

  test.each(Object.entries(KEY_SHAPES))('%s', async (_shape, makeKey) => {
    for (let round = 0; round < 8; round++) {
      const apiKey = makeKey();
      const canaries = new Canaries('word', apiKey);
      // A key may be told, or come from a function; then it is known from its first sending on (docs/privacy.md).
      const isTold = round < 4;
      const client: ClientOptions = { apiKey: isTold ? apiKey : () => apiKey, telemetry: {} };
      const texts = [
        apiKey,
        `id-${apiKey.slice(2)}`,
        Buffer.from(apiKey).toString('hex'),
        Buffer.from(apiKey, 'latin1').toString('base64'),
      ];
      let upstream = echoingFetch('an answer', { text: '', source: '' });
      const watched = watchClient(telemetry, { fetch: (input, init) => upstream(input, init) }, canaries, { client });
      if (!isTold) {
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
        lines: isTold ? 4 : 5,
        dropped: 0,
        torn: 0,
      });
    }
  });
});
