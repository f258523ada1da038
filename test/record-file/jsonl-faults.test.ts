import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/facts/redaction/redactor';
import { createJsonlFile } from '../../src/record-file/jsonl-file';
import { createRecordObserver } from '../../src/record-file/record-observer';
import { attempt, completedCall, madeUpKey, truncatedStream } from '../records/sample-facts';
import { type Fault, faultyPlatform } from './faulty-file-system';
import { ManualClock } from './manual-clock';
import { readRecordFile } from './read-record-file';

let directory: string;
let run = 0;
beforeAll(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'faults-'));
});
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

const failedForGood = completedCall({
  ending: 'failed',
  endingReason: 'http_status',
  category: 'server_error',
  attempts: [
    attempt({ status: 500, category: 'server_error', decision: 'final_attempt', because: 'attempts_exhausted' }),
  ],
});
const calls = [completedCall(), truncatedStream(), failedForGood, completedCall(), failedForGood, truncatedStream()];

/** Records six calls, one per second, on a faulty file system. Returns everything that can be observed. */
async function sixCalls(faultAt: (call: string, index: number) => Fault | undefined) {
  const path = join(directory, `${run++}`, 'records.jsonl');
  const platform = faultyPlatform(faultAt);
  const clock = new ManualClock();
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const sink = createJsonlFile({ path, clock, warn, platform });
  const redactor = createRedactor([madeUpKey()]);
  const observer = createRecordObserver({
    sink,
    source: {},
    annotationsOf: () => ({}),
    redactorFor: () => redactor,
    clock,
    randomBytes: (count) => new Uint8Array(count),
    warn,
  });
  for (const facts of calls) {
    observer.callClosed(facts);
    clock.advance(1_000);
  }
  sink.close();
  await expect.poll(() => platform.open.size).toBe(0);
  const exists = fs.existsSync(path);
  return {
    platform,
    stats: observer.stats(),
    warnings,
    text: exists ? fs.readFileSync(path, 'utf8') : '',
    read: exists ? readRecordFile(path) : { calls: [], skipped: [] },
  };
}

describe('a record file on a faulty file system', () => {
  const codes = ['EIO', 'ENOSPC', 'EMFILE', 'EINTR', 'EBADF'];
  const faults: readonly (readonly [string, Fault])[] = [
    ...codes.map((code) => [code, { code }] as const),
    ...[0, 1, 7, 500].map((bytes) => [`${bytes} bytes`, { bytes }] as const),
  ];

  it.each(faults)(
    '%s at any one call: every record is counted, and at most one line does not parse',
    async (_, fault) => {
      const untouched = await sixCalls(() => undefined);
      expect(untouched.stats).toEqual({ written: 6, dropped: 0, torn: 0, queued: 0, refused: 0 });
      const callCount = untouched.platform.calls.length;
      expect(callCount).toBeGreaterThan(12);
      for (let n = 0; n < callCount; n++) {
        const { stats, warnings, text, read } = await sixCalls((_call, index) => (index === n ? fault : undefined));
        expect(stats.written + stats.dropped + stats.torn).toBe(6);
        expect(stats.torn).toBeLessThanOrEqual(1);
        expect(read.calls).toHaveLength(stats.written);
        expect(read.skipped).toEqual(stats.torn === 1 ? ['torn'] : []);
        expect(text).not.toContain('\n\n');
        // One fault loses at most two records: the one it hit, and one before the file is reopened.
        expect(stats.written).toBeGreaterThanOrEqual(4);
        expect(warnings.join('\n')).not.toContain('private.jsonl');
      }
    },
  );

  it('counts every record and never throws if every call fails', async () => {
    const { stats, read } = await sixCalls(() => ({ code: 'EIO' }));
    expect(stats).toEqual({ written: 0, dropped: 6, torn: 0, queued: 0, refused: 0 });
    expect(read.calls).toEqual([]);
  });
});
