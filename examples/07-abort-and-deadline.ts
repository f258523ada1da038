import CometAPI, { APIConnectionTimeoutError, APIUserAbortError } from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';

const simulator = createSimulator({ scenario: scenario.stall({ at: 'headers' }) });
const client = new CometAPI({ apiKey: simulator.apiKey, fetch: simulator.fetch, logLevel: 'off' });
const question = { model: 'gpt-5.1', input: 'Say hello.' };

// The deadline limits all attempts and waits together.
try {
  await client.responses.create(question, { timeout: 60, deadlineMs: 150 });
} catch (error) {
  if (!(error instanceof APIConnectionTimeoutError)) {
    throw error;
  }
  console.log(error.name, error.attempts.length >= 1, error.retryable);
}

// Your signal cancels a call in any phase. Its reason becomes the cause of the error.
const controller = new AbortController();
const call = client.responses.create(question, { signal: controller.signal });
controller.abort(new Error('the user left'));
try {
  await call;
} catch (error) {
  if (!(error instanceof APIUserAbortError)) {
    throw error;
  }
  console.log(error.name, error.cause instanceof Error && error.cause.message);
}

// APIConnectionTimeoutError true true
// APIUserAbortError the user left
