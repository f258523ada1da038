import { systemRandom } from '../../src/call/clock';
import { CometAPI } from '../../src/client';
import type { ClientOptions, Fetch } from '../../src/config/options';
import type { CallFacts } from '../../src/facts/call-facts';
import type { RecordStats } from '../../src/record-file/record-sink';
import type { RecordedRequest } from '../../src/simulator/recorded-request';
import type { Scenario } from '../../src/simulator/scenarios/scenario';
import { createSimulator, type Simulator } from '../../src/simulator/simulator';
import { type CallOptions, type CallOutcome, makeEveryCall } from './leak-calls';
import type { Canaries } from './leak-canaries';
import { type ClockOptions, createHurriedClock } from './leak-clock';
import { privateOptions } from './leak-requests';
import { findLeaks, type Leak, type SinkText } from './leak-scanner';
import { type LeakSinks, openLeakSinks } from './leak-sinks';
import type { RecordingTelemetry } from './recording-telemetry';

/** The result of all calls to one server. */
export interface LeakRun {
  /** The canaries that were found in a sink. */
  readonly leaks: readonly Leak[];
  readonly outcomes: readonly CallOutcome[];
  /** Everything that the sinks captured, for positive controls. */
  readonly texts: readonly SinkText[];
}

export interface LeakRunOptions extends CallOptions, ClockOptions {
  /** Options that override the private client options. */
  readonly client?: ClientOptions;
}

/** A client with all its sinks captured. */
export interface WatchedClient {
  /** Makes every call, and searches everything that was captured meanwhile. */
  run(call?: CallOptions): Promise<LeakRun>;
  /** Statistics of the record file. */
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
    { clock: createHurriedClock({ limitsPass, hurries }), randomSource: systemRandom },
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

/** Renders the records that a person creates, with notes that quote the key. */
function renderRecords(client: CometAPI, calls: readonly CallFacts[], canaries: Canaries, sinks: LeakSinks): void {
  const notes = `It answered ${canaries.apiKey} to me.`;
  for (const facts of calls) {
    for (const render of [client.records.usageTrace, client.records.retryEvidence]) {
      try {
        const { json, yaml } = render(facts, { notes });
        sinks.take('rendered record', json);
        sinks.take('rendered record', yaml);
      } catch (error) {
        // A record that would contain the key is refused. The error must not contain the key.
        sinks.printError(error);
      }
    }
  }
}

/** Makes every call with canaries in every place, and searches all sinks for them. */
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

/** Like {@link runLeaks}, with a scenario of the simulator, in memory. */
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

/** Removes the canary from the base path, because the simulator accepts only the documented paths. */
export function fetchOf(simulator: Simulator, canaries: Canaries): Fetch {
  return (input, init) => simulator.fetch(String(input).replace(`/${canaries.word('base URL path')}`, ''), init);
}
