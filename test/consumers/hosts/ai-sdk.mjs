import assert from 'node:assert/strict';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import { scenario } from 'cometapi-otel/testing';
import { MODEL, observed, PROMPT } from './observed.mjs';

const WHOLE = { ending: 'completed', endingReason: 'body_complete' };
const STREAMED = { ending: 'completed', endingReason: 'terminal_event' };
const providers = {
  'openai-compatible': (comet) => createOpenAICompatible(comet.aiSdk())(MODEL),
  'openai, chat': (comet) => createOpenAI(comet.aiSdk()).chat(MODEL),
  'openai, responses': (comet) => createOpenAI(comet.aiSdk())(MODEL),
};

for (const [name, model] of Object.entries(providers)) {
  const ask = (comet, more = {}) => ({ model: model(comet), prompt: PROMPT, maxRetries: 0, ...more });
  const check = (what, played, use, expected) => observed(`AI SDK, ${name}: ${what}`, played, use, expected);

  const { result: text } = await check(
    'text',
    scenario.ok({ text: 'An answer.' }),
    async (comet) => (await generateText(ask(comet))).text,
    WHOLE,
  );
  assert.equal(text, 'An answer.');

  const { result: streamed } = await check(
    'stream',
    scenario.ok({ text: 'An answer.' }),
    async (comet) => {
      const stream = streamText(ask(comet));
      let seen = '';
      for await (const part of stream.textStream) {
        seen += part;
      }
      return { seen, usage: await stream.totalUsage };
    },
    STREAMED,
  );
  assert.equal(streamed.seen, 'An answer.');
  assert.equal(streamed.usage.inputTokens, 12);

  await check(
    '429, then ok',
    scenario.fail(429, { retryAfterMs: 50 }).times(1).then(scenario.ok),
    (comet) => generateText(ask(comet)),
    { ...WHOLE, statuses: [429, 200] },
  );
  await check(
    'abort',
    scenario.stall({ at: 'before' }),
    async (comet, simulator) => {
      const controller = new AbortController();
      const call = generateText(ask(comet, { abortSignal: controller.signal }));
      call.catch(() => {});
      await simulator.waitFor((requests) => requests.length === 1);
      controller.abort();
      return await call;
    },
    { ending: 'cancelled', endingReason: 'caller_abort', throws: true, statuses: [undefined] },
  );
}
