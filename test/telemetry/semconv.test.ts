import * as published from '@opentelemetry/semantic-conventions';
import * as incubating from '@opentelemetry/semantic-conventions/incubating';
import { expect, test } from 'vitest';
import * as semconv from '../../src/telemetry/semconv';

const PUBLISHED: Readonly<Record<string, unknown>> = published;
const INCUBATING: Readonly<Record<string, unknown>> = incubating;

test('stable names equal the published names', () => {
  const stable = Object.entries(semconv).filter(([key]) => key in PUBLISHED);
  expect(Object.fromEntries(stable)).toEqual({
    ATTR_ERROR_TYPE: 'error.type',
    ATTR_HTTP_REQUEST_METHOD: 'http.request.method',
    ATTR_HTTP_REQUEST_RESEND_COUNT: 'http.request.resend_count',
    ATTR_HTTP_RESPONSE_STATUS_CODE: 'http.response.status_code',
    ATTR_SERVER_ADDRESS: 'server.address',
    ATTR_SERVER_PORT: 'server.port',
    ATTR_URL_FULL: 'url.full',
    METRIC_HTTP_CLIENT_REQUEST_DURATION: 'http.client.request.duration',
  });
});

test('copied names are not stable yet, and equal the published names where these exist', () => {
  const copied = Object.entries(semconv).filter(([key]) => !(key in PUBLISHED) && !key.includes('COMETAPI'));
  expect(copied.length).toBeGreaterThan(25);
  for (const [key, name] of copied) {
    expect([key, INCUBATING[key] ?? name]).toEqual([key, name]);
  }
});

test('each constant is named after its value, and only our own names start with cometapi', () => {
  for (const [key, name] of Object.entries(semconv)) {
    const [, ...words] = key.toLowerCase().split('_');
    expect(name.replaceAll('.', '_')).toBe(words.join('_'));
    expect(name.startsWith('cometapi.')).toBe(key.includes('COMETAPI'));
  }
});
