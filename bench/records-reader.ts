import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeExampleRecords } from '../scripts/example-records.ts';

/**
 * What reading a record file costs, by the built command in a process of its own: `node bench/records-reader.ts`.
 * Goals: under 2 s per 100,000 lines, and at most 50 MB more memory for 200,000 lines than for 20,000.
 */
const COMMANDS: readonly (readonly string[])[] = [
  ['records', 'stats'],
  ['records', 'verify', '--quiet'],
  ['records', 'list'],
  ['records', 'list', '--category', 'auth_rejected'],
  ['records', 'show', '--last-failure'],
  ['evidence', 'trace', '--last-failure', '--from'],
  ['evidence', 'retry', '--last-failure', '--from'],
  ['evidence', 'timeline', '--last-failure', '--from'],
  ['packet', '--json', '--question', 'Why?', '--last-failure', '--from'],
  ['doctor', '--from'],
];
const SIZES = [20_000, 200_000];
const MAX_SECONDS_PER_100_000 = 2;
const MAX_GROWTH_MB = 50;

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** Lines of the example calls over and over, each with numbers and ids of its own. */
async function writeLines(path: string, count: number): Promise<void> {
  const sample = `${path}.sample`;
  await writeExampleRecords(sample);
  const records = readFileSync(sample, 'utf8').trim().split('\n');
  const descriptor = openSync(path, 'w');
  for (let at = 0; at < count; at++) {
    const number = String(at).padStart(8, '0');
    const record = JSON.parse(records[at % records.length] ?? '');
    record.seq = at + 1;
    record.record_id = `019a${number.slice(0, 4)}-${number.slice(4)}-7000-8000-0000000000aa`;
    record.facts.callId = `019b${number.slice(0, 4)}-${number.slice(4)}-7000-8000-0000000000bb`;
    record.facts.durationMs = (at % 30_000) / 8;
    for (const attempt of record.facts.attempts) {
      attempt.durationMs = (at % 10_000) / 8;
      attempt.requestId = `202611220131${number}AbCdEfGh`;
    }
    writeSync(descriptor, `${JSON.stringify(record)}\n`);
  }
  closeSync(descriptor);
}

/** The child tells its own peak at its end, since nobody else knows it on every platform. */
function costOf(words: readonly string[], path: string): Cost {
  const script = `
    const started = performance.now();
    process.argv = [process.argv[0], 'cli.js', ...${JSON.stringify([...words, path])}];
    await import(${JSON.stringify(resolve('dist/cli.js'))});
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stderr.write('\\n' + JSON.stringify([performance.now() - started, userCPUTime + systemCPUTime, maxRSS]));`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  const [milliseconds = Number.NaN, cpu = Number.NaN, peakKb = Number.NaN]: readonly number[] = JSON.parse(
    stderr.split('\n').at(-1) ?? '[]',
  );
  return { seconds: milliseconds / 1_000, cpuSeconds: cpu / 1_000_000, peakMb: peakKb / 1_024 };
}

const folder = mkdtempSync(join(tmpdir(), 'cometapi-otel-reader-'));
try {
  const files = SIZES.map((size) => join(folder, `${size}.jsonl`));
  for (const [at, file] of files.entries()) {
    await writeLines(file, SIZES[at] ?? 0);
  }
  console.log(
    `Load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}.\n`,
  );
  console.log('| command | s per 100,000 lines | of these CPU | peak at 20,000 | growth to 200,000 | goals |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const words of COMMANDS) {
    const [small, large] = files.map((file) => costOf(words, file));
    if (small === undefined || large === undefined) {
      continue;
    }
    const hundreds = (SIZES.at(-1) ?? 0) / 100_000;
    const growth = large.peakMb - small.peakMb;
    const isMet = large.seconds / hundreds < MAX_SECONDS_PER_100_000 && growth <= MAX_GROWTH_MB;
    console.log(
      `| ${words.join(' ')} | ${(large.seconds / hundreds).toFixed(2)} | ${(large.cpuSeconds / hundreds).toFixed(2)} | ${small.peakMb.toFixed(0)} MB | ${growth.toFixed(0)} MB | ${isMet ? 'met' : 'missed'} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
