import CometAPI from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';

/**
 * Writes the record file of the examples: five calls of a nightly job to the simulator. One succeeds, one succeeds
 * after retries, one has a wrong key, one stream is truncated, and one fails after all attempts.
 *
 * @returns the API key of the calls
 */
export async function writeExampleRecords(recordFile: string): Promise<string> {
  const simulator = createSimulator({
    scenario: scenario.sequence(
      scenario.ok(),
      scenario.fail(503),
      scenario.fail(429),
      scenario.ok(),
      scenario.fail(401),
      scenario.truncatedStream(),
      scenario.fail(503).forever(),
    ),
  });
  const client = new CometAPI({
    apiKey: simulator.apiKey,
    fetch: simulator.fetch,
    logLevel: 'off',
    recordFile,
    workflow: 'nightly-summary',
    runId: 'nightly-42',
    environment: 'ci',
    backoffBaseMs: 60,
    backoffCapMs: 60,
  });
  const chat = { model: 'gpt-5.1', messages: [{ role: 'user' as const, content: 'Say hello.' }] };
  await client.chat.completions.create(chat);
  await client.responses.create({ model: 'gpt-5.1', input: 'Say hello.' });
  await client.chat.completions.create(chat).catch(expected);
  await readToItsEnd(client.chat.completions.create({ ...chat, stream: true })).catch(expected);
  await client.chat.completions.create(chat).catch(expected);
  return simulator.apiKey;
}

async function readToItsEnd(opening: PromiseLike<AsyncIterable<unknown>>): Promise<void> {
  for await (const _event of await opening) {
    // Read all events and ignore them.
  }
}

function expected(): void {
  // These calls fail on purpose, to create records of failures.
}
