import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRecordFiles } from '../../../src/cli/reading/read-record-files';
import type { CallRecord } from '../../../src/records/call-line/call-record';
import { callRecord } from '../../../src/records/call-line/call-record';
import { parseCallRecord } from '../../../src/records/call-line/parse-call-record';
import { recordBehind } from '../../../src/records/call-line/read-record-lines';
import { MAX_RECORD_BYTES } from '../../../src/records/shared/serialize';
import { checked, completedCall } from '../../records/sample-facts';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();
const path = join(folder, 'records.jsonl');

function lineOf(seq: number): string {
  const stamp = {
    recordId: checked('id', `019a0000-0000-7000-8000-${String(seq).padStart(12, '0')}`),
    seq,
    ts: checked('timestamp', '2026-11-21T10:00:00.000Z'),
    monoMs: seq,
  };
  return JSON.stringify(callRecord(completedCall(), stamp, {}, {}, 'value_scan'));
}

/** Reads the files. Returns the number of each line, and the `seq` of a call or the kind of any other line. */
async function read(...paths: readonly string[]): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const { line, parsed } of readRecordFiles(paths)) {
    seen.push(`${line}: ${parsed.kind === 'call' ? parsed.record.seq : parsed.kind}`);
  }
  return seen;
}

/** Returns the calls and the numbers of skipped lines. Parses the whole text line by line. */
function parseLines(text: string): [calls: CallRecord[], skipped: number[]] {
  const calls: CallRecord[] = [];
  const skipped: number[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const parsed = parseCallRecord(line);
    if (parsed.kind === 'torn' || parsed.kind === 'foreign') {
      skipped.push(at + 1);
    }
    for (const found of [parsed, recordBehind(line, parsed)]) {
      if (found?.kind === 'call') {
        calls.push(found.record);
      }
    }
  }
  return [calls, skipped];
}

describe('readRecordFiles', () => {
  test('returns the same lines for every length and every position of the block boundaries', async () => {
    const pieces = fc.oneof(
      fc.integer({ min: 1, max: 999 }).map(lineOf),
      fc.integer({ min: 0, max: 70_000 }).map((length) => 'é'.repeat(length)),
      fc.constantFrom('', '\r', '{"record":"usage_trace","schema_version":2}', '42', 'null', '{"record":"ca'),
      // Half a record, and a complete one after it.
      fc.integer({ min: 1, max: 60_000 }).map((length) => `{"record":"${'x'.repeat(length)}${lineOf(length)}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), fc.constantFrom('', '\n'), async (lines, end) => {
        const text = lines.join('\n') + end;
        writeFileSync(path, text);
        const calls: CallRecord[] = [];
        const skipped: number[] = [];
        for (const { line, parsed } of readRecordFiles([path])) {
          if (parsed.kind === 'call') {
            calls.push(parsed.record);
          } else if (parsed.kind !== 'other_record') {
            skipped.push(line);
          }
        }
        expect([calls, skipped]).toEqual(parseLines(text));
      }),
      { numRuns: 60 },
    );
  });

  test('skips a line that is too long, and reads the next one', async () => {
    writeFileSync(
      path,
      `${lineOf(1)}\n${'x'.repeat(20 * MAX_RECORD_BYTES)}\n${lineOf(2)}\n${'y'.repeat(4 * MAX_RECORD_BYTES)}`,
    );
    expect(await read(path)).toEqual(['1: 1', '2: foreign', '3: 2', '4: foreign']);
  });

  test('reads several files in order, and none if one of them cannot be opened', async () => {
    const [one, other] = [join(folder, 'one.jsonl'), join(folder, 'other.jsonl')];
    writeFileSync(one, `${lineOf(1)}\n${lineOf(2)}`);
    writeFileSync(other, `\n${lineOf(3)}\n`);
    expect(await read(one, other)).toEqual(['1: 1', '2: 2', '2: 3']);
    await expect(read(one, join(folder, 'none'))).rejects.toThrow('none could not be read: no such file or directory.');
  });

  test('ignores a byte-order mark and Windows line ends', async () => {
    writeFileSync(path, `\ufeff${lineOf(1)}\r\n${lineOf(2)}\r\n`);
    expect(await read(path)).toEqual(['1: 1', '2: 2']);
  });

  test.skipIf(process.platform === 'win32')('reads a pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Opening one end waits for the other end, so another process writes.
    const writer = spawn('sh', ['-c', 'printf "%s\\n" "$1" > "$2"', 'sh', lineOf(7), pipe]);
    expect(await read(pipe)).toEqual(['1: 7']);
    await once(writer, 'close');
  });

  test.skipIf(process.platform !== 'linux')('closes all files after an early end and after an error', async () => {
    writeFileSync(path, `${lineOf(1)}\n`.repeat(100));
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (const _line of readRecordFiles([path, path])) {
      break;
    }
    await read(path, join(folder, 'none')).catch(() => undefined);
    expect(open()).toBe(before);
  });
});
