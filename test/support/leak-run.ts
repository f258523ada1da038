import { systemChance } from '../../src/call/clock';
import { CometAPI } from '../../src/client';
import type { ClientOptions, Fetch } from '../../src/config/options';
import type { CallFacts } from '../../src/facts/call-facts';
import type { RecordStats } from '../../src/sinks/record-sink';
import type { RecordedRequest } from '../../src/testing/recorded-request';
import type { Scenario } from '../../src/testing/scenario';
import { createSimulator, type Simulator } from '../../src/testing/simulator';
import { type CallOptions, type CallOutcome, makeEveryCall } from './leak-calls';
import type { Canaries } from './leak-canaries';
import { type ClockOptions, createHurriedClock } from './leak-clock';
import { privateOptions } from './leak-requests';
import { findLeaks, type Leak, type SinkText } from './leak-scanner';
import { type LeakSinks, openLeakSinks } from './leak-sinks';
import type { RecordingTelemetry } from './recording-telemetry';

/** What came of every call against one upstream. */
export interface LeakRun {
  /** What of the private texts was found outside. */
  readonly leaks: readonly Leak[];
  readonly outcomes: readonly CallOutcome[];
  /** Everything that left, for tests of the tests. */
  readonly texts: readonly SinkText[];
}

export interface LeakRunOptions extends CallOptions, ClockOptions {
  /** Replace what is private in a client's options. */
  readonly client?: ClientOptions;
}

/** A client whose every sink is watched. */
export interface WatchedClient {
  /** Makes every call, and looks for what is private in what left meanwhile. */
  run(call?: CallOptions): Promise<LeakRun>;
  /** What became of the lines of its record file. */
  records(): RecordStats;
  close(): void;
}

export function watchClient(
  telemetry: RecordingTelemetry,
  upstream: Pick<ClientOptions, 'fetch' | 'baseURL'>,
  canaries: Canaries,
  { client: clientOptions, limitsPass, hurries }: Omit<LeakRunOptions, keyof CallOptions> = {},
): WatchedClient {
  const sinks = openLeakSinks(telemetry);
  const clean = new Set<string>();
  let closed: CallFacts[] = [];
  const client = new CometAPI(
    {
      ...privateOptions(canaries),
      ...sinks.options,
      ...upstream,
      ...clientOptions,
      observers: [
        ...(clientOptions?.observers ?? sinks.options.observers ?? []),
        { callClosed: (facts) => void closed.push(facts) },
      ],
    },
    { clock: createHurriedClock({ limitsPass, hurries }), chance: systemChance },
  );
  return {
    async run(call) {
      const outcomes = await makeEveryCall(client, canaries, sinks, call);
      if (call?.only === undefined) {
        renderRecords(client, closed, canaries, sinks);
      }
      closed = [];
      const { texts, ownIds } = await sinks.drain();
      return { leaks: findLeaks(texts, canaries.all(), { clean, ownIds }), outcomes, texts };
    },
    records: () => client.records.stats(),
    close: () => sinks.close(),
  };
}

/** The records a person files, with notes that quote the key. */
function renderRecords(client: CometAPI, calls: readonly CallFacts[], canaries: Canaries, sinks: LeakSinks): void {
  const notes = `It answered ${canaries.apiKey} to me.`;
  for (const facts of calls) {
    for (const render of [client.records.usageTrace, client.records.retryEvidence]) {
      try {
        const { json, yaml } = render(facts, { notes });
        sinks.take('rendered record', json);
        sinks.take('rendered record', yaml);
      } catch (error) {
        // A record that would hold the key is refused, and says so without it.
        sinks.printError(error);
      }
    }
  }
}

/** Makes every call with something private everywhere, and looks for it in everything that leaves. */
export async function runLeaks(
  telemetry: RecordingTelemetry,
  upstream: Pick<ClientOptions, 'fetch' | 'baseURL'>,
  canaries: Canaries,
  options: LeakRunOptions = {},
): Promise<LeakRun> {
  const watched = watchClient(telemetry, upstream, canaries, options);
  try {
    return await watched.run(options);
  } finally {
    watched.close();
  }
}

/** The same against a scenario of the simulator, in memory. */
export async function runScenario(
  telemetry: RecordingTelemetry,
  scenario: Scenario,
  canaries: Canaries,
  options: LeakRunOptions = {},
): Promise<LeakRun & { readonly requests: readonly RecordedRequest[] }> {
  const simulator = createSimulator({ scenario, apiKeys: [canaries.apiKey] });
  try {
    const run = await runLeaks(telemetry, { fetch: fetchOf(simulator, canaries) }, canaries, options);
    return { ...run, requests: simulator.requests };
  } finally {
    await simulator.close();
  }
}

/** The simulator knows the documented paths only. */
export function fetchOf(simulator: Simulator, canaries: Canaries): Fetch {
  return (input, init) => simulator.fetch(String(input).replace(`/${canaries.word('base URL path')}`, ''), init);
}
