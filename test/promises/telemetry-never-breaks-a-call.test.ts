import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import {
  type ContextManager,
  context,
  DiagLogLevel,
  diag,
  logs,
  type MeterProvider,
  metrics,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { TracerProvider as SdkTracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemRandom } from '../../src/call/clock';
import { CometAPI } from '../../src/client';
import type { Logger } from '../../src/config/logger';
import type { ClientOptions } from '../../src/config/options';
import type { CallObserver } from '../../src/facts/observer';
import { scenario } from '../../src/simulator/scenarios/scenarios';
import { createSimulator } from '../../src/simulator/simulator';
import { createHurriedClock } from '../support/leak-clock';
import { createSaboteur, empty, rejecting, throwing, untouchable } from '../support/leak-failing';
import { startRecordingTelemetry } from '../support/recording-telemetry';

const TEXT = 'The answer for the caller.';
const SCENARIOS = {
  answer: scenario.ok({ text: TEXT }),
  'retried answer': scenario.fail(503).then(scenario.ok({ text: TEXT })),
  refusal: scenario.fail(401),
  'truncated stream': scenario.truncatedStream(),
  'no connection': scenario.unreachable('ECONNREFUSED'),
};

type Outcomes = Readonly<Record<string, unknown>>;

/** The caller's results of a JSON call, a stream and a fetch, in each scenario. */
async function outcomes(options: ClientOptions, names = Object.keys(SCENARIOS)): Promise<Outcomes> {
  const found: Record<string, unknown> = {};
  for (const [name, what] of Object.entries(SCENARIOS).filter(([each]) => names.includes(each))) {
    const simulator = createSimulator({ scenario: what });
    // Replaces the platform's fetch, so that requests run in the context that telemetry creates.
    vi.stubGlobal('fetch', simulator.fetch);
    const client = new CometAPI(
      { apiKey: simulator.apiKey, logLevel: 'off', ...options },
      { clock: createHurriedClock(), randomSource: systemRandom },
    );
    const body = { model: 'simulated-model', messages: [{ role: 'user' as const, content: 'Hello' }] };
    found[`${name}, JSON`] = await outcome(
      async () => (await client.chat.completions.create(body)).choices[0]?.message.content,
    );
    simulator.use(what);
    found[`${name}, events`] = await outcome(async () => {
      let text = '';
      for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? '';
      }
      return text;
    });
    simulator.use(what);
    found[`${name}, fetch`] = await outcome(async () => {
      const response = await client.fetch(`${client.baseURL}/models`);
      return [response.status, (await response.text()).length];
    });
    found[`${name}, sent`] = simulator.requests.length;
    await simulator.close();
  }
  return found;
}

async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? [error.name, error.message] : error;
  }
}

let expected: Outcomes;
let directory: string;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeAll(async () => {
  expected = await outcomes({ telemetry: { enabled: false } });
  directory = mkdtempSync(join(tmpdir(), 'broken-'));
  process.on('unhandledRejection', onUnhandled);
});

afterEach(() => {
  for (const api of [diag, trace, metrics, logs, context]) {
    api.disable();
  }
  vi.unstubAllGlobals();
});

afterAll(() => {
  process.off('unhandledRejection', onUnhandled);
  rmSync(directory, { recursive: true });
});

async function expectUnbroken(options: ClientOptions, names?: string[]): Promise<void> {
  const found = await outcomes(options, names);
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, expected[name]])));
  // An unhandled rejection is reported in a later turn of the event loop.
  await turn();
  expect(unhandled.splice(0)).toEqual([]);
}

test('without telemetry, the calls have these results', () => {
  expect(expected).toMatchInlineSnapshot(`
    {
      "answer, JSON": "The answer for the caller.",
      "answer, events": "The answer for the caller.",
      "answer, fetch": [
        200,
        112,
      ],
      "answer, sent": 3,
      "no connection, JSON": [
        "APIConnectionError",
        "The connection was refused (after 3 attempts). Check baseURL and the proxy.",
      ],
      "no connection, events": [
        "APIConnectionError",
        "The connection was refused (after 3 attempts). Check baseURL and the proxy.",
      ],
      "no connection, fetch": [
        "TypeError",
        "fetch failed",
      ],
      "no connection, sent": 0,
      "refusal, JSON": [
        "AuthenticationError",
        "401 CometAPI refused the API key. Check apiKey or COMETAPI_API_KEY.",
      ],
      "refusal, events": [
        "AuthenticationError",
        "401 CometAPI refused the API key. Check apiKey or COMETAPI_API_KEY.",
      ],
      "refusal, fetch": [
        401,
        152,
      ],
      "refusal, sent": 3,
      "retried answer, JSON": "The answer for the caller.",
      "retried answer, events": "The answer for the caller.",
      "retried answer, fetch": [
        200,
        112,
      ],
      "retried answer, sent": 6,
      "truncated stream, JSON": "This is a simulated answer.",
      "truncated stream, events": [
        "StreamTruncatedError",
        "The stream ended early, so the answer is incomplete. Repeat the request.",
      ],
      "truncated stream, fetch": [
        200,
        112,
      ],
      "truncated stream, sent": 3,
    }
  `);
});

describe.each(Object.entries({ throwing, empty }))(
  'a %s provider, logger or observer does not change a call',
  (_kind, make) => {
    test('as tracer provider', () =>
      expectUnbroken({ telemetry: { tracerProvider: make<TracerProvider>(), propagate: true } }));

    test('as meter provider', () => expectUnbroken({ telemetry: { meterProvider: make<MeterProvider>() } }));

    test('as logger', () => expectUnbroken({ logger: make<Logger>(), logLevel: 'debug' }));

    test('as observer', () => expectUnbroken({ observers: [make<CallObserver>(), make<CallObserver>()] }));
  },
);

describe.each(Object.entries({ throwing, untouchable, empty }))('a %s object does not change a call', (_kind, make) => {
  test('as global providers and context manager', async () => {
    trace.setGlobalTracerProvider(make());
    metrics.setGlobalMeterProvider(make());
    logs.setGlobalLoggerProvider(make());
    // The API calls `disable` at the end of the test.
    const disable = {
      get: (target: ContextManager, name: string) => (name === 'disable' ? () => {} : Reflect.get(target, name)),
    };
    context.setGlobalContextManager(new Proxy<ContextManager>(make(), disable));
    await expectUnbroken({ telemetry: { propagate: true } });
  });

  test('as labels', () => expectUnbroken({ telemetry: { attributes: make() } }));
});

test('failing observers with a failing diag logger do not change a call', async () => {
  let isBroken = false;
  const line = (): void => {
    if (isBroken) {
      throw new Error('sabotaged');
    }
  };
  diag.setLogger({ error: line, warn: line, info: line, debug: line, verbose: line }, DiagLogLevel.ALL);
  isBroken = true;
  await expectUnbroken({ observers: [throwing<CallObserver>(), rejecting<CallObserver>()] });
  isBroken = false;
});

describe('a rejecting object does not change a call', () => {
  test('as logger', () => expectUnbroken({ logger: rejecting<Logger>(), logLevel: 'debug' }));

  test('as observer', () => expectUnbroken({ observers: [rejecting<CallObserver>()] }));
});

describe('an SDK with one fault does not change a call', () => {
  /** Runs calls with an SDK in which method call number `failAt` throws. Returns the number of method calls. */
  async function sabotaged(failAt?: number): Promise<number> {
    const sdk = startRecordingTelemetry({ contextManager: false });
    const saboteur = createSaboteur(failAt);
    logs.disable();
    logs.setGlobalLoggerProvider(saboteur.wrap(new LoggerProvider()));
    context.setGlobalContextManager(saboteur.wrap(new AsyncLocalStorageContextManager().enable()));
    const tracerProvider = saboteur.wrap(sdk.tracerProvider);
    const meterProvider = saboteur.wrap(sdk.meterProvider());
    await expectUnbroken({ telemetry: { tracerProvider, meterProvider, propagate: true } }, ['retried answer']);
    const { touches } = saboteur;
    saboteur.stop();
    await sdk.shutdown();
    return touches;
  }

  test('for a fault in any method call', async () => {
    const touches = await sabotaged();
    expect(touches).toBeGreaterThan(100);
    for (let failAt = 1; failAt <= touches; failAt++) {
      await sabotaged(failAt);
    }
  });

  test.each(['onStart', 'onEnd'] as const)('for a span processor that throws in %s', async (step) => {
    const processor = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
    const fail = (): never => {
      throw new Error('sabotaged');
    };
    trace.setGlobalTracerProvider(new SdkTracerProvider({ spanProcessors: [{ ...processor, [step]: fail }] }));
    await expectUnbroken({});
  });

  test('for a sampler that throws', async () => {
    trace.setGlobalTracerProvider(new SdkTracerProvider({ sampler: throwing() }));
    await expectUnbroken({});
  });
});

describe('a record file that cannot be written does not change a call', () => {
  const silent: Logger = empty();

  test.each<[string, () => string]>([
    ['a directory', () => directory],
    ['a device', () => '/dev/full'],
    [
      'a path below a file',
      () => {
        writeFileSync(join(directory, 'file'), '');
        return join(directory, 'file', 'records.jsonl');
      },
    ],
    ['a name that is too long', () => join(directory, 'x'.repeat(300))],
  ])('%s', (_name, path) => expectUnbroken({ recordFile: path(), logger: silent, logLevel: 'debug' }));

  test('and its warning cannot be logged', () =>
    expectUnbroken({ recordFile: directory, logger: rejecting(), logLevel: 'debug' }));
});
