import OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { describe, expect, test } from 'vitest';
import { type Scenario, scenario } from '../../src/simulator/index';
import { CHAT, DRIVERS, RESPONSES, reach } from './drivers';

const USAGE = {
  prompt_tokens: 12,
  completion_tokens: 7,
  total_tokens: 19,
  prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 2, audio_tokens: 0 },
};
const MESSAGES = [{ role: 'user' as const, content: 'Say something short.' }];

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

/** Uses the official client, because users rely on its types and behavior. */
describe.each(DRIVERS)('the openai client over %s', (driver) => {
  async function connect(one: Scenario = scenario.ok()): Promise<AsyncDisposable & { readonly client: OpenAI }> {
    const reached = await reach(driver, { scenario: one });
    const { apiKey, baseURL } = reached.simulator;
    const client = new OpenAI({ apiKey, baseURL, fetch: reached.fetch, maxRetries: 0, logLevel: 'off' });
    return { client, [Symbol.asyncDispose]: () => reached[Symbol.asyncDispose]() };
  }

  test('lists models', async () => {
    await using connected = await connect();
    const models = await collect(connected.client.models.list());
    expect(models.map(({ id }) => id)).toEqual(['simulated-model']);
  });

  test('completes a chat', async () => {
    await using connected = await connect();
    const completion = await connected.client.chat.completions.create({ model: CHAT.model, messages: MESSAGES, n: 2 });
    expect(completion).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'simulated-model',
      service_tier: 'default',
      system_fingerprint: 'fp_simulated',
      usage: USAGE,
      choices: [0, 1].map((index) => ({
        index,
        finish_reason: 'stop',
        logprobs: null,
        message: { role: 'assistant', content: 'This is a simulated answer.', refusal: null, annotations: [] },
      })),
    });
  });

  test('streams a chat, with a usage chunk only on request', async () => {
    await using connected = await connect(
      scenario.ok({ text: 'simulated: one two', chunks: ['simulated: ', 'one ', 'two'] }),
    );
    const shape = ({ choices, usage }: ChatCompletionChunk): unknown => [
      choices.map(({ delta, finish_reason: reason }) => delta.content ?? delta.role ?? reason),
      usage,
    ];
    const request = { model: CHAT.model, messages: MESSAGES, stream: true } as const;
    const plain = await collect(await connected.client.chat.completions.create(request));
    expect(plain.map(shape)).toEqual([
      [[''], undefined],
      [['simulated: '], undefined],
      [['one '], undefined],
      [['two'], undefined],
      [['stop'], undefined],
    ]);
    const asked = await collect(
      await connected.client.chat.completions.create({ ...request, stream_options: { include_usage: true } }),
    );
    expect(asked.map(shape)).toEqual([...plain.map(shape), [[], USAGE]]);
  });

  test('assembles a streamed tool call', async () => {
    await using connected = await connect(scenario.toolCalls({ arguments: '{"city":"simulated"}' }));
    const runner = connected.client.chat.completions.stream({
      model: CHAT.model,
      messages: MESSAGES,
      tools: [{ type: 'function', function: { name: 'look_up', parameters: {} } }],
    });
    const [choice] = (await runner.finalChatCompletion()).choices;
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ type: 'function', function: { name: 'look_up', arguments: '{"city":"simulated"}' } }],
      },
    });
  });

  test('gets a response', async () => {
    await using connected = await connect();
    const response = await connected.client.responses.create(RESPONSES);
    expect(response).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      status: 'completed',
      error: null,
      incomplete_details: null,
      output_text: 'This is a simulated answer.',
      usage: { input_tokens: 12, output_tokens: 7, total_tokens: 19 },
    });
  });

  const TEXT_EVENTS = [
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
  ];

  test.each([
    ['completed', scenario.ok({ chunks: 2 }), [...TEXT_EVENTS, 'response.completed']],
    ['incomplete', scenario.responseIncomplete({ chunks: 2 }), [...TEXT_EVENTS, 'response.incomplete']],
    ['failed', scenario.responseFailed({ chunks: 2 }), [...TEXT_EVENTS, 'response.failed']],
    ['filtered', scenario.contentFilter(), ['response.created', 'response.in_progress', 'response.incomplete']],
    ['truncated', scenario.truncatedStream({ of: scenario.ok({ chunks: 2 }) }), TEXT_EVENTS],
    [
      'a tool call',
      scenario.toolCalls(),
      [
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.function_call_arguments.delta',
        'response.function_call_arguments.delta',
        'response.function_call_arguments.done',
        'response.output_item.done',
        'response.completed',
      ],
    ],
  ])('streams a response with numbered events in the documented order: %s', async (_name, one, types) => {
    await using connected = await connect(one);
    const events = await collect<ResponseStreamEvent>(
      await connected.client.responses.create({ ...RESPONSES, stream: true }),
    );
    expect(events.map(({ type }) => type)).toEqual(types);
    expect(events.map(({ sequence_number: number }) => number)).toEqual(types.map((_, index) => index));
  });

  test('assembles a streamed response that equals the JSON one', async () => {
    await using connected = await connect();
    const final = await connected.client.responses.stream(RESPONSES).finalResponse();
    const whole = await connected.client.responses.create(RESPONSES);
    expect(final.output_text).toBe(whole.output_text);
    expect(final.usage).toEqual(whole.usage);
    expect(final.status).toBe('completed');
  });

  test('throws its own error classes on failures', async () => {
    await using connected = await connect(
      scenario.sequence(
        scenario.fail(400, { message: 'simulated: bad' }),
        scenario.fail(429, { code: 'insufficient_quota' }),
        scenario.fail(503),
        scenario.reset(),
        scenario.errorEvent({ code: 'server_error' }),
      ),
    );
    const call = (): Promise<unknown> =>
      connected.client.chat.completions.create({ model: CHAT.model, messages: MESSAGES });
    await expect(call()).rejects.toMatchObject({ status: 400, code: 'invalid_request', type: 'comet_api_error' });
    await expect(call()).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
    await expect(call()).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    await expect(call()).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    const stream = await connected.client.chat.completions.create({
      model: CHAT.model,
      messages: MESSAGES,
      stream: true,
    });
    await expect(collect(stream)).rejects.toMatchObject({ code: 'server_error' });
  });
});
