// Runs one use of a host against the simulator and checks its spans, facts and record lines.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { CometAPI } from 'cometapi-otel';
import { createSimulator } from 'cometapi-otel/testing';

export const MODEL = 'simulated-model';
export const PROMPT = `prompt-${crypto.randomUUID()}`;
export const MESSAGES = [{ role: 'user', content: PROMPT }];

const spans = [];
const nothing = async () => {};
trace.setGlobalTracerProvider(
  new TracerProvider({
    spanProcessors: [{ onStart() {}, onEnd: (span) => spans.push(span), forceFlush: nothing, shutdown: nothing }],
  }),
);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/**
 * @param name the name of the check
 * @param scenario the behavior of the simulator
 * @param use receives the client; its error is returned as `thrown`
 * @param expected the expected facts: `ending`, `endingReason`, and the statuses of the attempts
 */
export async function observed(name, scenario, use, expected) {
  spans.length = 0;
  const simulator = createSimulator({ scenario });
  const { baseURL } = await simulator.listen();
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  const recordFile = join(folder, 'records.jsonl');
  const warnings = [];
  const facts = [];
  const closed = Promise.withResolvers();
  const comet = new CometAPI({
    apiKey: simulator.apiKey,
    baseURL,
    recordFile,
    backoffBaseMs: 50,
    logger: { error() {}, warn: (message) => warnings.push(message), info() {}, debug() {} },
    observers: [
      {
        callClosed(call) {
          facts.push(call);
          if (facts.length === (expected.calls ?? 1)) {
            closed.resolve();
          }
        },
      },
    ],
  });
  let thrown;
  let result;
  try {
    result = await use(comet, simulator);
  } catch (error) {
    thrown = error;
    if (expected.throws !== true) {
      // Do not wait below: the call may never have started.
      throw error;
    }
  }
  await closed.promise;
  const calls = expected.calls ?? 1;
  const records = readFileSync(recordFile, 'utf8').trim().split('\n');
  const sent = simulator.requests.length;
  await simulator.close();
  rmSync(folder, { recursive: true });

  assert.equal(thrown !== undefined, expected.throws === true, `${name}: ${thrown}`);
  assert.equal(facts.length, calls, `${name}: one ending per call`);
  assert.deepEqual(
    facts.map(({ ending, endingReason }) => [ending, endingReason]),
    facts.map(() => [expected.ending, expected.endingReason]),
    name,
  );
  const statuses = expected.statuses ?? [200];
  assert.deepEqual(
    facts.map(({ attempts }) => attempts.map(({ status }) => status)),
    facts.map(() => statuses),
    name,
  );
  assert.equal(sent, statuses.length * calls, `${name}: requests sent`);
  assert.equal(records.length, calls, `${name}: one record per call`);
  const names = spans.map((span) => span.name);
  assert.equal(names.filter((span) => span === `chat ${MODEL}`).length, calls, `${name}: one GenAI span per call`);
  assert.equal(names.filter((span) => span.startsWith('POST ')).length, statuses.length * calls, name);
  const left =
    records.join('\n') +
    JSON.stringify(spans.map(({ name: span, attributes, events, status }) => [span, attributes, events, status]));
  assert.ok(!left.includes(PROMPT), `${name}: no prompt`);
  assert.ok(!left.includes(simulator.apiKey.slice(3, 15)), `${name}: no key`);
  console.log(`ok ${name}`);
  return { result, thrown, warnings };
}
