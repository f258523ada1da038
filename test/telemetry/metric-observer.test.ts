import { metrics } from '@opentelemetry/api';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTelemetry } from '../../src/telemetry/telemetry';
import {
  aCall,
  aFailedAttempt,
  aModel,
  anAttempt,
  anAttribute,
  closedCall,
  playCall,
  RESPONSE,
} from '../support/facts';
import { type RecordingTelemetry, startRecordingTelemetry } from '../support/recording-telemetry';

const SETTINGS = { urlTemplate: true, propagate: false, httpDurationMetric: true };
const HTTP = {
  'http.request.method': 'POST',
  'url.template': '/v1/chat/completions',
  'server.address': 'api.cometapi.com',
  'server.port': 443,
};
const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5.1',
  'gen_ai.response.model': 'gpt-5.1-2026-01-15',
  'server.address': 'api.cometapi.com',
  'server.port': 443,
};
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

let sdk: RecordingTelemetry;

beforeEach(() => {
  sdk = startRecordingTelemetry();
});

afterEach(() => sdk.shutdown());

test('a stream with one retry adds one value per request or call to each histogram', async () => {
  const { observers } = createTelemetry(SETTINGS);
  playCall(
    observers,
    closedCall(aCall({ stream: true, attributes: [anAttribute('team', 'search')] }), {
      durationMs: 4200,
      timeToFirstChunkMs: 310,
      attempts: [
        anAttempt({
          status: 429,
          errorType: '429',
          durationMs: 120,
          decision: 'retried',
          because: 'retryable_status',
          delayMs: 1500,
          delayOrigin: 'retry_after',
        }),
        anAttempt({ index: 2, durationMs: 300 }),
      ],
    }),
  );

  expect(shapes(await sdk.metrics())).toEqual([
    {
      name: 'http.client.request.duration',
      unit: 's',
      boundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      points: [
        { count: 1, sum: 0.12, attributes: { ...HTTP, 'http.response.status_code': 429, 'error.type': '429' } },
        { count: 1, sum: 0.3, attributes: { ...HTTP, 'http.response.status_code': 200 } },
      ],
    },
    { name: 'gen_ai.client.operation.duration', unit: 's', boundaries: SECONDS, points: [one(4.2, CHAT)] },
    {
      name: 'gen_ai.client.token.usage',
      unit: '{token}',
      boundaries: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
      points: [one(21, { ...CHAT, 'gen_ai.token.type': 'input' }), one(9, { ...CHAT, 'gen_ai.token.type': 'output' })],
    },
    { name: 'gen_ai.client.operation.time_to_first_chunk', unit: 's', boundaries: SECONDS, points: [one(0.31, CHAT)] },
    {
      name: 'cometapi.client.attempts',
      unit: '{attempt}',
      boundaries: [1, 2, 3, 4, 5],
      points: [one(2, { 'cometapi.endpoint.family': 'cometapi-text-chat', 'cometapi.call.ending': 'completed' })],
    },
    {
      name: 'cometapi.client.retry.delay',
      unit: 's',
      boundaries: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120],
      points: [
        one(1.5, { 'cometapi.endpoint.family': 'cometapi-text-chat', 'cometapi.retry.reason': 'retryable_status' }),
      ],
    },
  ]);
});

test('a failure is measured with its error type, and without tokens if none were reported', async () => {
  const { observers } = createTelemetry(SETTINGS);
  const {
    response: _response,
    status: _status,
    ...facts
  } = closedCall(aCall(), {
    ending: 'failed',
    endingReason: 'connection',
    errorType: 'connection_refused',
    attempts: [aFailedAttempt({ errorType: 'connection_refused', durationMs: 5 })],
  });
  playCall(observers, facts);

  const { 'gen_ai.response.model': _model, ...chat } = CHAT;
  const measured = shapes(await sdk.metrics());
  expect(measured.map(({ name, points }) => [name, points])).toEqual([
    ['http.client.request.duration', [one(0.005, { ...HTTP, 'error.type': 'connection_refused' })]],
    ['gen_ai.client.operation.duration', [one(0.3, { ...chat, 'error.type': 'connection_refused' })]],
    [
      'cometapi.client.attempts',
      [one(1, { 'cometapi.endpoint.family': 'cometapi-text-chat', 'cometapi.call.ending': 'failed' })],
    ],
  ]);
});

test('token usage is measured only for the reported direction, and 0 counts', async () => {
  const { observers } = createTelemetry(SETTINGS);
  playCall(observers, closedCall(aCall(), { response: { ...RESPONSE, usage: { outputTokens: 0 } } }));
  const usage = shapes(await sdk.metrics()).find(({ name }) => name === 'gen_ai.client.token.usage');
  expect(usage?.points).toEqual([one(0, { ...CHAT, 'gen_ai.token.type': 'output' })]);
});

test('a call without a GenAI span has HTTP durations and attempts, but no GenAI metrics', async () => {
  const { observers } = createTelemetry(SETTINGS);
  playCall(observers, closedCall(aCall({ family: 'cometapi-models', method: 'GET', routeTemplate: '/v1/models' })));
  playCall(observers, closedCall(aCall({ family: 'cometapi-other', routeTemplate: '_OTHER' }), { attempts: [] }));
  const { 'url.template': _template, ...http } = HTTP;
  expect(shapes(await sdk.metrics()).map(({ name, points }) => [name, points])).toEqual([
    [
      'http.client.request.duration',
      [
        one(0.25, {
          ...http,
          'http.request.method': 'GET',
          'url.template': '/v1/models',
          'http.response.status_code': 200,
        }),
      ],
    ],
    [
      'cometapi.client.attempts',
      [one(1, { 'cometapi.endpoint.family': 'cometapi-models', 'cometapi.call.ending': 'completed' })],
    ],
  ]);
});

test('options turn off the route template and the duration metric', async () => {
  const quiet = createTelemetry({ ...SETTINGS, httpDurationMetric: false });
  playCall(quiet.observers, closedCall(aCall()));
  expect((await sdk.metrics()).map((metric) => metric.descriptor.name)).not.toContain('http.client.request.duration');

  sdk.reset();
  const bare = createTelemetry({ ...SETTINGS, urlTemplate: false });
  playCall(bare.observers, closedCall(aCall()));
  const duration = shapes(await sdk.metrics()).find(({ name }) => name === 'http.client.request.duration');
  const { 'url.template': _template, ...http } = HTTP;
  expect(duration?.points).toEqual([one(0.25, { ...http, 'http.response.status_code': 200 })]);
});

test('after 100 models of a client, further models are _OTHER on metrics and unchanged on spans', async () => {
  const { observers } = createTelemetry(SETTINGS);
  for (let index = 0; index < 150; index++) {
    const model = aModel(`model-${index}`);
    playCall(observers, closedCall(aCall({ request: { ...aCall().request, model } }), { response: { model } }));
  }
  playCall(createTelemetry(SETTINGS).observers, closedCall(aCall(), { response: {} }));

  const duration = shapes(await sdk.metrics()).find(({ name }) => name === 'gen_ai.client.operation.duration');
  const counts = duration?.points.map(({ count, attributes }) => [attributes['gen_ai.request.model'], count]);
  expect(counts).toEqual([
    ...Array.from({ length: 100 }, (_, index) => [`model-${index}`, 1]),
    ['_OTHER', 50],
    ['gpt-5.1', 1],
  ]);
  expect(sdk.spans().filter((span) => span.name === 'chat model-149')).toHaveLength(1);
});

test('an SDK that starts after the first call of a client receives the later calls', async () => {
  const { observers } = createTelemetry(SETTINGS);
  metrics.disable();
  playCall(observers, closedCall(aCall()));
  sdk.reset();
  playCall(observers, closedCall(aCall()));
  const duration = shapes(await sdk.metrics()).find(({ name }) => name === 'gen_ai.client.operation.duration');
  expect(duration?.points).toEqual([one(0.3, CHAT)]);
});

test('a meter provider in the options replaces the global one', async () => {
  const other = startRecordingTelemetry({ contextManager: false });
  const { observers } = createTelemetry({ ...SETTINGS, meterProvider: other.meterProvider() });
  playCall(observers, closedCall(aCall()));
  expect([(await sdk.metrics()).length, (await other.metrics()).length]).toEqual([0, 4]);
});

interface Point {
  readonly count: number;
  readonly sum: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

function one(sum: number, attributes: Point['attributes']): Point {
  return { count: 1, sum, attributes };
}

function shapes(data: readonly MetricData[]) {
  return data.map((metric) => {
    if (metric.dataPointType !== DataPointType.HISTOGRAM) {
      throw new Error(`${metric.descriptor.name} is not a histogram`);
    }
    return {
      name: metric.descriptor.name,
      unit: metric.descriptor.unit,
      boundaries: metric.dataPoints[0]?.value.buckets.boundaries,
      points: metric.dataPoints.map(
        ({ value, attributes }): Point => ({ count: value.count, sum: value.sum ?? Number.NaN, attributes }),
      ),
    };
  });
}
