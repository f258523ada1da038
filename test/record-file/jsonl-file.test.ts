import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsonlFile, type JsonlFileOptions } from '../../src/record-file/jsonl-file';
import type { RecordSink } from '../../src/record-file/record-sink';
import { type Fault, type FaultyPlatform, faultyPlatform } from './faulty-file-system';
import { ManualClock } from './manual-clock';

let directory: string;
let path: string;
let clock: ManualClock;
let warnings: string[];
const sinks: RecordSink[] = [];

beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'records-'));
  path = join(directory, 'records.jsonl');
  clock = new ManualClock();
  warnings = [];
});

afterEach(() => {
  for (const sink of sinks.splice(0)) {
    sink.close();
  }
  fs.rmSync(directory, { recursive: true, force: true });
});

function sinkOn(platform: FaultyPlatform, options: Partial<JsonlFileOptions> = {}): RecordSink {
  const sink = createJsonlFile({ path, clock, warn: (message) => void warnings.push(message), platform, ...options });
  sinks.push(sink);
  return sink;
}

/** A fault at one call of a kind. `index` counts from 0. */
function atCall(kind: string, index: number, fault: Fault): (call: string) => Fault | undefined {
  let seen = 0;
  return (call) => (call === kind && seen++ === index ? fault : undefined);
}

const content = (): string => fs.readFileSync(path, 'utf8');
const modeOf = (of: string): number => fs.statSync(of).mode & 0o777;

describe('a JSONL file', () => {
  it('opens at the first record, and writes each record in one call', () => {
    const platform = faultyPlatform();
    const sink = sinkOn(platform);
    expect(platform.calls).toEqual([]);
    sink.write('{"a":1}');
    sink.write('{"a":2}');
    sink.close();
    expect(content()).toBe('{"a":1}\n{"a":2}\n');
    expect(platform.calls).toEqual(['mkdir', 'stat', 'open', 'fstat', 'write', 'write', 'close']);
    expect(sink.stats()).toEqual({ written: 2, dropped: 0, torn: 0, queued: 0 });
  });

  it('restricts the file and a new directory to the owner, regardless of the umask', () => {
    const umask = process.umask(0);
    try {
      path = join(directory, 'a', 'b', 'records.jsonl');
      sinkOn(faultyPlatform()).write('{}');
      expect([modeOf(path), modeOf(join(directory, 'a')), modeOf(join(directory, 'a', 'b'))]).toEqual([
        0o600, 0o700, 0o700,
      ]);
      fs.chmodSync(path, 0o666);
      sinkOn(faultyPlatform()).write('{}');
      expect(modeOf(path)).toBe(0o600);
    } finally {
      process.umask(umask);
    }
  });

  it('begins a new line after a cut-off line, and does not change what precedes it', () => {
    fs.writeFileSync(path, '{"a":1}\n{"a":');
    const sink = sinkOn(faultyPlatform());
    sink.write('{"a":2}');
    sink.write('{"a":3}');
    expect(content()).toBe('{"a":1}\n{"a":\n{"a":2}\n{"a":3}\n');
  });

  it('adds no blank line if the file ends with a newline', () => {
    fs.writeFileSync(path, '{"a":1}\n');
    sinkOn(faultyPlatform()).write('{"a":2}');
    expect(content()).toBe('{"a":1}\n{"a":2}\n');
  });

  it.each<[string, () => void, string]>([
    [
      'a symbolic link',
      () => fs.symlinkSync(join(directory, 'elsewhere'), path),
      'The file is a symbolic link. Set recordFile to the file itself.',
    ],
    [
      'a hard-linked file',
      () => {
        fs.writeFileSync(join(directory, 'elsewhere'), '');
        fs.linkSync(join(directory, 'elsewhere'), path);
      },
      'The file has a hard link. Set recordFile to another file.',
    ],
    ['a directory', () => fs.mkdirSync(path), 'System error: EISDIR.'],
    ['a pipe without a reader', () => execFileSync('mkfifo', [path]), 'System error: ENXIO.'],
    [
      'a device',
      () => {
        path = '/dev/full';
      },
      'Set recordFile to a regular file, not a device, pipe or directory.',
    ],
    [
      'a directory that others can write to',
      () => fs.chmodSync(directory, 0o777),
      'Other users can write to its directory. Remove that permission, or set recordFile to a file in another directory.',
    ],
    [
      'a directory that the group can write to',
      () => fs.chmodSync(directory, 0o770),
      'Other users can write to its directory. Remove that permission, or set recordFile to a file in another directory.',
    ],
  ])('does not write to %s', (_, arrange, advice) => {
    arrange();
    const platform = faultyPlatform();
    const sink = sinkOn(platform);
    sink.write('{}');
    expect(sink.stats()).toEqual({ written: 0, dropped: 1, torn: 0, queued: 0 });
    expect(warnings).toEqual([
      `The record file cannot be opened. Records are dropped and counted until it opens. ${advice}`,
    ]);
    expect(platform.open.size).toBe(0);
  });

  it('writes to a sticky directory, where other users cannot replace the file', () => {
    fs.chmodSync(directory, 0o1777);
    const sink = sinkOn(faultyPlatform());
    sink.write('{}');
    expect(sink.stats().written).toBe(1);
  });

  it('does not write to a file of another user', () => {
    fs.writeFileSync(path, '');
    const platform = { ...faultyPlatform(), userId: (process.geteuid?.() ?? 0) + 1 };
    sinkOn(platform).write('{}');
    expect(content()).toBe('');
    expect(warnings).toEqual([
      'The record file cannot be opened. Records are dropped and counted until it opens. The file belongs to another user. Set recordFile to another file.',
    ]);
  });

  it('does not write the rest of a short write, and begins the next record on a new line', () => {
    const sink = sinkOn(faultyPlatform(atCall('write', 1, { bytes: 4 })));
    sink.write('{"a":1}');
    sink.write('{"a":2}');
    sink.write('{"a":3}');
    expect(content()).toBe('{"a":1}\n{"a"\n{"a":3}\n');
    expect(sink.stats()).toEqual({ written: 2, dropped: 0, torn: 1, queued: 0 });
    expect(warnings).toEqual(['A record was written only in part. The next record begins on a new line.']);
  });

  it('leaves no blank line if only the newline of a record is written after half a line', () => {
    const bytes = [4, 1, 0];
    let writes = 0;
    const sink = sinkOn(
      faultyPlatform((call) => (call === 'write' ? { bytes: bytes[writes++] ?? Number.MAX_SAFE_INTEGER } : undefined)),
    );
    for (let record = 1; record <= 4; record++) {
      sink.write(`{"a":${record}}`);
    }
    expect(content()).toBe('{"a"\n{"a":4}\n');
    expect(sink.stats()).toEqual({ written: 1, dropped: 2, torn: 1, queued: 0 });
  });

  it('counts a record as written if only its newline is missing', () => {
    const sink = sinkOn(faultyPlatform(atCall('write', 0, { bytes: 7 })));
    sink.write('{"a":1}');
    sink.write('{"a":2}');
    expect(content()).toBe('{"a":1}\n{"a":2}\n');
    expect(sink.stats()).toEqual({ written: 2, dropped: 0, torn: 0, queued: 0 });
  });

  it('writes the next record when a full disk has space again', () => {
    let isFull = true;
    const sink = sinkOn(faultyPlatform((call) => (isFull && call === 'write' ? { code: 'ENOSPC' } : undefined)));
    sink.write('{"a":1}');
    sink.write('{"a":2}');
    isFull = false;
    sink.write('{"a":3}');
    expect(content()).toBe('{"a":3}\n');
    expect(sink.stats()).toEqual({ written: 1, dropped: 2, torn: 0, queued: 0 });
    expect(warnings).toEqual([
      'A record could not be written. It was dropped and counted. The disk is full (ENOSPC). Free some space.',
    ]);
  });

  it.skipIf(!fs.existsSync('/dev/full'))('counts a record that the device /dev/full rejects', () => {
    const platform = faultyPlatform();
    const full = fs.openSync('/dev/full', 'w');
    const writeSync = (_: number, bytes: Uint8Array): number => fs.writeSync(full, bytes);
    const sink = sinkOn({ ...platform, fileSystem: { ...platform.fileSystem, writeSync } });
    sink.write('{}');
    sink.write('{}');
    fs.closeSync(full);
    expect(sink.stats()).toEqual({ written: 0, dropped: 2, torn: 0, queued: 0 });
    expect(warnings).toEqual([
      'A record could not be written. It was dropped and counted. The disk is full (ENOSPC). Free some space.',
    ]);
  });

  it('reopens after 1, 2, 4, … at most 60 seconds, and makes no system call between', () => {
    let isClosed = true;
    const platform = faultyPlatform((call) => (isClosed && call === 'open' ? { code: 'EMFILE' } : undefined));
    const sink = sinkOn(platform);
    const opensAtSeconds: number[] = [];
    for (let second = 0; second < 200; second++) {
      const before = platform.calls.length;
      sink.write('{}');
      sink.write('{}');
      if (platform.calls.length > before) {
        opensAtSeconds.push(second);
      }
      clock.advance(1_000);
    }
    expect(opensAtSeconds).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    isClosed = false;
    clock.advance(60_000);
    sink.write('{}');
    expect(sink.stats()).toEqual({ written: 1, dropped: 400, torn: 0, queued: 0 });
    expect(warnings).toHaveLength(1);
  });

  it('reopens the file after an error that may have made the descriptor invalid', () => {
    const platform = faultyPlatform(atCall('write', 1, { code: 'EIO' }));
    const sink = sinkOn(platform);
    sink.write('{"a":1}');
    sink.write('{"a":2}');
    sink.write('{"a":3}');
    clock.advance(1_000);
    sink.write('{"a":4}');
    expect(content()).toBe('{"a":1}\n{"a":4}\n');
    expect(sink.stats()).toEqual({ written: 2, dropped: 2, torn: 0, queued: 0 });
    expect(platform.open.size).toBe(1);
  });

  it('refuses a record of more than 64 KiB and one that is not one line', () => {
    const sink = sinkOn(faultyPlatform());
    sink.write('x'.repeat(65_535));
    sink.write('x'.repeat(65_536));
    sink.write('é'.repeat(40_000));
    sink.write('{}\n{}');
    expect(content()).toHaveLength(65_536);
    expect(sink.stats()).toEqual({ written: 1, dropped: 3, torn: 0, queued: 0 });
  });

  it('drops and counts records after close, and closes the file once', () => {
    const platform = faultyPlatform();
    const sink = sinkOn(platform);
    sink.write('{}');
    sink.close();
    sink.close();
    sink.write('{}');
    expect(sink.stats()).toEqual({ written: 1, dropped: 1, torn: 0, queued: 0 });
    expect(platform.calls.filter((call) => call === 'close')).toHaveLength(1);
  });

  it('ignores a logger that throws', () => {
    const sink = sinkOn(
      faultyPlatform(() => ({ code: 'EACCES' })),
      {
        warn: () => {
          throw new Error('logger');
        },
      },
    );
    expect(() => sink.write('{}')).not.toThrow();
  });
});

describe('forcing records to disk', () => {
  const fsyncs = (platform: FaultyPlatform): number => platform.calls.filter((call) => call === 'fsync').length;

  it('syncs urgent records only: the first at once, then at most one a second', () => {
    const platform = faultyPlatform();
    const sink = sinkOn(platform);
    sink.write('{}');
    expect(fsyncs(platform)).toBe(0);
    for (let record = 0; record < 10; record++) {
      sink.write('{}', { sync: true });
    }
    expect(fsyncs(platform)).toBe(1);
    expect([...clock.timers].map((timer) => timer.keepAlive)).toEqual([false]);
    clock.advance(1_000);
    expect([fsyncs(platform), clock.timers.size]).toEqual([2, 0]);
  });

  it('runs a pending sync when the file is closed', () => {
    const platform = faultyPlatform();
    const sink = sinkOn(platform);
    sink.write('{}', { sync: true });
    sink.write('{}', { sync: true });
    sink.close();
    expect([fsyncs(platform), clock.timers.size]).toEqual([2, 0]);
  });

  it('closes the file only after a background sync has ended', async () => {
    const platform = faultyPlatform();
    const sink = sinkOn(platform);
    sink.write('{}', { sync: true });
    sink.write('{}', { sync: true });
    clock.advance(1_000);
    sink.close();
    expect(platform.open.size).toBe(1);
    await expect.poll(() => platform.open.size).toBe(0);
  });

  it('warns once if fsync fails, and loses no record', () => {
    const sink = sinkOn(faultyPlatform((call) => (call === 'fsync' ? { code: 'EIO' } : undefined)));
    sink.write('{}', { sync: true });
    sink.write('{}', { sync: true });
    clock.advance(1_000);
    expect(sink.stats().written).toBe(2);
    expect(warnings).toEqual([
      'The record file could not be forced to disk. Its records may not survive a power cut. System error: EIO.',
    ]);
  });
});
