import CometAPI, { type CallObserver } from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';

/** Counts endings for a dashboard. Facts contain only numbers, enum values and checked ids, so they need no redaction. */
const endings = new Map<string, number>();
const counter: CallObserver = {
  attemptClosed: (call, attempt) => console.log(call.routeTemplate, attempt.index, attempt.status, attempt.because),
  callClosed(facts) {
    const key = `${facts.ending}/${facts.category}`;
    endings.set(key, (endings.get(key) ?? 0) + 1);
  },
};

const simulator = createSimulator({ scenario: scenario.fail(429, { retryAfterMs: 60 }).then(scenario.ok()) });
const client = new CometAPI({
  apiKey: simulator.apiKey,
  fetch: simulator.fetch,
  logLevel: 'off',
  observers: [counter],
});

await client.responses.create({ model: 'gpt-5.1', input: 'Say hello.' });
simulator.use(scenario.fail(401));
await client.responses.create({ model: 'gpt-5.1', input: 'Say hello.' }).catch(() => undefined);
console.log(Object.fromEntries(endings));

// /v1/responses 1 429 retryable_status
// /v1/responses 2 200 success
// /v1/responses 1 401 final_status
// { 'completed/none': 1, 'failed/auth_rejected': 1 }
