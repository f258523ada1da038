import assert from 'node:assert/strict';
import { ChatOpenAI } from '@langchain/openai';
import { scenario } from 'cometapi-otel/testing';
import { MODEL, observed, PROMPT } from './observed.mjs';

const WHOLE = { ending: 'completed', endingReason: 'body_complete' };

for (const useResponsesApi of [false, true]) {
  const model = (comet) => new ChatOpenAI({ ...comet.langchain(), model: MODEL, useResponsesApi });
  const check = (what, played, use, expected) =>
    observed(`LangChain, ${useResponsesApi ? 'responses' : 'chat'}: ${what}`, played, use, expected);

  const { result: answer } = await check(
    'invoke',
    scenario.ok({ text: 'An answer.' }),
    (comet) => model(comet).invoke(PROMPT),
    WHOLE,
  );
  assert.equal(answer.text, 'An answer.');

  const { result: streamed } = await check(
    'stream',
    scenario.ok({ text: 'An answer.' }),
    async (comet) => {
      let seen = '';
      for await (const chunk of await model(comet).stream(PROMPT)) {
        seen += chunk.text;
      }
      return seen;
    },
    { ending: 'completed', endingReason: 'terminal_event' },
  );
  assert.equal(streamed, 'An answer.');

  await check(
    '429, then ok',
    scenario.fail(429, { retryAfterMs: 50 }).times(1).then(scenario.ok),
    (comet) => model(comet).invoke(PROMPT),
    { ...WHOLE, statuses: [429, 200] },
  );
  await check('401 is not retried', scenario.fail(401), (comet) => model(comet).invoke(PROMPT), {
    ending: 'failed',
    endingReason: 'http_status',
    statuses: [401],
    throws: true,
  });
}
