import { diag } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scenario } from '../../src/simulator/scenarios/scenarios';
import { Canaries, type Dress, randomText } from './leak-canaries';
import { echoingFetch, type SentRequest } from './leak-echoes';
import { type LeakRun, runLeaks, runScenario } from './leak-run';
import { findLeaks } from './leak-scanner';
import { LEAK_SCENARIOS } from './leak-scenarios';
import { type RecordingTelemetry, startRecordingTelemetry } from './recording-telemetry';

/* Positive controls: these tests plant leaks and check that the search finds them. */

let telemetry: RecordingTelemetry;

beforeAll(() => {
  telemetry = startRecordingTelemetry();
});

afterAll(() => telemetry.shutdown());

describe('the search for leaks', () => {
  // The digit is in the window of the test "with eight of its characters". The search skips windows of lowercase letters.
  const key = `sk-${randomText(12)}7${randomText(27)}/+="'\\é ${randomText(8)}`;
  const json = (text: string): string => JSON.stringify(text);
  const latin1 = Buffer.from(key, 'latin1');

  test.each(
    Object.entries({
      'in plain text': key,
      'within a line': `a line with ${key} in it`,
      'with eight of its characters': `x${key.slice(11, 19)}x`,
      'in JSON': json({ key } as unknown as string),
      'in JSON in JSON': json(json(key)),
      'with every character escaped': [...key]
        .map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
      'in a URL': `https://example.test/?q=${encodeURIComponent(key)}`,
      'in base64': Buffer.from(key).toString('base64'),
      'in base64 behind one byte': Buffer.from(`a${key}`).toString('base64'),
      'in base64 behind two bytes': Buffer.from(`ab${key}`).toString('base64'),
      'in base64 for URLs': latin1.toString('base64url'),
      'in hexadecimal': Buffer.from(key).toString('hex'),
      'in hexadecimal, capitals, behind other digits': `0${latin1.toString('hex').toUpperCase()}`,
    }),
  )('finds a key %s', (_spelling, text) => {
    const canary = { place: 'apiKey', needle: key, byWindow: true };
    expect(findLeaks([{ sink: 'doctored', text }], [canary])).toEqual([{ sink: 'doctored', place: 'apiKey' }]);
  });

  test('finds nothing in a text without a key', () => {
    const canary = { place: 'apiKey', needle: key, byWindow: true };
    expect(findLeaks([{ sink: 'plain', text: `${key.slice(5, 12)} ${randomText(4_000)}` }], [canary])).toEqual([]);
  });
});

/** Places that the client never sends, because the values do not match their grammar. */
const NEVER_SENT = [
  'client attribute name',
  'client attribute value',
  'call attribute name',
  'call attribute value',
  'request id',
  'run id',
];

describe.each<Dress>(['word', 'prose'])('with a %s as canary in every place', (dress) => {
  test('the server receives every canary', async () => {
    const canaries = new Canaries(dress);
    const received: SentRequest[] = [];
    const upstream = echoingFetch('an HTML page', { text: '', source: '' }, (request) => received.push(request));
    await runLeaks(telemetry, { fetch: upstream }, canaries, { followsUp: true });
    const text = received.map((request) => request.text).join('\n');
    const missing = canaries.all().filter(({ needle }) => !text.includes(needle));
    expect(missing.map(({ place }) => place).sort()).toEqual([...NEVER_SENT].sort());
  });

  test('the caller receives every canary of the answer', async () => {
    const canaries = new Canaries(dress);
    const { make, options } =
      LEAK_SCENARIOS['an answer with all fields'] ?? expect.fail('The scenario does not exist.');
    const asked = new Set(canaries.all().map(({ place }) => place));
    const { outcomes } = await runScenario(telemetry, make(canaries), canaries, options);
    const text = outcomes.map(({ received }) => received).join('\n');
    const ofTheAnswer = [
      'answer',
      'refusal',
      'reasoning',
      'citation',
      'transcript',
      'answered tool',
      'answered arguments',
      'unknown field',
      'token',
      'answered instructions',
      'answered metadata value',
      'unknown event',
    ];
    expect(ofTheAnswer.filter((place) => asked.has(place) || !text.includes(canaries.word(place)))).toEqual([]);
  });
});

function sinksOf({ texts }: LeakRun): readonly string[] {
  return [...new Set(texts.filter(({ text }) => text !== '').map(({ sink }) => sink))].sort();
}

const ALWAYS_HEARD = ['client', 'facts', 'promise', 'record file', 'spans, metrics and events'];

describe('every sink is captured', () => {
  test('for a call that succeeds', async () => {
    const canaries = new Canaries('word');
    const run = await runScenario(telemetry, scenario.ok(), canaries);
    expect(sinksOf(run)).toEqual(expect.arrayContaining([...ALWAYS_HEARD, 'log line', 'stream']));
  });

  test('for a call that fails', async () => {
    const canaries = new Canaries('word');
    const run = await runScenario(telemetry, scenario.fail(503), canaries);
    expect(sinksOf(run)).toEqual(expect.arrayContaining([...ALWAYS_HEARD, 'log line', 'error']));
    expect(new Set(run.outcomes.map(({ received }) => received.split(':')[0]))).toContain('InternalServerError');
  });

  test('and a leak of the prompt is found in each sink', async () => {
    const canaries = new Canaries('prose');
    const prompt = canaries.text('prompt');
    const tell = (): void => {
      console.log({ deep: [prompt] });
      process.stdout.write(`${prompt}\n`);
      process.stderr.write(Buffer.from(prompt).toString('base64'));
      process.emitWarning(`a warning with ${prompt}`);
      diag.verbose('leaked', { prompt });
      telemetry.tracerProvider.getTracer('careless').startSpan('careless').setAttribute('a', prompt).end();
      telemetry.meterProvider().getMeter('careless').createCounter('careless').add(1, { prompt });
    };
    const run = await runScenario(telemetry, scenario.ok(), canaries, {
      client: { observers: [{ callClosed: tell }] },
    });
    const leaked = run.leaks.filter(({ place }) => place === 'prompt').map(({ sink }) => sink);
    expect(leaked.sort()).toEqual(['console', 'diag', 'output', 'process warning', 'spans, metrics and events']);
  });

  test('including the console, which is the default logger', async () => {
    const canaries = new Canaries('word');
    const run = await runScenario(telemetry, scenario.ok(), canaries, { client: { logger: undefined } });
    expect(sinksOf(run)).toContain('console');
  });
});

test('annotations, labels and the model appear only in the sinks that record them', async () => {
  const canaries = new Canaries('prose');
  const words = new Canaries('word');
  const client = {
    workflow: words.word('workflow'),
    runId: words.word('run id'),
    environment: words.word('environment'),
    requestId: words.word('request id'),
    telemetry: { attributes: { 'shop.team': words.word('label') } },
  };
  const run = await runScenario(telemetry, scenario.ok({ model: words.word('model') }), canaries, {
    client,
    only: ['chat by fetch, JSON'],
  });
  const places = (wanted: string): readonly string[] =>
    findLeaks(run.texts, words.all())
      .filter(({ place }) => place === wanted)
      .map(({ sink }) => sink)
      .sort();
  expect(run.leaks).toEqual([]);
  expect({
    workflow: places('workflow'),
    runId: places('run id'),
    environment: places('environment'),
    requestId: places('request id'),
    label: places('label'),
    model: places('model'),
  }).toMatchInlineSnapshot(`
    {
      "environment": [
        "record file",
      ],
      "label": [
        "facts",
        "record file",
        "spans, metrics and events",
      ],
      "model": [
        "facts",
        "record file",
        "spans, metrics and events",
      ],
      "requestId": [
        "facts",
        "log line",
        "record file",
      ],
      "runId": [
        "log line",
        "record file",
      ],
      "workflow": [
        "log line",
        "record file",
      ],
    }
  `);
});
