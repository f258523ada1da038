import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import CometAPI from '../dist/index.js';
import { createSimulator, type Scenario, scenario } from '../dist/testing.js';
import { ratioOf, spreadOf } from './statistics.ts';

/**
 * Measures the cost of reading record files: `node bench/records-reader.ts [rounds]`, after `npm run build`.
 *
 * Each command and a plain `JSON.parse` loop run in their own process, one after the other in every round. The table
 * compares the CPU time of whole processes, so it includes the start of Node and the loading of modules.
 */
const LIMIT = 1.5;
const VERIFY_LIMIT = 4;
const MAX_GROWTH_MB = 20;
const SIZES = [20_000, 200_000] as const;
const ROUNDS = Number(process.argv[2] ?? 5);

const COMMANDS: readonly (readonly [words: readonly string[], limit: number | undefined])[] = [
  [['records', 'stats'], LIMIT],
  [['records', 'list'], LIMIT],
  [['records', 'list', '--json'], undefined],
  [['records', 'list', '--category', 'auth_rejected'], LIMIT],
  [['records', 'show', '--last-failure'], LIMIT],
  [['evidence', 'trace', '--last-failure', '--from'], LIMIT],
  [['evidence', 'retry', '--last-failure', '--from'], LIMIT],
  [['evidence', 'timeline', '--last-failure', '--from'], LIMIT],
  [['packet', '--json', '--question', 'Why?', '--last-failure', '--from'], undefined],
  [['doctor', '--from'], undefined],
  [['records', 'verify', '--quiet'], VERIFY_LIMIT],
];

/** The fastest plain loop: reads in blocks, decodes each line, parses it. */
const BASELINE = `
  import { openSync, readSync } from 'node:fs';
  const descriptor = openSync(process.argv[1], 'r');
  const buffer = Buffer.allocUnsafe(256 * 1024);
  let filled = 0;
  let calls = 0;
  for (;;) {
    const bytesRead = readSync(descriptor, buffer, filled, 64 * 1024, null);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, filled + bytesRead);
    let start = 0;
    for (let end = bytes.indexOf(10, filled); end >= 0; end = bytes.indexOf(10, start)) {
      if (JSON.parse(bytes.toString('utf8', start, end)).record === 'call') calls++;
      start = end + 1;
    }
    filled = bytes.length - start;
    buffer.copyWithin(0, start, bytes.length);
  }
  console.log(calls);`;

const COMMAND = `
  process.argv = [process.argv[0], 'cli.js', ...process.argv.slice(1)];
  await import(${JSON.stringify(resolve('dist/cli.js'))});`;

/** Each process reports its own CPU time and peak memory. No other method works on every platform. */
const REPORT = `
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stderr.write('\\n' + JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1024]));
  });`;

interface Cost {
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

function costOf(script: string, parameters: readonly string[]): Cost {
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', REPORT + script, '--', ...parameters], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  const report: readonly number[] = JSON.parse(stderr.split('\n').at(-1) ?? '[]');
  const [cpuSeconds = Number.NaN, peakMb = Number.NaN] = report;
  return { cpuSeconds, peakMb };
}

const MODELS = ['gpt-5.1', 'gpt-5-mini', 'claude-sonnet-4-5', 'gemini-3-pro-preview', 'deepseek-v3.2', 'qwen3-max'];

/** One hundred calls of a service: 90 succeed at once, 4 after a retry, 6 fail. */
function answerOf(call: number): Scenario {
  switch (call % 100) {
    case 7:
    case 51:
      return scenario.sequence(scenario.fail(429), scenario.ok());
    case 23:
      return scenario.sequence(scenario.fail(503), scenario.fail(429), scenario.ok());
    case 64:
      return scenario.sequence(scenario.fail(500), scenario.ok());
    case 12:
    case 88:
      return scenario.fail(401);
    case 35:
      return scenario.fail(400);
    case 47:
      return scenario.fail(404);
    case 71:
      return scenario.sequence(scenario.fail(503), scenario.fail(503), scenario.fail(503));
    case 93:
      return scenario.truncatedStream();
    default:
      return scenario.ok();
  }
}

/** Writes one hundred lines with the client. */
async function writeSample(recordFile: string): Promise<void> {
  for (let call = 0; call < 100; call++) {
    const simulator = createSimulator({ scenario: answerOf(call) });
    const client = new CometAPI({
      apiKey: simulator.apiKey,
      fetch: simulator.fetch,
      logLevel: 'off',
      recordFile,
      workflow: call % 2 === 0 ? 'nightly-summary' : 'ticket-triage',
      runId: `nightly-${40 + (call % 7)}`,
      environment: 'production',
      backoffBaseMs: 60,
      backoffCapMs: 60,
    });
    const model = MODELS[call % MODELS.length] ?? 'gpt-5.1';
    const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];
    const isStream = call % 3 === 0;
    await (call % 5 === 4
      ? client.responses.create({ model, input: 'Summarize this ticket.', max_output_tokens: 800 })
      : isStream
        ? readStream(client.chat.completions.create({ model, messages, stream: true, temperature: 0.2 }))
        : client.chat.completions.create({ model, messages, max_tokens: 800 })
    ).catch(() => undefined);
  }
}

async function readStream(opening: PromiseLike<AsyncIterable<unknown>>): Promise<void> {
  for await (const _event of await opening) {
    // Reads to the end.
  }
}

/** Repeats the sample lines with new ids, times and numbers. Half of the calls have a span. */
function writeLines(path: string, count: number, sample: readonly string[]): void {
  const descriptor = openSync(path, 'w');
  for (let at = 0; at < count; at++) {
    const number = String(at).padStart(8, '0');
    const record = JSON.parse(sample[at % sample.length] ?? '');
    const { facts } = record;
    record.seq = at + 1;
    record.record_id = `019a${number.slice(0, 4)}-${number.slice(4)}-7000-8000-0000000000aa`;
    facts.callId = `019b${number.slice(0, 4)}-${number.slice(4)}-7000-8000-0000000000bb`;
    facts.startedAt = new Date(1_795_000_000_000 + at * 750).toISOString();
    facts.durationMs = 400 + (at % 30_000) / 8;
    facts.endedAt = new Date(1_795_000_000_000 + at * 750 + Math.round(facts.durationMs)).toISOString();
    record.ts = facts.endedAt;
    if (at % 2 === 0) {
      facts.traceId = `0af7651916cd43dd8448eb21${number}`;
      facts.spanId = `b7ad6b71${number}`;
    }
    for (const attempt of facts.attempts) {
      attempt.durationMs = 300 + (at % 10_000) / 8;
      if (attempt.requestId !== undefined) {
        attempt.requestId = `202611220131${number}AbCdEfGh`;
        facts.requestId = attempt.requestId;
      }
    }
    writeSync(descriptor, `${JSON.stringify(record)}\n`);
  }
  closeSync(descriptor);
}

function format(value: number, digits: number): string {
  return value.toFixed(digits);
}

const folder = mkdtempSync(join(tmpdir(), 'cometapi-otel-reader-'));
try {
  await writeSample(join(folder, 'sample.jsonl'));
  const sample = readFileSync(join(folder, 'sample.jsonl'), 'utf8').trim().split('\n');
  const [small, large] = SIZES.map((size) => join(folder, `${size}.jsonl`)) as [string, string];
  writeFileSync(small, '');
  writeLines(small, SIZES[0], sample);
  writeLines(large, SIZES[1], sample);

  const baseline: number[] = [];
  const costs = COMMANDS.map(() => ({ cpu: [] as number[], smallMb: [] as number[], largeMb: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    baseline.push(costOf(BASELINE, [large]).cpuSeconds);
    for (const [at, [words]] of COMMANDS.entries()) {
      const onLarge = costOf(COMMAND, [...words, large]);
      costs[at]?.cpu.push(onLarge.cpuSeconds);
      costs[at]?.largeMb.push(onLarge.peakMb);
      costs[at]?.smallMb.push(costOf(COMMAND, [...words, small]).peakMb);
    }
  }

  const averages = loadavg().map((load) => load.toFixed(1));
  console.log(`${ROUNDS} rounds, medians. Load average ${averages.join(', ')}. Node ${process.versions.node}.`);
  const cpu = spreadOf(baseline).median;
  console.log(`JSON.parse loop over ${SIZES[1]} lines: ${format(cpu, 2)} s of CPU.\n`);
  console.log(
    '| command | CPU s | × loop (middle half) | limit | peak MB at 20,000 lines | growth to 200,000 | goal |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const [at, [words, limit]] of COMMANDS.entries()) {
    const cost = costs[at];
    if (cost !== undefined) {
      const ratio = ratioOf(cost.cpu, baseline);
      const peak = spreadOf(cost.smallMb).median;
      const growth = spreadOf(cost.largeMb).median - peak;
      const isMet = ratio.median <= (limit ?? Number.POSITIVE_INFINITY) && growth <= MAX_GROWTH_MB;
      const range = `${format(ratio.median, 2)} (${format(ratio.low, 2)} to ${format(ratio.high, 2)})`;
      console.log(
        `| ${words.join(' ')} | ${format(spreadOf(cost.cpu).median, 2)} | ${range} | ${limit ?? 'none'} | ` +
          `${format(peak, 0)} | ${format(growth, 0)} MB | ${isMet ? 'met' : 'missed'} |`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
