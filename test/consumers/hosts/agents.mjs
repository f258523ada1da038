// The recipe of docs/hosts.md for @openai/agents. Each client gets its own runner, because the default runner keeps the
// client of its first run.
import assert from 'node:assert/strict';
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents';
import { scenario } from 'cometapi-otel/testing';
import OpenAI from 'openai';
import { z } from 'zod';
import { MODEL, observed, PROMPT } from './observed.mjs';

setTracingDisabled(true);

const WHOLE = { ending: 'completed', endingReason: 'body_complete' };

for (const useResponses of [false, true]) {
  const check = (what, played, use, expected) =>
    observed(
      `OpenAI Agents, ${useResponses ? 'responses' : 'chat'}: ${what}`,
      played,
      (comet) => {
        const modelProvider = new OpenAIProvider({ openAIClient: new OpenAI(comet.openai()), useResponses });
        return use(new Runner({ modelProvider }));
      },
      expected,
    );

  const { result: answer } = await check(
    'an answer',
    scenario.ok({ text: 'An answer.' }),
    async (runner) => (await runner.run(new Agent({ name: 'agent', model: MODEL }), PROMPT)).finalOutput,
    WHOLE,
  );
  assert.equal(answer, 'An answer.');

  let asked = 0;
  const look = tool({
    name: 'look',
    description: 'looks',
    parameters: z.object({}),
    execute: () => `seen ${++asked}`,
  });
  const { result: looked } = await check(
    'a tool call',
    scenario.sequence(scenario.toolCalls({ name: 'look', arguments: '{}' }), scenario.ok({ text: 'Looked.' })),
    async (runner) => (await runner.run(new Agent({ name: 'agent', model: MODEL, tools: [look] }), PROMPT)).finalOutput,
    { ...WHOLE, calls: 2 },
  );
  assert.deepEqual([looked, asked], ['Looked.', 1]);

  await check(
    '429, then ok',
    scenario.fail(429, { retryAfterMs: 50 }).times(1).then(scenario.ok),
    (runner) => runner.run(new Agent({ name: 'agent', model: MODEL }), PROMPT),
    { ...WHOLE, statuses: [429, 200] },
  );
}
