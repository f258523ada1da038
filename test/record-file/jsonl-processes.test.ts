import { execFile, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordStats } from '../../src/record-file/record-sink';
import { type BundledProgram, bundleProgram } from '../support/bundle-program';
import { readRecordFile } from './read-record-file';

interface Report {
  readonly stats: RecordStats;
  readonly read: { readonly calls: number; readonly skipped: readonly string[] };
  readonly warnings: readonly string[];
  readonly whenFull?: RecordStats;
}

const run = promisify(execFile);
let program: BundledProgram;
let directory: string;
let path: string;

beforeAll(async () => {
  program = await bundleProgram('test/record-file/programs/append-records.ts');
});
afterAll(() => program.remove());
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'processes-'));
  path = join(directory, 'records.jsonl');
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

/** Runs the program in a shell after the shell commands in `setUp`. */
async function underShell(setUp: string, command: string, count = 0): Promise<Report> {
  const script = `${setUp} exec "$0" "$1" ${command} "$2" run ${count}`;
  const { stdout } = await run('sh', ['-c', script, process.execPath, program.file, path]);
  return JSON.parse(stdout);
}

describe('a record file shared by processes', () => {
  it('loses no record when eight processes write 2,000 records each', async () => {
    const runIds = Array.from({ length: 8 }, (_, at) => `writer-${at}`);
    await Promise.all(runIds.map((runId) => run(process.execPath, [program.file, 'append', path, runId, '2000'])));
    const read = readRecordFile(path);
    expect(read.skipped).toEqual([]);
    const expected = Array.from({ length: 2_000 }, (_, at) => at + 1);
    const byRun = Map.groupBy(read.calls, (record) => record.run_id);
    expect([...byRun.keys()].sort()).toEqual(runIds);
    for (const [, records] of byRun) {
      // Each process keeps its order, and only its own lines share the end of `record_id`.
      expect(records.map((record) => record.seq)).toEqual(expected);
      expect(new Set(records.map((record) => record.record_id.slice(24))).size).toBe(1);
    }
    expect(new Set(read.calls.map((record) => record.record_id.slice(24))).size).toBe(8);
    expect(new Set(read.calls.map((record) => record.record_id)).size).toBe(16_000);
  }, 120_000);

  it('loses no acknowledged record when 200 processes are killed, and has at most one torn line per process', async () => {
    const lanes = [0, 1].map((lane) => killRounds(join(directory, `lane-${lane}.jsonl`), 100));
    for (const lane of await Promise.all(lanes)) {
      expect(fs.readFileSync(lane.path, 'utf8')).not.toContain('\n\n');
      const read = readRecordFile(lane.path);
      expect(read.skipped.filter((kind) => kind !== 'torn')).toEqual([]);
      expect(read.skipped.length).toBeLessThanOrEqual(lane.acknowledged.length);
      const byRun = Map.groupBy(read.calls, (record) => String(record.run_id));
      for (const [round, acknowledged] of lane.acknowledged.entries()) {
        const written = byRun.get(`round-${round}`) ?? [];
        expect(written.map((record) => record.seq)).toEqual(written.map((_, at) => at + 1));
        expect(written.length).toBeGreaterThanOrEqual(acknowledged);
      }
    }
  }, 120_000);

  it('has one torn line and drops later records when a file size limit shortens a write', async () => {
    // The shell counts in blocks of 512 or 1,024 bytes.
    const { stats, read, warnings } = await underShell('ulimit -f 16;', 'append', 30);
    expect(stats.written).toBeGreaterThan(0);
    expect(stats).toEqual({ written: read.calls, dropped: 29 - read.calls, torn: 1, queued: 0, refused: 0 });
    expect(read.skipped).toEqual(['torn']);
    expect(warnings).toEqual([
      'A record was written only in part. The next record begins on a new line.',
      'A record could not be written. It was dropped and counted. System error: EFBIG.',
    ]);
  });

  it.skipIf(!canMount())(
    'writes records again when a full disk has space (skipped where mounting is not allowed)',
    async () => {
      const script = 'mount -t tmpfs -o size=192k none "$3" && exec "$0" "$1" until-full "$2" run';
      const args = ['-m', 'sh', '-c', script, process.execPath, program.file, path, directory];
      const { stdout } = await run('unshare', args);
      const { stats, read, warnings, whenFull }: Report = JSON.parse(stdout);
      expect(whenFull).toMatchObject({ dropped: 3 });
      expect(stats).toMatchObject({ written: (whenFull?.written ?? 0) + 5, dropped: 3, torn: whenFull?.torn });
      expect(read.calls).toBe(stats.written);
      expect(read.skipped).toHaveLength(stats.torn);
      expect(warnings).toContain(
        'A record could not be written. It was dropped and counted. The disk is full (ENOSPC). Free some space.',
      );
    },
  );

  it('drops and counts records without a free descriptor, and opens the file later', async () => {
    const { stats, read, warnings } = await underShell('ulimit -n 64;', 'no-descriptors');
    expect(stats).toEqual({ written: 1, dropped: 3, torn: 0, queued: 0, refused: 0 });
    expect(read).toEqual({ calls: 1, skipped: [] });
    expect(warnings).toEqual([
      'The record file cannot be opened. Records are dropped and counted until it opens. System error: EMFILE.',
    ]);
  });

  it.skipIf(process.getuid?.() === 0)(
    'drops and counts records in a read-only directory (skipped as root)',
    async () => {
      fs.chmodSync(directory, 0o500);
      const { stats, warnings } = await underShell('', 'append', 3);
      expect(stats).toEqual({ written: 0, dropped: 3, torn: 0, queued: 0, refused: 0 });
      expect(warnings).toEqual([
        'The record file cannot be opened. Records are dropped and counted until it opens. Permission denied (EACCES). Allow this process to write to the file and its directory.',
      ]);
    },
  );

  it('keeps no process alive and handles no signal', async () => {
    const { stdout } = await run(process.execPath, [program.file, 'end-with-pending-sync', path, 'run']);
    expect(JSON.parse(stdout)).toMatchObject({ stats: { written: 2 }, timers: [], signals: [0, 0] });
  });
});

/** Starts a writer, kills it after some acknowledged records, and starts the next one on the same file. */
async function killRounds(file: string, rounds: number): Promise<{ path: string; acknowledged: readonly number[] }> {
  const acknowledged: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const child = spawn(process.execPath, [program.file, 'until-killed', file, `round-${round}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const enough = Math.ceil(Math.random() * 60);
    let seen = 0;
    for await (const chunk of child.stdout) {
      seen += chunk.length;
      if (seen >= enough) {
        child.kill('SIGKILL');
      }
    }
    acknowledged.push(seen);
  }
  return { path: file, acknowledged };
}

function canMount(): boolean {
  return spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;
}
