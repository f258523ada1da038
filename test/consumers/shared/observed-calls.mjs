// Runs calls to the simulator under a started NodeSDK and checks the exported telemetry. Plain ESM, like user code.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as api from '@opentelemetry/api';
import { MetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import * as core from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';

const MODEL = 'simulated-model';
const PROMPT = `prompt-${crypto.randomUUID()}`;
const manifest = createRequire(import.meta.url)('cometapi-otel/package.json');

class Reader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

/** @param {{ expectLogs: boolean }} expected `expectLogs` is true if this API version supports log records */
export async function observedCalls({ expectLogs }) {
  const spans = [];
  const logs = [];
  const nothing = async () => {};
  const reader = new Reader();
  const sdk = new NodeSDK({
    autoDetectResources: false,
    instrumentations: [],
    metricReaders: [reader],
    spanProcessors: [{ onStart() {}, onEnd: (span) => spans.push(span), forceFlush: nothing, shutdown: nothing }],
    logRecordProcessors: [{ onEmit: (record) => logs.push(record), forceFlush: nothing, shutdown: nothing }],
  });
  sdk.start();
  assert.equal('logs' in api, expectLogs);

  // ESM and CommonJS builds in one process report to the same global API.
  const required = createRequire(import.meta.url)('cometapi-otel');
  assert.equal(required.default, required.CometAPI);
  for (const CometAPI of [core.CometAPI, required.CometAPI]) {
    spans.length = 0;
    logs.length = 0;
    await retriedCall(CometAPI, spans);
    await streamedCall(CometAPI, spans);
    assert.deepEqual(
      logs.map((record) => record.eventName),
      expectLogs ? ['cometapi.call', 'cometapi.call'] : [],
    );
    assert.ok(!JSON.stringify(spans.map(seen)).includes(PROMPT), 'no span contains the prompt');
  }

  const { resourceMetrics } = await reader.collect();
  const measured = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.map(({ descriptor }) => descriptor.name),
  );
  for (const name of [
    'gen_ai.client.operation.duration',
    'gen_ai.client.token.usage',
    'http.client.request.duration',
  ]) {
    assert.ok(measured.includes(name), `${name} was measured`);
  }
  await sdk.shutdown();
}

async function retriedCall(CometAPI, spans) {
  const simulator = createSimulator({ scenario: scenario.sequence(scenario.fail(503).times(1), scenario.ok()) });
  const { baseURL } = await simulator.listen();
  const client = new CometAPI({ apiKey: simulator.apiKey, baseURL, backoffBaseMs: 50, logLevel: 'off' });
  const answer = await client.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: PROMPT }] });
  assert.equal(typeof answer.choices[0].message.content, 'string');
  await simulator.close();

  const call = spans.at(-1);
  assert.deepEqual(spans.map(seen), [
    {
      name: 'POST /v1/chat/completions',
      kind: api.SpanKind.CLIENT,
      parent: call.spanContext().spanId,
      status: api.SpanStatusCode.ERROR,
      code: 503,
      resend: undefined,
      error: '503',
      model: undefined,
    },
    {
      name: 'POST /v1/chat/completions',
      kind: api.SpanKind.CLIENT,
      parent: call.spanContext().spanId,
      status: api.SpanStatusCode.UNSET,
      code: 200,
      resend: 1,
      error: undefined,
      model: undefined,
    },
    {
      name: `chat ${MODEL}`,
      kind: api.SpanKind.CLIENT,
      parent: undefined,
      status: api.SpanStatusCode.UNSET,
      code: undefined,
      resend: undefined,
      error: undefined,
      model: MODEL,
    },
  ]);
  assert.deepEqual(
    [call.instrumentationScope.name, call.instrumentationScope.version],
    [manifest.name, manifest.version],
  );
}

async function streamedCall(CometAPI, spans) {
  const before = spans.length;
  const simulator = createSimulator();
  const { baseURL } = await simulator.listen();
  const client = new CometAPI({ apiKey: simulator.apiKey, baseURL, logLevel: 'off' });
  const stream = await client.chat.completions.create({
    model: MODEL,
    messages: [{ role: 'user', content: PROMPT }],
    stream: true,
  });
  let text = '';
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  assert.notEqual(text, '');
  await simulator.close();
  assert.deepEqual(
    spans.slice(before).map((span) => span.name),
    ['POST /v1/chat/completions', `chat ${MODEL}`],
  );
}

function seen(span) {
  return {
    name: span.name,
    kind: span.kind,
    parent: span.parentSpanContext?.spanId,
    status: span.status.code,
    code: span.attributes['http.response.status_code'],
    resend: span.attributes['http.request.resend_count'],
    error: span.attributes['error.type'],
    model: span.attributes['gen_ai.request.model'],
  };
}
