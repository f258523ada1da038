import { readFileSync } from 'node:fs';
import { logs, metrics, trace } from '@opentelemetry/api';
import { type MetricData, MetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { scenario } from '../../src/simulator/scenarios/scenarios';
import { createSimulator } from '../../src/simulator/simulator';

/*
 * This file tests with SDK 3, which is installed. `npm run test:consumers` tests the packed package with SDK 2 and SDK 3
 * (test/consumers/sdk-2 and sdk-3), on the oldest supported Node and the current one.
 */

function json(path: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return JSON.parse(readFileSync(path, 'utf8'));
}

const OBSERVED = {
  spans: ['POST /v1/chat/completions', 'POST /v1/chat/completions', 'chat simulated-model'],
  metrics: [
    'cometapi.client.attempts',
    'cometapi.client.retry.delay',
    'gen_ai.client.operation.duration',
    'gen_ai.client.token.usage',
    'http.client.request.duration',
  ],
};

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Makes a retried call with a started NodeSDK. Returns the names of spans, metrics and events. */
async function observed(): Promise<{ spans: string[]; metrics: string[]; events: (string | undefined)[] }> {
  const spans: ReadableSpan[] = [];
  const events: (string | undefined)[] = [];
  const reader = new Reader();
  const nothing = async (): Promise<void> => {};
  const sdk = new NodeSDK({
    autoDetectResources: false,
    instrumentations: [],
    metricReaders: [reader],
    spanProcessors: [{ onStart() {}, onEnd: (span) => spans.push(span), forceFlush: nothing, shutdown: nothing }],
    logRecordProcessors: [
      { onEmit: (record) => events.push(record.eventName), forceFlush: nothing, shutdown: nothing },
    ],
  });
  sdk.start();
  // A new import of the client uses the mocked API.
  const { CometAPI } = await import('../../src/client');
  const simulator = createSimulator({ scenario: scenario.fail(503).then(scenario.ok()) });
  const client = new CometAPI({ apiKey: simulator.apiKey, fetch: simulator.fetch, backoffBaseMs: 0, logLevel: 'off' });
  await client.chat.completions.create({ model: 'simulated-model', messages: [{ role: 'user', content: 'Hello' }] });
  const measured: MetricData[] = (await reader.collect()).resourceMetrics.scopeMetrics.flatMap(
    (scope) => scope.metrics,
  );
  await simulator.close();
  await sdk.shutdown();
  return {
    spans: spans.map(({ name }) => name),
    metrics: measured.map(({ descriptor }) => descriptor.name).sort(),
    events,
  };
}

afterEach(() => {
  for (const api of [trace, metrics, logs]) {
    api.disable();
  }
  vi.doUnmock('@opentelemetry/api');
  vi.resetModules();
});

describe('the installed SDK', () => {
  test('receives spans, metrics and an event', async () => {
    expect(json('node_modules/@opentelemetry/sdk-node/package.json')['version']).toMatch(/^0\.3\d\d\./);
    expect(await observed()).toEqual({ ...OBSERVED, events: ['cometapi.call'] });
  });

  test('receives everything except the event if the API has no logs, as in version 1.9', async () => {
    vi.resetModules();
    vi.doMock('@opentelemetry/api', async (importOriginal) => {
      const { logs: _logs, ...older } = await importOriginal<typeof import('@opentelemetry/api')>();
      return older;
    });
    expect(await observed()).toEqual({ ...OBSERVED, events: [] });
  });
});

describe('the consumer projects', () => {
  test.each([
    ['sdk-2', '1.9.', '0.2'],
    ['sdk-3', '1.10.', '0.3'],
  ])('pin matching versions of the API and the SDK: %s', (project, api, sdk) => {
    const dependencies = json(`test/consumers/${project}/package.json`)['dependencies'];
    expect(dependencies?.['@opentelemetry/api']?.startsWith(api)).toBe(true);
    expect(dependencies?.['@opentelemetry/sdk-node']?.startsWith(sdk)).toBe(true);
  });

  test('match the peer ranges in package.json', () => {
    expect(json('package.json')['peerDependencies']).toMatchObject({
      '@opentelemetry/api': '^1.9.0',
      '@opentelemetry/sdk-node': '>=0.200.0 <1',
    });
  });
});
