// The recipe of docs/hosts.md for @openrouter/sdk, which calls fetch with a Request and no second argument.
import assert from 'node:assert/strict';
import { HTTPClient, OpenRouter } from '@openrouter/sdk';
import { scenario } from 'cometapi-otel/testing';
import { MESSAGES, MODEL, observed } from './observed.mjs';

const host = (comet) =>
  new OpenRouter({
    apiKey: 'cometapi-otel-placeholder',
    serverURL: comet.baseURL,
    httpClient: new HTTPClient({ fetcher: comet.fetch }),
    retryConfig: { strategy: 'none' },
  });
const check = (what, played, use, expected) => observed(`OpenRouter SDK: ${what}`, played, use, expected);

const { result: answer } = await check(
  'JSON',
  scenario.ok({ text: 'An answer.' }),
  (comet) => host(comet).chat.send({ chatRequest: { model: MODEL, messages: MESSAGES } }),
  { ending: 'completed', endingReason: 'body_complete' },
);
assert.equal(answer.choices[0].message.content, 'An answer.');

const { result: streamed } = await check(
  'stream',
  scenario.ok({ text: 'An answer.' }),
  async (comet) => {
    let seen = '';
    const stream = await host(comet).chat.send({ chatRequest: { model: MODEL, messages: MESSAGES, stream: true } });
    for await (const chunk of stream) {
      seen += chunk.choices[0]?.delta.content ?? '';
    }
    return seen;
  },
  { ending: 'completed', endingReason: 'terminal_event' },
);
assert.equal(streamed, 'An answer.');

await check(
  '503, then ok',
  scenario.fail(503, { retryAfterMs: 50 }).times(1).then(scenario.ok),
  (comet) => host(comet).chat.send({ chatRequest: { model: MODEL, messages: MESSAGES } }),
  { ending: 'completed', endingReason: 'body_complete', statuses: [503, 200] },
);

await check(
  '401 is not retried',
  scenario.fail(401),
  (comet) => host(comet).chat.send({ chatRequest: { model: MODEL, messages: MESSAGES } }),
  { ending: 'failed', endingReason: 'http_status', statuses: [401], throws: true },
);
