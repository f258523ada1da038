import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LogRecord, logs, metrics, trace } from '@opentelemetry/api';
import { createSimulator, type RecordedRequest, scenario } from 'cometapi-otel/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { runCommand } from './run-command';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
const emitted: LogRecord[] = [];

afterEach(() => {
  logs.disable();
  emitted.length = 0;
});

/** Leaks that a hook or an instrumentation in this process could cause. */
const LEAKS: readonly (readonly [sink: string, how: string, leak: (body: string) => void])[] = [
  ['stdout', 'printed', (body) => process.stdout.write(body)],
  ['stderr', 'printed in base64', (body) => process.stderr.write(btoa(body))],
  ['log_events', 'as the body of an event', (body) => logs.getLogger('hook').emit({ body })],
  ['log_events', 'deep in a body', (body) => logs.getLogger('hook').emit({ body: { messages: [{ body }] } })],
  ['log_events', 'as bytes', (body) => logs.getLogger('hook').emit({ body: new TextEncoder().encode(body) })],
  ['spans', 'as an attribute', (body) => trace.getTracer('hook').startSpan('hook').setAttribute('body', body).end()],
  ['spans', 'as an exception', (body) => trace.getTracer('hook').startSpan('hook').recordException(new Error(body))],
  ['metrics', 'as an attribute', (body) => metrics.getMeter('hook').createCounter('hook').add(1, { body })],
];

const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['smoke', '--family', 'chat', '--environment', 'ci', '--model', 'some-model', '-o', '.'],
  ['contract', 'check', '--environment', 'ci', '--model', 'some-model', '--ledger', 'ledger.json'],
];

describe.each(COMMANDS)('%s', (...words) => {
  test.each(LEAKS)('stops the run and names the sink if a canary is in %s, %s', async (...of) => {
    const [sink, how, leak] = of;
    const output = join(folder, `${words[0]}-${sink}-${how}`.replaceAll(' ', '-'));
    mkdirSync(output);
    logs.setGlobalLoggerProvider({
      getLogger: () => ({ enabled: () => true, emit: (record) => void emitted.push(record) }),
    });
    // The minimal request of a contract check contains no canary. The negative checks after it do.
    const body = (request: RecordedRequest): string => {
      leak(request.bodyText);
      return JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [] });
    };
    const simulator = createSimulator({ scenario: scenario.respond({ body }).forever() });
    const { baseURL } = await simulator.listen();
    try {
      const { exitCode, stdout, stderr } = await runCommand(
        words.map((word) => (word === '.' || word === 'ledger.json' ? join(output, word) : word)),
        { environment: { COMETAPI_API_KEY: simulator.apiKey, COMETAPI_BASE_URL: baseURL } },
      );
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(
        `cometapi-otel: a canary was found in ${sink}. The run stopped before any further request. Nothing was written.`,
      );
      expect(simulator.requests).toHaveLength(words[0] === 'smoke' ? 1 : 2);
      expect(readdirSync(output)).toEqual([]);
      // The canary is also withheld from the sink.
      expect(JSON.stringify(emitted)).not.toMatch(/canary-[0-9a-f]/);
    } finally {
      await simulator.close();
    }
  });
});
