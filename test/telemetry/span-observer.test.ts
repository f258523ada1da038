import { context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTelemetry, type Telemetry } from '../../src/telemetry/telemetry';
import {
  aCall,
  aFailedAttempt,
  aModel,
  anAttempt,
  anAttribute,
  anIdentifier,
  closedCall,
  playCall,
  RESPONSE,
} from '../support/facts';
import { type RecordingTelemetry, startRecordingTelemetry } from '../support/recording-telemetry';
import { spanShapes } from '../support/span-shape';

const SETTINGS = { urlTemplate: true, propagate: false, httpDurationMetric: true };
const HTTP = {
  'http.request.method': 'POST',
  'url.template': '/v1/chat/completions',
  'server.address': 'api.cometapi.com',
  'server.port': 443,
  'url.full': 'https://api.cometapi.com/v1/chat/completions',
};
const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-5.1',
  'server.address': 'api.cometapi.com',
  'server.port': 443,
  'openai.api.type': 'chat_completions',
};
const ANSWER = {
  'gen_ai.response.id': 'chatcmpl-fixture-1',
  'gen_ai.response.model': 'gpt-5.1-2026-01-15',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 21,
  'gen_ai.usage.output_tokens': 9,
};

let sdk: RecordingTelemetry;
let telemetry: Telemetry;

beforeEach(() => {
  sdk = startRecordingTelemetry();
  telemetry = createTelemetry(SETTINGS);
});

afterEach(() => sdk.shutdown());

describe('the span tree of a call', () => {
  test('has a GenAI span without an error over three sibling attempts if the third attempt succeeds', () => {
    playCall(
      telemetry.observers,
      closedCall(aCall(), {
        attempts: [
          anAttempt({
            status: 503,
            errorType: '503',
            category: 'server_error',
            decision: 'retried',
            because: 'retryable_status',
            delayMs: 420,
          }),
          aFailedAttempt({
            index: 2,
            errorType: 'connection_reset',
            decision: 'retried',
            because: 'retryable_transport_failure',
            delayMs: 1000,
          }),
          anAttempt({ index: 3 }),
        ],
      }),
    );

    expect(spanShapes(sdk.spans())).toEqual([
      {
        name: 'POST /v1/chat/completions',
        kind: 'CLIENT',
        parent: 'chat gpt-5.1',
        status: 'ERROR',
        attributes: {
          ...HTTP,
          'http.response.status_code': 503,
          'error.type': '503',
          'cometapi.retry.decision': 'retried',
          'cometapi.retry.reason': 'retryable_status',
          'cometapi.retry.delay': 0.42,
        },
      },
      {
        name: 'POST /v1/chat/completions',
        kind: 'CLIENT',
        parent: 'chat gpt-5.1',
        status: 'ERROR',
        attributes: {
          ...HTTP,
          'http.request.resend_count': 1,
          'error.type': 'connection_reset',
          'cometapi.retry.decision': 'retried',
          'cometapi.retry.reason': 'retryable_transport_failure',
          'cometapi.retry.delay': 1,
        },
      },
      {
        name: 'POST /v1/chat/completions',
        kind: 'CLIENT',
        parent: 'chat gpt-5.1',
        status: 'UNSET',
        attributes: { ...HTTP, 'http.request.resend_count': 2, 'http.response.status_code': 200 },
      },
      {
        name: 'chat gpt-5.1',
        kind: 'CLIENT',
        parent: 'none',
        status: 'UNSET',
        attributes: {
          ...CHAT,
          ...ANSWER,
          'cometapi.call.ending': 'completed',
          'cometapi.call.ending_reason': 'body_complete',
          'cometapi.call.attempts': 3,
        },
      },
    ]);
  });

  test('has the error type of the last attempt if all attempts failed', () => {
    const last = anAttempt({
      status: 401,
      errorType: '401',
      category: 'auth_rejected',
      because: 'final_status',
      decision: 'not_retried',
    });
    const { response: _response, ...facts } = closedCall(aCall(), {
      attempts: [last],
      ending: 'failed',
      endingReason: 'http_status',
      category: 'auth_rejected',
      errorType: '401',
      status: 401,
    });
    playCall(telemetry.observers, facts);

    expect(spanShapes(sdk.spans()).map(({ name, status, attributes }) => [name, status, attributes])).toEqual([
      [
        'POST /v1/chat/completions',
        'ERROR',
        {
          ...HTTP,
          'http.response.status_code': 401,
          'error.type': '401',
          'cometapi.retry.decision': 'not_retried',
          'cometapi.retry.reason': 'final_status',
        },
      ],
      [
        'chat gpt-5.1',
        'ERROR',
        {
          ...CHAT,
          'error.type': '401',
          'cometapi.call.ending': 'failed',
          'cometapi.call.ending_reason': 'http_status',
          'cometapi.call.attempts': 1,
        },
      ],
    ]);
  });

  test('has the error of a truncated stream on the GenAI span only: the attempt ended with its headers', () => {
    playCall(
      telemetry.observers,
      closedCall(aCall({ stream: true }), {
        timeToFirstChunkMs: 310,
        ending: 'failed',
        endingReason: 'stream_truncated',
        category: 'truncated_stream',
        errorType: 'stream_truncated',
        phase: 'stream',
      }),
    );

    expect(spanShapes(sdk.spans()).map(({ name, status, attributes }) => [name, status, attributes])).toEqual([
      ['POST /v1/chat/completions', 'UNSET', { ...HTTP, 'http.response.status_code': 200 }],
      [
        'chat gpt-5.1',
        'ERROR',
        {
          ...CHAT,
          ...ANSWER,
          'gen_ai.request.stream': true,
          'gen_ai.response.time_to_first_chunk': 0.31,
          'error.type': 'stream_truncated',
          'cometapi.call.ending': 'failed',
          'cometapi.call.ending_reason': 'stream_truncated',
          'cometapi.call.attempts': 1,
        },
      ],
    ]);
  });

  test.each([
    { ending: 'cancelled', endingReason: 'caller_abort' },
    { ending: 'abandoned', endingReason: 'never_read' },
  ] as const)('ends every open span once and without an error if the call is $ending', ({ ending, endingReason }) => {
    const call = aCall();
    for (const observer of telemetry.observers) {
      observer.callOpened?.(call);
      observer.attemptOpened?.(call, { index: 1, startOffsetMs: 0 });
    }
    const { response: _response, status: _status, ...facts } = closedCall(call, { attempts: [], ending, endingReason });
    for (const observer of telemetry.observers) {
      observer.callClosed?.(facts);
      observer.callClosed?.(facts);
      observer.attemptClosed?.(call, anAttempt());
    }

    expect(spanShapes(sdk.spans())).toEqual([
      { name: 'POST /v1/chat/completions', kind: 'CLIENT', parent: 'chat gpt-5.1', status: 'UNSET', attributes: HTTP },
      {
        name: 'chat gpt-5.1',
        kind: 'CLIENT',
        parent: 'none',
        status: 'UNSET',
        attributes: {
          ...CHAT,
          'cometapi.call.ending': ending,
          'cometapi.call.ending_reason': endingReason,
          'cometapi.call.attempts': 0,
        },
      },
    ]);
    expect(sdk.openSpans()).toEqual([]);
  });

  test('ends the correct span if an attempt closes after the next one was opened', () => {
    const call = aCall();
    const facts = closedCall(call, {
      attempts: [
        aFailedAttempt({ errorType: 'timeout', decision: 'retried', because: 'header_timeout', delayMs: 50 }),
        anAttempt({ index: 2 }),
      ],
    });
    for (const observer of telemetry.observers) {
      observer.callOpened?.(call);
      observer.attemptOpened?.(call, { index: 1, startOffsetMs: 0 });
      observer.attemptOpened?.(call, { index: 2, startOffsetMs: 0 });
      facts.attempts.forEach((attempt) => {
        observer.attemptClosed?.(call, attempt);
      });
      observer.callClosed?.(facts);
    }

    expect(sdk.spans().map((span) => [span.name, span.attributes['error.type']])).toEqual([
      ['POST /v1/chat/completions', 'timeout'],
      ['POST /v1/chat/completions', undefined],
      ['chat gpt-5.1', undefined],
    ]);
  });

  test('without a GenAI span has sibling attempts under the span of the caller, with the user attributes', () => {
    const caller = trace.getTracer('application').startSpan('application work');
    context.with(trace.setSpan(context.active(), caller), () =>
      playCall(
        telemetry.observers,
        closedCall(
          aCall({
            family: 'cometapi-models',
            method: 'GET',
            routeTemplate: '/v1/models',
            attributes: [anAttribute('team', 'search')],
          }),
          { attempts: [anAttempt({ status: 503, errorType: '503' }), anAttempt({ index: 2 })] },
        ),
      ),
    );
    caller.end();

    expect(spanShapes(sdk.spans()).map(({ name, parent }) => [name, parent])).toEqual([
      ['GET /v1/models', 'application work'],
      ['GET /v1/models', 'application work'],
      ['application work', 'none'],
    ]);
    expect(sdk.spans().map((span) => span.attributes['team'])).toEqual(['search', 'search', undefined]);
  });

  test('has the user attributes on the GenAI span and not on its attempts', () => {
    playCall(telemetry.observers, closedCall(aCall({ attributes: [anAttribute('team', 'search')] })));
    expect(sdk.spans().map((span) => [span.name, span.attributes['team']])).toEqual([
      ['POST /v1/chat/completions', undefined],
      ['chat gpt-5.1', 'search'],
    ]);
  });

  test.each([
    { family: 'cometapi-anthropic-messages', routeTemplate: '/v1/messages/count_tokens', method: 'POST' },
    { family: 'cometapi-text-responses', routeTemplate: '/v1/responses', method: 'GET' },
    { family: 'cometapi-other', routeTemplate: '_OTHER', method: '_OTHER' },
  ] as const)('has only an HTTP span for $method $routeTemplate', (given) => {
    playCall(telemetry.observers, closedCall(aCall(given)));
    const bare = given.method === '_OTHER' ? 'HTTP' : `${given.method} ${given.routeTemplate}`;
    expect(sdk.spans().map((span) => span.name)).toEqual([bare]);
  });
});

describe('span attributes', () => {
  test('include parameters of 0, but omit one choice and the service tier auto', () => {
    const request = {
      ...aCall().request,
      temperature: 0,
      topP: 0,
      seed: 0,
      maxTokens: 64,
      frequencyPenalty: 0,
      presencePenalty: -0.5,
      choiceCount: 1,
      serviceTier: 'auto',
      outputType: 'json',
    } as const;
    playCall(telemetry.observers, closedCall(aCall({ request })));
    expect(sdk.spans().at(-1)?.attributes).toEqual({
      ...CHAT,
      ...ANSWER,
      'gen_ai.request.temperature': 0,
      'gen_ai.request.top_p': 0,
      'gen_ai.request.seed': 0,
      'gen_ai.request.max_tokens': 64,
      'gen_ai.request.frequency_penalty': 0,
      'gen_ai.request.presence_penalty': -0.5,
      'gen_ai.output.type': 'json',
      'cometapi.call.ending': 'completed',
      'cometapi.call.ending_reason': 'body_complete',
      'cometapi.call.attempts': 1,
    });
  });

  test('of an Anthropic call omit openai attributes and add cached tokens to the input', () => {
    playCall(
      telemetry.observers,
      closedCall(
        aCall({
          family: 'cometapi-anthropic-messages',
          routeTemplate: '/v1/messages',
          request: { ...aCall().request, model: aModel('claude-5'), serviceTier: 'priority' },
        }),
        {
          response: {
            ...RESPONSE,
            serviceTier: 'priority',
            systemFingerprint: anIdentifier('fingerprint', 'fp_1'),
            usage: { inputTokens: 10, outputTokens: 5, cacheReadInputTokens: 4000, cacheCreationInputTokens: 200 },
          },
        },
      ),
    );
    expect(sdk.spans().at(-1)?.attributes).toEqual({
      ...CHAT,
      ...ANSWER,
      'openai.api.type': undefined,
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-5',
      'gen_ai.usage.input_tokens': 4210,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 4000,
      'gen_ai.usage.cache_creation.input_tokens': 200,
      'cometapi.call.ending': 'completed',
      'cometapi.call.ending_reason': 'body_complete',
      'cometapi.call.attempts': 1,
    });
  });

  test('of a Responses call include its interface, tier and fingerprint', () => {
    playCall(
      telemetry.observers,
      closedCall(
        aCall({
          family: 'cometapi-text-responses',
          routeTemplate: '/v1/responses',
          request: { ...aCall().request, serviceTier: 'flex', choiceCount: 2 },
        }),
        {
          response: {
            ...RESPONSE,
            finishReasons: ['completed'],
            serviceTier: 'default',
            systemFingerprint: anIdentifier('fingerprint', 'fp_44709d6fcb'),
            usage: { inputTokens: 21, outputTokens: 9, reasoningOutputTokens: 7, cacheReadInputTokens: 0 },
          },
        },
      ),
    );
    expect(sdk.spans().at(-1)?.attributes).toMatchObject({
      'openai.api.type': 'responses',
      'openai.request.service_tier': 'flex',
      'openai.response.service_tier': 'default',
      'openai.response.system_fingerprint': 'fp_44709d6fcb',
      'gen_ai.request.choice.count': 2,
      'gen_ai.response.finish_reasons': ['completed'],
      'gen_ai.usage.reasoning.output_tokens': 7,
      'gen_ai.usage.cache_read.input_tokens': 0,
    });
  });

  test('and the span name contain _OTHER if the model is missing or not a plain name', () => {
    const { model: _model, ...request } = aCall().request;
    playCall(telemetry.observers, closedCall(aCall({ request })));
    playCall(telemetry.observers, closedCall(aCall({ request: { ...request, model: aModel('ft:gpt:acme::1') } })));
    expect(
      sdk
        .spans()
        .filter((span) => span.name.startsWith('chat'))
        .map((span) => [span.name, span.attributes['gen_ai.request.model']]),
    ).toEqual([
      ['chat _OTHER', '_OTHER'],
      ['chat _OTHER', '_OTHER'],
    ]);
  });

  test('omit the route template if it is turned off, and then the span name is only the method', () => {
    telemetry = createTelemetry({ ...SETTINGS, urlTemplate: false });
    playCall(telemetry.observers, closedCall(aCall()));
    expect(sdk.spans().map((span) => [span.name, 'url.template' in span.attributes])).toEqual([
      ['POST', false],
      ['chat gpt-5.1', false],
    ]);
  });

  test('that are known at the start are visible to samplers', async () => {
    await sdk.shutdown();
    const seen: unknown[] = [];
    sdk = startRecordingTelemetry({
      sampler: {
        shouldSample(_context, _traceId, name, _kind, attributes) {
          seen.push([name, attributes]);
          return { decision: 2 };
        },
        toString: () => 'seeing',
      },
    });
    playCall(telemetry.observers, closedCall(aCall({ stream: true })));
    expect(seen).toEqual([
      ['chat gpt-5.1', { ...CHAT, 'gen_ai.request.stream': true }],
      ['POST /v1/chat/completions', HTTP],
    ]);
  });

  test('come with the scope: package name, version and schema of the conventions', async () => {
    playCall(telemetry.observers, closedCall(aCall()));
    const scope = {
      name: 'cometapi-otel',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      schemaUrl: 'https://opentelemetry.io/schemas/1.41.1',
    };
    expect(sdk.spans().map((span) => span.instrumentationScope)).toMatchObject([scope, scope]);
    expect((await sdk.resourceMetrics()).scopeMetrics.map((metric) => metric.scope)).toMatchObject([scope]);
    expect(sdk.logRecords().map((record) => record.instrumentationScope)).toMatchObject([scope]);
  });
});

describe('context', () => {
  const CALLERS = createContextKey('caller');

  test('the parent is the context at the start of the call, even if the call continues in another context', () => {
    const caller = trace.getTracer('application').startSpan('application work');
    const other = trace.getTracer('application').startSpan('other work');
    const call = aCall();
    const facts = closedCall(call);
    context.with(trace.setSpan(context.active(), caller), () => {
      for (const observer of telemetry.observers) {
        observer.callOpened?.(call);
      }
    });
    context.with(trace.setSpan(context.active(), other), () => {
      for (const observer of telemetry.observers) {
        observer.attemptOpened?.(call, { index: 1, startOffsetMs: 0 });
        observer.attemptClosed?.(call, anAttempt());
        observer.callClosed?.(facts);
      }
    });
    caller.end();
    expect(spanShapes(sdk.spans()).map(({ name, parent }) => [name, parent])).toEqual([
      ['POST /v1/chat/completions', 'chat gpt-5.1'],
      ['chat gpt-5.1', 'application work'],
      ['application work', 'none'],
    ]);
  });

  test('the request is sent in the context of its attempt, with other instrumentations suppressed', () => {
    const call = aCall();
    context.with(ROOT_CONTEXT.setValue(CALLERS, 'kept'), () => openAttempt(call));

    const inside = telemetry.trace.aroundAttempt(call, 1, (traceparent) => {
      const nested = trace.getTracer('undici').startSpan('POST');
      const active = trace.getActiveSpan()?.spanContext();
      return { traceparent, recording: nested.isRecording(), active, callers: context.active().getValue(CALLERS) };
    });
    close(call);

    expect(inside).toEqual({
      traceparent: undefined,
      recording: false,
      active: sdk.spans()[0]?.spanContext(),
      callers: 'kept',
    });
    expect(sdk.spans().map((span) => span.name)).toEqual(['POST /v1/chat/completions', 'chat gpt-5.1']);
  });

  test('with propagation, each attempt sends the traceparent of its own span', () => {
    telemetry = createTelemetry({ ...SETTINGS, propagate: true });
    const call = aCall();
    openAttempt(call);
    const traceparent = telemetry.trace.aroundAttempt(call, 1, (header) => header);
    close(call);
    const ids = sdk.spans()[0]?.spanContext();
    expect(traceparent).toBe(`00-${ids?.traceId}-${ids?.spanId}-${`0${ids?.traceFlags.toString(16)}`.slice(-2)}`);
  });

  test('the result or error of sending is returned unchanged and not recorded on the span', () => {
    const call = aCall();
    openAttempt(call);
    const failure = new TypeError('fetch failed');
    expect(() =>
      telemetry.trace.aroundAttempt(call, 1, () => {
        throw failure;
      }),
    ).toThrow(failure);
    const sent = Promise.resolve();
    expect(telemetry.trace.aroundAttempt(call, 1, () => sent)).toBe(sent);
    expect(telemetry.trace.aroundAttempt(aCall(), 1, (traceparent) => traceparent)).toBeUndefined();
    close(call);
    expect(spanShapes(sdk.spans()).map(({ status }) => status)).toEqual(['UNSET', 'UNSET']);
    expect(JSON.stringify(sdk.spans().map(({ events, attributes }) => [events, attributes]))).not.toContain(
      'fetch failed',
    );
  });

  test('in a suppressed context, nothing is recorded and the request is still sent', async () => {
    const suppressed = ROOT_CONTEXT.setValue(createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING'), true);
    const call = aCall();
    const sent = context.with(suppressed, () => {
      openAttempt(call);
      return telemetry.trace.aroundAttempt(call, 1, () => 'sent');
    });
    const ids = telemetry.trace.spanIds(call);
    close(call);
    expect({ sent, ids, spans: sdk.spans(), metrics: await sdk.metrics(), records: sdk.logRecords() }).toEqual({
      sent: 'sent',
      ids: undefined,
      spans: [],
      metrics: [],
      records: [],
    });
  });

  test('the ids of a call are those of its GenAI span, or else of its last attempt', () => {
    const chat = aCall();
    const models = aCall({ family: 'cometapi-models', method: 'GET', routeTemplate: '/v1/models' });
    openAttempt(chat);
    openAttempt(models);
    const ids = [telemetry.trace.spanIds(chat), telemetry.trace.spanIds(models)];
    close(chat);
    close(models);
    expect([telemetry.trace.spanIds(chat), telemetry.trace.spanIds(models)]).toEqual([undefined, undefined]);

    const [, genAi, last] = sdk.spans().map((span) => span.spanContext());
    expect(ids).toEqual([
      { traceId: genAi?.traceId, spanId: genAi?.spanId },
      { traceId: last?.traceId, spanId: last?.spanId },
    ]);
  });

  function openAttempt(call: ReturnType<typeof aCall>): void {
    for (const observer of telemetry.observers) {
      observer.callOpened?.(call);
      observer.attemptOpened?.(call, { index: 1, startOffsetMs: 0 });
    }
  }

  function close(call: ReturnType<typeof aCall>): void {
    for (const observer of telemetry.observers) {
      observer.attemptClosed?.(call, anAttempt());
      observer.callClosed?.(closedCall(call));
    }
  }
});
