import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTelemetry } from '../../src/telemetry/telemetry';
import { aCall, aFailedAttempt, anAttribute, closedCall, playCall } from '../support/facts';
import { type RecordingTelemetry, startRecordingTelemetry } from '../support/recording-telemetry';

const SETTINGS = { urlTemplate: true, propagate: false, httpDurationMetric: true };

let sdk: RecordingTelemetry;

beforeEach(() => {
  sdk = startRecordingTelemetry();
});

afterEach(async () => {
  vi.doUnmock('@opentelemetry/api');
  vi.resetModules();
  await sdk.shutdown();
});

test('a call with a GenAI span emits one event with the attributes and the trace of the span, without a body', () => {
  playCall(createTelemetry(SETTINGS).observers, closedCall(aCall({ attributes: [anAttribute('team', 'search')] })));
  const span = sdk.spans().at(-1);
  expect(events()).toEqual([
    {
      eventName: 'cometapi.call',
      severityNumber: 9,
      severityText: 'INFO',
      body: undefined,
      attributes: span?.attributes,
      spanId: span?.spanContext().spanId,
    },
  ]);
});

test('a failed call without a GenAI span emits a warning with route, status and error type', () => {
  const { response: _response, ...facts } = closedCall(
    aCall({ family: 'cometapi-models', method: 'GET', routeTemplate: '/v1/models' }),
    {
      attempts: [aFailedAttempt({ status: 401, errorType: '401', because: 'final_status' })],
      ending: 'failed',
      endingReason: 'http_status',
      status: 401,
      errorType: '401',
    },
  );
  playCall(createTelemetry(SETTINGS).observers, facts);
  expect(events()).toEqual([
    {
      eventName: 'cometapi.call',
      severityNumber: 13,
      severityText: 'WARN',
      body: undefined,
      attributes: {
        'http.request.method': 'GET',
        'url.template': '/v1/models',
        'server.address': 'api.cometapi.com',
        'server.port': 443,
        'http.response.status_code': 401,
        'error.type': '401',
        'cometapi.call.ending': 'failed',
        'cometapi.call.ending_reason': 'http_status',
        'cometapi.call.attempts': 1,
      },
      spanId: sdk.spans().at(-1)?.spanContext().spanId,
    },
  ]);
});

test('an API without logs causes no event and no error', async () => {
  vi.resetModules();
  vi.doMock('@opentelemetry/api', async (original) => {
    const { logs: _logs, SeverityNumber: _severity, ...api19 } = await original<Record<string, unknown>>();
    return api19;
  });
  const { createTelemetry: createUnder19 } = await import('../../src/telemetry/telemetry');
  playCall(createUnder19(SETTINGS).observers, closedCall(aCall()));
  expect([sdk.spans().length, sdk.logRecords().length]).toEqual([2, 0]);
});

function events() {
  return sdk.logRecords().map(({ eventName, severityNumber, severityText, body, attributes, spanContext }) => ({
    eventName,
    severityNumber,
    severityText,
    body,
    attributes,
    spanId: spanContext?.spanId,
  }));
}
