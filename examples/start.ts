/**
 * Shows all features in one run: a call, a stream, a successful retry, a final failure and a cut stream. Then prints the
 * exported spans and the records, and checks them for leaks.
 *
 * Without a key, all calls use the simulator. With COMETAPI_API_KEY set, one call and one stream use CometAPI.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import CometAPI, { APIError, type CallFacts, type ClientOptions } from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';
import { drawSpanTree } from './support/span-tree.ts';
import { startTerminalTelemetry } from './support/terminal-telemetry.ts';

const MODEL = 'gpt-5.1';
/** A unique prompt, so that the leak check can search for it. */
const prompt = `Say hello to canary ${crypto.randomUUID()}.`;

const printed: string[] = [];
const say = (text: string): void => {
  printed.push(text);
  console.log(text);
};

const directory = mkdtempSync(join(tmpdir(), 'cometapi-otel-'));
const recordFile = join(directory, 'records.jsonl');
const telemetry = startTerminalTelemetry();
const simulator = createSimulator();
const { baseURL } = await simulator.listen();

const ownKey = process.env['COMETAPI_API_KEY'] ?? process.env['COMETAPI_KEY'];
const shared: ClientOptions = { recordFile, workflow: 'npm-start', logLevel: 'error' };
const rehearsal = new CometAPI({ ...shared, apiKey: simulator.apiKey, baseURL });
const live = ownKey === undefined ? rehearsal : new CometAPI(shared);

say(
  ownKey === undefined
    ? 'COMETAPI_API_KEY is not set. All calls use the simulator.'
    : 'COMETAPI_API_KEY is set. Two requests to CometAPI follow and are billed. The other calls use the simulator.',
);

say('\n1. A call');
await attempt(async () => {
  const completion = await live.chat.completions.create({
    model: MODEL,
    messages: [{ role: 'user', content: prompt }],
    max_completion_tokens: 16,
  });
  say(`   completed, reported tokens: ${completion.usage?.total_tokens ?? 'none'}`);
});

say('\n2. A stream');
await attempt(async () => {
  const stream = await live.chat.completions.create({
    model: MODEL,
    messages: [{ role: 'user', content: prompt }],
    max_completion_tokens: 16,
    stream: true,
  });
  let pieces = 0;
  for await (const chunk of stream) {
    pieces += chunk.choices[0]?.delta?.content ? 1 : 0;
  }
  say(`   completed, chunks with text: ${pieces}`);
});

say('\n3. A call that succeeds after retries: 503, 429, then 200');
simulator.use(scenario.fail(503).then(scenario.fail(429)).then(scenario.ok()));
await attempt(async () => {
  const response = await rehearsal.responses.create({ model: MODEL, input: prompt });
  say(`   ${response.status}, request id ${response._request_id ?? 'not reported'}`);
});

say('\n4. A call that fails without a retry: status 500 with the code invalid_request is final');
simulator.use(scenario.fail(500, { code: 'invalid_request' }));
await attempt(() => rehearsal.responses.create({ model: MODEL, input: prompt }));

say('\n5. A stream that is cut');
simulator.use(scenario.cut({ afterEvents: 2 }));
await attempt(async () => {
  for await (const _ of await rehearsal.responses.create({ model: MODEL, input: prompt, stream: true })) {
    // An application would show each event here.
  }
});
await simulator.close();

say('\nExported spans:\n');
say(drawSpanTree(await telemetry.exportedSpans()));

const written = readFileSync(recordFile, 'utf8');
const calls: CallFacts[] = written
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line).facts);
say(`\nRecord file: ${calls.length} lines. Retry evidence of the first retried call:\n`);
const healed = calls.find((call) => call.attempts.length > 1);
if (healed !== undefined) {
  say(rehearsal.records.retryEvidence(healed).yaml);
}

const secrets = [simulator.apiKey, prompt, ...(ownKey === undefined ? [] : [ownKey])];
const spans = JSON.stringify(
  (await telemetry.exportedSpans()).map(({ name, attributes, events, status }) => ({
    name,
    attributes,
    events,
    status,
  })),
);
const leaks = secrets.filter((secret) => [printed.join('\n'), written, spans].some((text) => text.includes(secret)));
say(`Leak check of all output, records and spans: ${leaks.length === 0 ? 'clean' : `${leaks.length} LEAKS`}.`);

await telemetry.shutdown();
rmSync(directory, { recursive: true });
process.exitCode = leaks.length === 0 ? 0 : 1;

async function attempt(step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof APIError)) {
      throw error;
    }
    say(`   ${error.name}: ${error.message}`);
    const requestId = error.requestID ?? 'not reported';
    say(`   category ${error.category}, attempts: ${error.attempts.length}, request id ${requestId}`);
  }
}
