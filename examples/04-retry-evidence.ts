import CometAPI, { type CallFacts } from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';

const simulator = createSimulator({ scenario: scenario.fail(503).then(scenario.ok()) });
const calls: CallFacts[] = [];
const client = new CometAPI({
  apiKey: simulator.apiKey,
  fetch: simulator.fetch,
  logLevel: 'off',
  observers: [{ callClosed: (facts) => void calls.push(facts) }],
});

await client.responses.create({ model: 'gpt-5.1', input: 'Say hello.' });

for (const facts of calls) {
  const { yaml } = client.records.retryEvidence(facts, {
    runId: 'publisher-smoke-20261121-0900',
    docsChecked: ['https://apidoc.cometapi.com/api/text/responses@2026-11-21'],
    operatorNote: 'Sandbox check before publishing.',
  });
  console.log(yaml.split('\n').slice(0, 12).join('\n'));
}

// # simulator: these calls went to the local simulator, not to CometAPI
// record: "retry_evidence"
// schema_version: 2
// run_id: "publisher-smoke-20261121-0900"
// recorded_at_utc: "2026-11-21T09:00:00.000Z"
// endpoint_family: "cometapi-text-responses"
// docs_checked: "https://apidoc.cometapi.com/api/text/responses"
// attempt_count: "2"
// first_attempt_status: "503"
// retry_status: "200"
// terminal_status: "200"
// retry_count: "1"
