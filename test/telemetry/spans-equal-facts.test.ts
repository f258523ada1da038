import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttemptFacts, CallFacts, RequestFacts, ResponseFacts } from '../../src/facts/call-facts';
import { createTelemetry } from '../../src/telemetry/telemetry';
import { aCall, aModel, anAttempt, anAttribute, anIdentifier, closedCall, playCall } from '../support/facts';
import { type RecordingTelemetry, startRecordingTelemetry } from '../support/recording-telemetry';

let sdk: RecordingTelemetry;

beforeAll(() => {
  sdk = startRecordingTelemetry();
});

afterAll(() => sdk.shutdown());

test('the attributes of all spans equal the facts of the call', () => {
  const { observers } = createTelemetry({ urlTemplate: true, propagate: false, httpDurationMetric: true });
  fc.assert(
    fc.property(calls(), (facts) => {
      sdk.reset();
      playCall(observers, facts);
      const { isGenAi, attempts, call } = expectedSpans(facts);
      expect(sdk.spans().map((span) => [span.name, span.status.code, span.attributes])).toEqual([
        ...attempts,
        ...(isGenAi ? [call] : []),
      ]);
    }),
    { numRuns: 400 },
  );
});

/** A second, independent implementation of the conventions. */
function expectedSpans(facts: CallFacts) {
  const { request, response, family } = facts;
  const usage = response?.usage;
  const isAnthropic = family === 'cometapi-anthropic-messages';
  const isOpenai = family === 'cometapi-text-chat' || family === 'cometapi-text-responses';
  const isGenAi = isOpenai || isAnthropic;
  const own = Object.fromEntries(facts.attributes.map(({ name, value }) => [name, value]));
  const server = { 'server.address': facts.serverAddress, 'server.port': facts.serverPort };
  const model = request.model ?? '_OTHER';
  const cached = (usage?.cacheReadInputTokens ?? 0) + (usage?.cacheCreationInputTokens ?? 0);

  return {
    isGenAi,
    attempts: facts.attempts.map((attempt) => [
      facts.routeTemplate === '_OTHER' ? facts.method : `${facts.method} ${facts.routeTemplate}`,
      attempt.errorType === undefined ? 0 : 2,
      present({
        ...server,
        ...(isGenAi ? {} : own),
        'http.request.method': facts.method,
        'url.full': facts.urlFull,
        'url.template': facts.routeTemplate === '_OTHER' ? undefined : facts.routeTemplate,
        'http.request.resend_count': attempt.index === 1 ? undefined : attempt.index - 1,
        'http.response.status_code': attempt.status,
        'error.type': attempt.errorType,
        'cometapi.retry.decision': attempt.errorType && attempt.decision,
        'cometapi.retry.reason': attempt.errorType && attempt.because,
        'cometapi.retry.delay': inSeconds(attempt.delayMs),
      }),
    ]),
    call: [
      `chat ${model}`,
      facts.errorType === undefined ? 0 : 2,
      present({
        ...server,
        ...own,
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': isAnthropic ? 'anthropic' : 'openai',
        'gen_ai.request.model': model,
        'gen_ai.request.stream': facts.stream ? true : undefined,
        'gen_ai.request.choice.count': request.choiceCount === 1 ? undefined : request.choiceCount,
        'gen_ai.request.seed': request.seed,
        'gen_ai.request.max_tokens': request.maxTokens,
        'gen_ai.request.temperature': request.temperature,
        'gen_ai.request.top_p': request.topP,
        'gen_ai.request.frequency_penalty': request.frequencyPenalty,
        'gen_ai.request.presence_penalty': request.presencePenalty,
        'gen_ai.output.type': request.outputType,
        'gen_ai.response.id': response?.id,
        'gen_ai.response.model': response?.model,
        'gen_ai.response.finish_reasons': response?.finishReasons,
        'gen_ai.response.time_to_first_chunk': facts.stream ? inSeconds(facts.timeToFirstChunkMs) : undefined,
        'gen_ai.usage.input_tokens': add(usage?.inputTokens, isAnthropic ? cached : 0),
        'gen_ai.usage.output_tokens': usage?.outputTokens,
        'gen_ai.usage.cache_read.input_tokens': usage?.cacheReadInputTokens,
        'gen_ai.usage.cache_creation.input_tokens': usage?.cacheCreationInputTokens,
        'gen_ai.usage.reasoning.output_tokens': usage?.reasoningOutputTokens,
        'openai.api.type': isOpenai ? (family === 'cometapi-text-chat' ? 'chat_completions' : 'responses') : undefined,
        'openai.request.service_tier': isOpenai && request.serviceTier !== 'auto' ? request.serviceTier : undefined,
        'openai.response.service_tier': isOpenai ? response?.serviceTier : undefined,
        'openai.response.system_fingerprint': isOpenai ? response?.systemFingerprint : undefined,
        'error.type': facts.errorType,
        'cometapi.call.ending': facts.ending,
        'cometapi.call.ending_reason': facts.endingReason,
        'cometapi.call.attempts': facts.attempts.length,
      }),
    ],
  };
}

function present(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

function add(reported: number | undefined, cached: number): number | undefined {
  return reported === undefined ? undefined : reported + cached;
}

function inSeconds(durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : durationMs / 1000;
}

function calls(): fc.Arbitrary<CallFacts> {
  const routes = fc.constantFrom(
    { family: 'cometapi-text-chat', routeTemplate: '/v1/chat/completions', method: 'POST' } as const,
    { family: 'cometapi-text-responses', routeTemplate: '/v1/responses', method: 'POST' } as const,
    { family: 'cometapi-anthropic-messages', routeTemplate: '/v1/messages', method: 'POST' } as const,
    { family: 'cometapi-models', routeTemplate: '/v1/models', method: 'GET' } as const,
    { family: 'cometapi-other', routeTemplate: '_OTHER', method: 'PATCH' } as const,
  );
  const opening = fc.record({ route: routes, stream: fc.boolean(), request: requests(), labelled: fc.boolean() });
  const endings = fc.constantFrom(
    { ending: 'completed', endingReason: 'terminal_event' } as const,
    { ending: 'failed', endingReason: 'stream_truncated', errorType: 'stream_truncated' } as const,
    { ending: 'failed', endingReason: 'http_status', errorType: '503' } as const,
    { ending: 'cancelled', endingReason: 'caller_abort' } as const,
    { ending: 'abandoned', endingReason: 'garbage_collected' } as const,
  );
  const closing = fc.record({
    end: endings,
    response: fc.option(responses(), { nil: undefined }),
    timeToFirstChunkMs: fc.option(fc.nat(90_000), { nil: undefined }),
    attempts: fc.array(attempts(), { maxLength: 5 }),
  });
  return fc.tuple(opening, closing).map(([{ route, stream, request, labelled }, { end, attempts, ...rest }]) => {
    const call = aCall({ ...route, stream, request, attributes: labelled ? [anAttribute('team', 'search')] : [] });
    const { response: _response, status: _status, ...facts } = closedCall(call, { ...end });
    // Optional properties must be absent, not undefined.
    return { ...facts, ...present(rest), attempts: attempts.map((attempt, at) => ({ ...attempt, index: at + 1 })) };
  });
}

function requests(): fc.Arbitrary<RequestFacts> {
  const { fields, otherFieldCount } = aCall().request;
  return optional({
    model: fc.constantFrom(aModel('gpt-5.1'), aModel('vendor/model:free'), aModel('not a model')),
    choiceCount: fc.integer({ min: 1, max: 4 }),
    seed: fc.integer(),
    maxTokens: fc.nat(),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    topP: fc.constantFrom(0, 0.5, 1),
    frequencyPenalty: fc.constantFrom(-2, 0, 2),
    presencePenalty: fc.constantFrom(-2, 0, 2),
    outputType: fc.constantFrom('text', 'json'),
    serviceTier: fc.constantFrom('auto', 'default', 'flex', '_OTHER'),
  }).map((request) => ({ ...request, fields, otherFieldCount }));
}

function responses(): fc.Arbitrary<ResponseFacts> {
  const usage = optional({
    inputTokens: fc.nat(),
    outputTokens: fc.nat(),
    cacheReadInputTokens: fc.nat(),
    cacheCreationInputTokens: fc.nat(),
    reasoningOutputTokens: fc.nat(),
  });
  return optional({
    id: fc.constant(anIdentifier('id', 'chatcmpl-fixture-1')),
    model: fc.constant(aModel('gpt-5.1-2026-01-15')),
    finishReasons: fc.constantFrom<NonNullable<ResponseFacts['finishReasons']>>(['stop'], ['length', 'stop'], []),
    serviceTier: fc.constantFrom('default', 'priority'),
    systemFingerprint: fc.constant(anIdentifier('fingerprint', 'fp_44709d6fcb')),
    usage,
  });
}

function attempts(): fc.Arbitrary<AttemptFacts> {
  return optional({
    status: fc.constantFrom(200, 429, 503),
    errorType: fc.constantFrom('429', '503', 'timeout', 'dns_error'),
    delayMs: fc.nat(60_000),
  }).map((given) => {
    const { status: _status, ...attempt } = anAttempt({ decision: 'retried', because: 'retryable_status' });
    return { ...attempt, ...given };
  });
}

type Optional<Model extends Record<string, unknown>> = { [Key in keyof Model]?: Model[Key] };

/** Generates objects in which each key is present or absent, never undefined. */
function optional<Model extends Record<string, unknown>>(
  model: {
    [Key in keyof Model]: fc.Arbitrary<Model[Key]>;
  },
): fc.Arbitrary<Optional<Model>> {
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Optional<Model>>;
}
