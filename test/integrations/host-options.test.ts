import { CometAPI } from 'cometapi-otel';
import { aiSdk } from 'cometapi-otel/ai-sdk';
import { langchain } from 'cometapi-otel/langchain';
import { openai } from 'cometapi-otel/openai';
import { createSimulator, scenario } from 'cometapi-otel/testing';
import OpenAI from 'openai';
import { beforeEach, describe, expect, test } from 'vitest';
import { KEY_PLACEHOLDER as PLACEHOLDER_OF_THE_CLIENT } from '../../src/call/request/from-fetch';
import { KEY_PLACEHOLDER } from '../../src/integrations/host-options';

const simulator = createSimulator();
const comet = new CometAPI({ apiKey: simulator.apiKey, fetch: simulator.fetch, backoffBaseMs: 1, logLevel: 'off' });
beforeEach(() => simulator.reset());

describe('options for hosts', () => {
  test('contain base URL, fetch and a placeholder for the key, and turn off the retries of the host', () => {
    const { baseURL, fetch } = comet;
    expect(openai(comet)).toEqual({ apiKey: KEY_PLACEHOLDER, baseURL, fetch, maxRetries: 0 });
    expect(langchain(comet)).toEqual({ apiKey: KEY_PLACEHOLDER, configuration: { baseURL, fetch }, maxRetries: 0 });
    expect(aiSdk(comet)).toEqual({ name: 'cometapi', apiKey: KEY_PLACEHOLDER, baseURL, fetch, includeUsage: true });
  });

  test('are the same from the method of the client and from the exported function', () => {
    expect(comet.openai()).toEqual(openai(comet));
    expect(comet.langchain()).toEqual(langchain(comet));
    expect(comet.aiSdk()).toEqual(aiSdk(comet));
  });

  test('contain the placeholder that the client replaces, and never the key', () => {
    expect(KEY_PLACEHOLDER).toBe(PLACEHOLDER_OF_THE_CLIENT);
    expect(JSON.stringify([openai(comet), aiSdk(comet), langchain(comet)])).not.toContain(simulator.apiKey);
  });

  test('work with the real openai (test/consumers/hosts has the other hosts)', async () => {
    simulator.use(
      scenario
        .fail(503)
        .times(1)
        .then(scenario.ok({ text: 'An answer.' })),
    );
    const host = new OpenAI(comet.openai());
    const answer = await host.chat.completions.create({
      model: 'simulated-model',
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(answer.choices[0]?.message.content).toBe('An answer.');
    expect(simulator.requests.map(({ headers }) => headers['authorization'] === `Bearer ${simulator.apiKey}`)).toEqual([
      true,
      true,
    ]);
  });

  test('a host that retries anyway causes one warning, and its retry count is recorded', async () => {
    const warnings: string[] = [];
    const counts: number[] = [];
    const watched = new CometAPI({
      apiKey: simulator.apiKey,
      fetch: simulator.fetch,
      maxRetries: 0,
      logger: { error() {}, warn: (message) => void warnings.push(message), info() {}, debug() {} },
      observers: [{ callClosed: ({ outerRetryCount }) => void counts.push(outerRetryCount) }],
    });
    simulator.use(scenario.fail(503, { retryAfterMs: 1 }).times(2).then(scenario.ok));
    const host = new OpenAI({ ...watched.openai(), maxRetries: 2 });
    await host.chat.completions.create({ model: 'simulated-model', messages: [{ role: 'user', content: 'Hello' }] });
    expect(counts).toEqual([0, 1, 2]);
    expect(warnings).toEqual([
      'An outer client retries too, so retries multiply. Set maxRetries to 0 in the outer client (docs/hosts.md).',
    ]);
  });
});
