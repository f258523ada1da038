// Typical uses of `openai`, sent through this client.
import assert from 'node:assert/strict';
import { scenario } from 'cometapi-otel/testing';
import { MESSAGES, MODEL, observed, PROMPT } from './observed.mjs';

const WHOLE = { ending: 'completed', endingReason: 'body_complete' };
const STREAMED = { ending: 'completed', endingReason: 'terminal_event' };

/**
 * @param OpenAI the class of a version, or a subclass
 * @param stoppedBy how this version stops a stream at `break`: with its signal, or by cancelling the body
 */
export async function openaiChecks(version, OpenAI, stoppedBy) {
  const host = (comet) => new OpenAI(comet.openai());
  const check = (what, played, use, expected) => observed(`${version}: ${what}`, played, use, expected);
  const text = async (stream) => {
    let seen = '';
    for await (const chunk of stream) {
      seen += chunk.choices?.[0]?.delta.content ?? (chunk.type === 'response.output_text.delta' ? chunk.delta : '');
    }
    return seen;
  };

  const { result: answer } = await check(
    'JSON',
    scenario.ok({ text: 'An answer.' }),
    (comet) => host(comet).chat.completions.create({ model: MODEL, messages: MESSAGES }),
    WHOLE,
  );
  assert.equal(answer.choices[0].message.content, 'An answer.');

  const { result: streamed } = await check(
    'stream',
    scenario.ok({ text: 'An answer.' }),
    async (comet) =>
      text(await host(comet).chat.completions.create({ model: MODEL, messages: MESSAGES, stream: true })),
    STREAMED,
  );
  assert.equal(streamed, 'An answer.');

  await check(
    'responses',
    scenario.ok(),
    (comet) => host(comet).responses.create({ model: MODEL, input: PROMPT }),
    WHOLE,
  );
  const { result: responded } = await check(
    'responses stream',
    scenario.ok({ text: 'An answer.' }),
    async (comet) => text(await host(comet).responses.create({ model: MODEL, input: PROMPT, stream: true })),
    STREAMED,
  );
  assert.equal(responded, 'An answer.');

  const { result: parsed } = await check(
    '.parse()',
    scenario.ok({ text: '{"word":"one"}' }),
    (comet) =>
      host(comet).chat.completions.parse({
        model: MODEL,
        messages: MESSAGES,
        response_format: { type: 'json_schema', json_schema: { name: 'words', schema: { type: 'object' } } },
      }),
    WHOLE,
  );
  assert.deepEqual(parsed.choices[0].message.parsed, { word: 'one' });

  const { result: message } = await check(
    '.stream().finalMessage()',
    scenario.ok({ text: 'An answer.' }),
    (comet) => host(comet).chat.completions.stream({ model: MODEL, messages: MESSAGES }).finalMessage(),
    STREAMED,
  );
  assert.equal(message.content, 'An answer.');

  let asked = 0;
  const { result: final } = await check(
    'runTools',
    scenario.sequence(scenario.toolCalls({ name: 'look', arguments: '{}' }), scenario.ok({ text: 'Looked.' })),
    (comet) =>
      host(comet)
        .chat.completions.runTools({
          model: MODEL,
          messages: MESSAGES,
          tools: [
            {
              type: 'function',
              function: {
                name: 'look',
                parameters: { type: 'object' },
                parse: JSON.parse,
                function: () => `seen ${++asked}`,
              },
            },
          ],
        })
        .finalContent(),
    { ...WHOLE, calls: 2 },
  );
  assert.deepEqual([final, asked], ['Looked.', 1]);

  const { thrown: aborted } = await check(
    'abort',
    scenario.stall({ at: 'before' }),
    async (comet, simulator) => {
      const controller = new AbortController();
      const call = host(comet).chat.completions.create(
        { model: MODEL, messages: MESSAGES },
        { signal: controller.signal },
      );
      call.catch(() => {});
      await simulator.waitFor((requests) => requests.length === 1);
      controller.abort();
      return await call;
    },
    { ending: 'cancelled', endingReason: 'caller_abort', throws: true, statuses: [undefined] },
  );
  assert.equal(aborted.constructor.name, 'APIUserAbortError');

  await check(
    'break',
    scenario.ok({ chunks: 50, delayMs: 5 }),
    async (comet, simulator) => {
      for await (const _chunk of await host(comet).chat.completions.create({
        model: MODEL,
        messages: MESSAGES,
        stream: true,
      })) {
        break;
      }
      await simulator.waitFor(([request]) => request?.closedByClient === true);
    },
    { ending: 'cancelled', endingReason: stoppedBy },
  );

  await check(
    '429, then ok',
    scenario.fail(429, { retryAfterMs: 50 }).times(1).then(scenario.ok),
    (comet) => host(comet).chat.completions.create({ model: MODEL, messages: MESSAGES }),
    { ...WHOLE, statuses: [429, 200] },
  );

  const { thrown: refused } = await check(
    '401',
    scenario.fail(401),
    (comet) => host(comet).chat.completions.create({ model: MODEL, messages: MESSAGES }),
    { ending: 'failed', endingReason: 'http_status', statuses: [401], throws: true },
  );
  assert.deepEqual([refused.constructor.name, refused.status], ['AuthenticationError', 401]);

  await check(
    'a truncated stream',
    scenario.truncatedStream(),
    async (comet) =>
      text(await host(comet).chat.completions.create({ model: MODEL, messages: MESSAGES, stream: true })),
    { ending: 'failed', endingReason: 'stream_truncated', throws: true },
  );
}
