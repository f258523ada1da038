import { readFileSync } from 'node:fs';
import type { LogRecord } from '@opentelemetry/api';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import { systemRandom } from '../../src/call/clock';
import { CometAPI } from '../../src/client';
import { APIError } from '../../src/errors/api-error';
import type { CallFacts } from '../../src/facts/call-facts';
import { scenario } from '../../src/simulator/scenarios/scenarios';
import type { Simulator } from '../../src/simulator/simulator';
import type { LogLine } from '../../src/telemetry/log-line';
import { createHurriedClock } from './leak-clock';
import type { RecordingTelemetry } from './recording-telemetry';

/** The script of one call. */
export interface Script {
  readonly by: 'chat' | 'responses' | 'chat by fetch' | 'messages by fetch' | 'models';
  readonly stream: boolean;
  /** The failures before the last response. */
  readonly failures: readonly (keyof typeof FAILURES)[];
  readonly end: keyof typeof ENDS;
  readonly maxRetries: number;
  /** True if the reader stops after the first event. */
  readonly breaks: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Everything that one call emitted. */
export interface Played {
  readonly script: Script;
  readonly facts: CallFacts;
  /** The `facts` of the record line. */
  readonly recorded: CallFacts;
  readonly lines: readonly LogLine[];
  readonly genAi: ReadableSpan | undefined;
  readonly http: readonly ReadableSpan[];
  readonly metrics: readonly MetricData[];
  readonly events: readonly LogRecord[];
  readonly error: APIError | undefined;
}

const FAILURES = {
  429: () => scenario.fail(429),
  '429 with a wait': () => scenario.fail(429, { retryAfter: 2 }),
  500: () => scenario.fail(500),
  503: () => scenario.fail(503, { requestId: 'x-request-id' }),
  408: () => scenario.fail(408, { body: 'empty' }),
  reset: () => scenario.reset(),
  unreachable: () => scenario.unreachable('ECONNREFUSED'),
};

const ENDS = {
  ok: () => scenario.ok(),
  'ok with usage': () => scenario.ok({ usage: { cachedInputTokens: 3 }, finish: 'length' }),
  'ok without usage': () => scenario.ok({ usage: false, model: 'another-model-2026-01-15' }),
  tools: () => scenario.toolCalls(),
  filtered: () => scenario.contentFilter(),
  failed: () => scenario.responseFailed(),
  truncated: () => scenario.truncatedStream(),
  cut: () => scenario.cut(),
  'error event': () => scenario.errorEvent({ code: 'server_error' }),
  401: () => scenario.fail(401),
  'no quota': () => scenario.fail(429, { code: 'insufficient_quota' }),
  page: () => scenario.html200(),
  redirect: () => scenario.redirect(308, '/'),
  'an echo': () => scenario.echo(),
};

function keysOf<Table extends object>(table: Table): (keyof Table)[] {
  // The tables are object literals, so their keys match their type.
  return Object.keys(table) as (keyof Table)[];
}

/** Random scripts of calls. Most calls fail. */
export function scripts(): fc.Arbitrary<Script> {
  return fc.record({
    by: fc.constantFrom<Script['by']>('chat', 'responses', 'chat by fetch', 'messages by fetch', 'models'),
    stream: fc.boolean(),
    failures: fc.array(fc.constantFrom(...keysOf(FAILURES)), { maxLength: 3 }),
    end: fc.constantFrom(...keysOf(ENDS)),
    maxRetries: fc.integer({ min: 0, max: 4 }),
    breaks: fc.boolean(),
    parameters: fc.record(
      {
        model: fc.constantFrom('gpt-5.1', 'vendor/model:free', 'ft:gpt-4.1:acme::a1', 'a model in prose'),
        temperature: fc.constantFrom(0, 0.5, 2),
        top_p: fc.constantFrom(0, 1),
        seed: fc.integer(),
        n: fc.constantFrom(1, 2),
        max_tokens: fc.nat(4_000),
        service_tier: fc.constantFrom('auto', 'flex', 'gold'),
        stream_options: fc.constant({ include_usage: true }),
        response_format: fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
        metadata: fc.constant({ a: 'b' }),
        unheard_of: fc.constant(1),
      },
      { requiredKeys: ['model'] },
    ),
  });
}

/** Returns a function that runs scripts, one at a time, through one client. */
export function createPlayer(
  telemetry: RecordingTelemetry,
  simulator: Simulator,
  recordFile: string,
): (script: Script) => Promise<Played> {
  const lines: LogLine[] = [];
  let facts: CallFacts | undefined;
  // The client passes a `LogLine` as the second argument.
  const keep = (_message: string, line?: unknown): void => void lines.push(line as LogLine);
  const client = new CometAPI(
    {
      apiKey: simulator.apiKey,
      fetch: simulator.fetch,
      recordFile,
      retryBudget: false,
      logLevel: 'debug',
      logger: { error: keep, warn: keep, info: keep, debug: keep },
      observers: [
        {
          callClosed: (closed) => {
            facts = closed;
          },
        },
      ],
      telemetry: { attributes: { 'shop.team': 'search' } },
    },
    { clock: createHurriedClock(), randomSource: systemRandom },
  );
  return async (script) => {
    telemetry.reset();
    lines.length = 0;
    facts = undefined;
    const failures = script.failures.map((failure) => FAILURES[failure]().times(1));
    simulator.use(scenario.sequence(...failures, ENDS[script.end]()));
    const error = await consume(client, script);
    if (facts === undefined) {
      throw new Error(`The call has not ended: ${JSON.stringify(script)}`);
    }
    const spans = telemetry.spans();
    return {
      script,
      facts,
      recorded: JSON.parse(readFileSync(recordFile, 'utf8').trimEnd().split('\n').at(-1) ?? '').facts,
      lines: [...lines],
      genAi: spans.find(({ name }) => name.startsWith('chat ')),
      http: spans.filter(({ name }) => !name.startsWith('chat ')),
      metrics: await telemetry.metrics(),
      events: [...telemetry.logRecords()],
      error,
    };
  };
}

async function consume(client: CometAPI, script: Script): Promise<APIError | undefined> {
  try {
    await read(await start(client, script), script.breaks);
    return undefined;
  } catch (error) {
    return error instanceof APIError ? error : undefined;
  }
}

function start(client: CometAPI, { by, stream, maxRetries, parameters }: Script): PromiseLike<unknown> {
  const messages = [{ role: 'user', content: 'Hello' }];
  const options = { maxRetries };
  // The scripts contain parameters that the types do not allow, but JavaScript callers can pass.
  const chat = { ...parameters, messages, stream } as unknown as ChatCompletionCreateParams;
  const response = { ...parameters, input: 'Hello', stream } as unknown as ResponseCreateParams;
  const fetched = (path: string): Promise<Response> =>
    client.fetch(`${client.baseURL}/${path}`, { method: 'POST', body: JSON.stringify({ max_tokens: 1, ...chat }) });
  switch (by) {
    case 'chat':
      return client.chat.completions.create(chat, options);
    case 'responses':
      return client.responses.create(response, options);
    case 'chat by fetch':
      return fetched('chat/completions');
    case 'messages by fetch':
      return fetched('messages');
    case 'models':
      return client.models.list(options);
    default:
      return by satisfies never;
  }
}

async function read(answer: unknown, breaks: boolean): Promise<void> {
  // An answer is a Response, a stream, a page of models, or a value that was already read.
  const source = answer instanceof Response ? answer.body : answer;
  if (typeof source === 'object' && source !== null && Symbol.asyncIterator in source) {
    for await (const _item of source as AsyncIterable<unknown>) {
      if (breaks) {
        break;
      }
    }
  }
}
