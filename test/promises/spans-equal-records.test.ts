import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SpanStatusCode } from '@opentelemetry/api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttemptFacts, CallFacts } from '../../src/facts/call-facts';
import { createSimulator } from '../../src/simulator/simulator';
import { createPlayer, type Played, scripts } from '../support/leak-played';
import { type RecordingTelemetry, startRecordingTelemetry } from '../support/recording-telemetry';

/*
 * Runs 200 random calls, most of them with failures. Spans, metrics, events, log lines, errors and the record file must
 * agree on every fact. Each fact has one test. The attribute names are repeated here from the conventions, as a check.
 */

const CALLS = 200;
const directory = mkdtempSync(join(tmpdir(), 'equal-'));
const played: Played[] = [];
let telemetry: RecordingTelemetry;

beforeAll(async () => {
  telemetry = startRecordingTelemetry();
  const simulator = createSimulator();
  const play = createPlayer(telemetry, simulator, join(directory, 'records.jsonl'));
  for (const script of fc.sample(scripts(), CALLS)) {
    played.push(await play(script));
  }
  await simulator.close();
});

afterAll(async () => {
  await telemetry.shutdown();
  rmSync(directory, { recursive: true });
});

/** Compares two sources for every call. A failure shows the scripts of the calls that differ. */
function expectAlike(sources: (call: Played) => readonly [spans: unknown, record: unknown]): void {
  const differing = played.filter((call) => {
    const [one, other] = sources(call);
    // The order of fields does not matter.
    return !isDeepStrictEqual(asWritten(one), asWritten(other));
  });
  expect(differing.map((call) => ({ script: call.script, sources: sources(call) }))).toEqual([]);
}

function asWritten(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function sorted(attributes: object | undefined): unknown {
  return attributes && Object.entries(attributes).sort(([a], [b]) => a.localeCompare(b));
}

function genAiOnly(fact: (facts: CallFacts) => unknown): (call: Played) => unknown {
  return ({ recorded, genAi }) => (genAi === undefined ? undefined : fact(recorded));
}

const usageOf = (facts: CallFacts) => facts.response?.usage;
const isAnthropic = ({ family }: CallFacts): boolean => family === 'cometapi-anthropic-messages';

/** The attributes of the GenAI span, each with its recorded fact. */
const OF_THE_CALL: Readonly<Record<string, (facts: CallFacts) => unknown>> = {
  'gen_ai.request.model': ({ request }) => request.model ?? '_OTHER',
  'gen_ai.request.stream': ({ stream }) => (stream ? true : undefined),
  'gen_ai.request.temperature': ({ request }) => request.temperature,
  'gen_ai.request.top_p': ({ request }) => request.topP,
  'gen_ai.request.seed': ({ request }) => request.seed,
  'gen_ai.request.max_tokens': ({ request }) => request.maxTokens,
  'gen_ai.request.choice.count': ({ request }) => (request.choiceCount === 1 ? undefined : request.choiceCount),
  'gen_ai.output.type': ({ request }) => request.outputType,
  'gen_ai.response.id': ({ response }) => response?.id,
  'gen_ai.response.model': ({ response }) => response?.model,
  'gen_ai.response.finish_reasons': ({ response }) => response?.finishReasons,
  'gen_ai.response.time_to_first_chunk': ({ stream, timeToFirstChunkMs: milliseconds }) =>
    stream && milliseconds !== undefined ? milliseconds / 1_000 : undefined,
  'gen_ai.usage.output_tokens': (facts) => usageOf(facts)?.outputTokens,
  'gen_ai.usage.cache_read.input_tokens': (facts) => usageOf(facts)?.cacheReadInputTokens,
  'gen_ai.usage.reasoning.output_tokens': (facts) => usageOf(facts)?.reasoningOutputTokens,
  'openai.request.service_tier': (facts) =>
    isAnthropic(facts) || facts.request.serviceTier === 'auto' ? undefined : facts.request.serviceTier,
  'openai.response.system_fingerprint': ({ response }) => response?.systemFingerprint,
  'error.type': ({ errorType }) => errorType,
  'server.address': ({ serverAddress }) => serverAddress,
  'server.port': ({ serverPort }) => serverPort,
  'shop.team': ({ attributes }) => attributes[0]?.value,
  'cometapi.call.ending': ({ ending }) => ending,
  'cometapi.call.ending_reason': ({ endingReason }) => endingReason,
  'cometapi.call.attempts': ({ attempts }) => attempts.length,
};

/** The attributes of an HTTP span, each with its recorded fact of the attempt. */
const OF_AN_ATTEMPT: Readonly<Record<string, (attempt: AttemptFacts, facts: CallFacts) => unknown>> = {
  'http.request.method': (_attempt, { method }) => method,
  'http.response.status_code': ({ status }) => status,
  'http.request.resend_count': ({ index }) => (index === 1 ? undefined : index - 1),
  'url.full': (_attempt, { urlFull }) => urlFull,
  'url.template': (_attempt, { routeTemplate }) => routeTemplate,
  'error.type': ({ errorType }) => errorType,
  'cometapi.retry.decision': ({ errorType, decision }) => errorType && decision,
  'cometapi.retry.reason': ({ errorType, because }) => errorType && because,
  'cometapi.retry.delay': ({ delayMs }) => (delayMs === undefined ? undefined : delayMs / 1_000),
};

describe('the GenAI span and the record agree on', () => {
  test.each(Object.entries(OF_THE_CALL))('%s', (name, fact) => {
    expectAlike((call) => [call.genAi?.attributes[name], genAiOnly(fact)(call)]);
  });

  test('its name, its status and its ids', () => {
    expectAlike(({ genAi, recorded }) => [
      genAi && [genAi.name, genAi.status, genAi.spanContext().traceId, genAi.spanContext().spanId],
      genAi && [
        `chat ${recorded.request.model ?? '_OTHER'}`,
        { code: recorded.errorType === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
        recorded.traceId,
        recorded.spanId,
      ],
    ]);
  });

  test('the event of the call, which has the attributes of the span', () => {
    expectAlike(({ genAi, events }) => [sorted(genAi?.attributes), genAi && sorted(events[0]?.attributes)]);
  });
});

describe('HTTP spans and the attempts of the record agree on', () => {
  test.each(Object.entries(OF_AN_ATTEMPT))('%s', (name, fact) => {
    expectAlike(({ http, recorded }) => [
      http.map((span) => span.attributes[name]),
      recorded.attempts.map((attempt) => fact(attempt, recorded)),
    ]);
  });
});

/** Count, sum and attributes of each data point. */
function pointsOf({ metrics }: Played, name: string): readonly { count: number; sum: number; attributes: object }[] {
  const points = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  return points.map(({ value, attributes }) => {
    // All instruments are histograms, so the cast is safe.
    const { count, sum = 0 } = value as { readonly count: number; readonly sum?: number };
    return { count, sum: Math.round(sum * 1e6), attributes };
  });
}

function sumsOf(call: Played, name: string): readonly number[] {
  return pointsOf(call, name).map(({ sum }) => sum);
}

const micro = (seconds: number): number => Math.round(seconds * 1e6);

describe('metrics and the record agree on', () => {
  test('the duration of the call, its models and its error', () => {
    expectAlike((call) => {
      const [point] = pointsOf(call, 'gen_ai.client.operation.duration');
      const { recorded, genAi } = call;
      return [
        point && [
          point.count,
          point.sum,
          ...['gen_ai.request.model', 'gen_ai.response.model', 'error.type'].map((name) =>
            Reflect.get(point.attributes, name),
          ),
        ],
        genAi && [
          1,
          micro(recorded.durationMs / 1_000),
          recorded.request.model ?? '_OTHER',
          recorded.response?.model,
          recorded.errorType,
        ],
      ];
    });
  });

  test('tokens', () => {
    expectAlike((call) => {
      const reported = usageOf(call.recorded);
      const cached = isAnthropic(call.recorded)
        ? (reported?.cacheReadInputTokens ?? 0) + (reported?.cacheCreationInputTokens ?? 0)
        : 0;
      const expected = [
        ...(reported?.inputTokens === undefined ? [] : [['input', micro(reported.inputTokens + cached)]]),
        ...(reported?.outputTokens === undefined ? [] : [['output', micro(reported.outputTokens)]]),
      ];
      const points = pointsOf(call, 'gen_ai.client.token.usage');
      return [points.map(({ attributes, sum }) => [Reflect.get(attributes, 'gen_ai.token.type'), sum]), expected];
    });
  });

  test('attempts, their durations, statuses and errors', () => {
    expectAlike((call) => {
      const points = pointsOf(call, 'http.client.request.duration');
      const outcomes = points.flatMap(({ count, attributes }) =>
        Array.from(
          { length: count },
          () => `${Reflect.get(attributes, 'http.response.status_code')} ${Reflect.get(attributes, 'error.type')}`,
        ),
      );
      const { attempts } = call.recorded;
      const measured = points.reduce((total, point) => total + point.sum, 0);
      const recorded = attempts.reduce((total, { durationMs }) => total + durationMs * 1_000, 0);
      return [
        // Each duration is rounded to a microsecond.
        [outcomes.sort(), Math.abs(measured - recorded) <= attempts.length, sumsOf(call, 'cometapi.client.attempts')],
        [attempts.map(({ status, errorType }) => `${status} ${errorType}`).sort(), true, [micro(attempts.length)]],
      ];
    });
  });

  test('waits before retries', () => {
    expectAlike((call) => [
      sumsOf(call, 'cometapi.client.retry.delay').reduce((total, sum) => total + sum, 0),
      call.recorded.attempts.reduce((total, { delayMs = 0 }) => total + delayMs * 1_000, 0),
    ]);
  });
});

describe('the record agrees with', () => {
  test('the facts of observers, completely', () => {
    expectAlike(({ facts, recorded }) => [facts, recorded]);
  });

  test('the facts and properties of errors', () => {
    expectAlike(({ error, recorded }) => [
      error && [error.facts, error.requestID, error.category, error.phase, error.retryAfterMs, error.attempts],
      error && [
        recorded,
        recorded.requestId,
        recorded.category,
        recorded.phase,
        recorded.retryAfterMs,
        recorded.attempts,
      ],
    ]);
  });

  test('the log line of the call, and those of its retries', () => {
    // Without a GenAI span, each attempt has its own trace. The record contains only the last trace id.
    const traceOf = ({ genAi }: Played, id: unknown): unknown => (genAi === undefined ? 'not compared' : (id ?? null));
    expectAlike((call) => {
      const { lines, recorded } = call;
      const line = ({ requestId, ...outcome }: CallFacts | AttemptFacts, attempts: number): readonly unknown[] => [
        outcome.errorType !== undefined && Number.isNaN(Number(outcome.errorType))
          ? outcome.errorType
          : (outcome.status ?? null),
        attempts,
        requestId ?? null,
        traceOf(call, recorded.traceId),
      ];
      return [
        lines.map((logged) => [
          'status' in logged ? logged.status : logged.error_type,
          logged.attempts,
          logged.request_id,
          traceOf(call, logged.trace_id),
        ]),
        [
          ...recorded.attempts.flatMap((attempt) => {
            const expected = line(attempt, attempt.index);
            return attempt.decision === 'retried' ? [expected, expected] : [expected];
          }),
          line(recorded, recorded.attempts.length),
        ],
      ];
    });
  });

  test('scripts with many endings, retries and calls without a GenAI span', () => {
    const endings = new Set(played.map(({ recorded }) => recorded.endingReason));
    const retried = played.filter(({ recorded }) => recorded.attempts.length > 1);
    expect({
      endings: endings.size > 8,
      retried: retried.length > CALLS / 5,
      http: played.some(({ genAi }) => genAi === undefined),
    }).toEqual({ endings: true, retried: true, http: true });
  });
});
