import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
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

/** Every line as it is handed out: a number of a call, or what else it is. */
async function read(...paths: readonly string[]): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const { line, parsed } of readRecordFiles(paths)) {
    seen.push(`${line}: ${parsed.kind === 'call' ? parsed.call.record.seq : parsed.kind}`);
  }
  return seen;
}

/** The calls and the numbers of skipped lines, parsed line by line from the whole text. */
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

describe('record files are read as they stand', () => {
  test('lines of every length, wherever the reads of 64 KiB cut them', async () => {
    const pieces = fc.oneof(
      fc.integer({ min: 1, max: 999 }).map(lineOf),
      fc.integer({ min: 0, max: 70_000 }).map((length) => 'é'.repeat(length)),
      fc.constantFrom('', '\r', '{"record":"usage_trace","schema_version":2}', '42', 'null', '{"record":"ca'),
      // Half a record, and a whole one behind it.
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
            calls.push(parsed.call.record);
          } else if (parsed.kind !== 'other_record') {
            skipped.push(line);
          }
        }
        expect([calls, skipped]).toEqual(parseLines(text));
      }),
      { numRuns: 60 },
    );
  });

  test('lines that differ in numbers and identifiers are parsed once for all of them', () => {
    writeFileSync(path, Array.from({ length: 500 }, (_, at) => `${lineOf(at + 1)}\n`).join(''));
    const parse = vi.spyOn(JSON, 'parse');
    try {
      let sum = 0;
      for (const { parsed } of readRecordFiles([path])) {
        sum += parsed.kind === 'call' ? (parsed.call.number('seq') ?? 0) : 0;
      }
      expect([sum, parse.mock.calls.length]).toEqual([125_250, 1]);
    } finally {
      parse.mockRestore();
    }
  });

  test('a line without an end is passed over, and what follows it is read', async () => {
    writeFileSync(
      path,
      `${lineOf(1)}\n${'x'.repeat(20 * MAX_RECORD_BYTES)}\n${lineOf(2)}\n${'y'.repeat(4 * MAX_RECORD_BYTES)}`,
    );
    expect(await read(path)).toEqual(['1: 1', '2: foreign', '3: 2', '4: foreign']);
  });

  test('several files are read one after the other; when one cannot be, nothing is', async () => {
    const [one, other] = [join(folder, 'one.jsonl'), join(folder, 'other.jsonl')];
    writeFileSync(one, `${lineOf(1)}\n${lineOf(2)}`);
    writeFileSync(other, `\n${lineOf(3)}\n`);
    expect(await read(one, other)).toEqual(['1: 1', '2: 2', '2: 3']);
    await expect(read(one, join(folder, 'none'))).rejects.toThrow('none could not be read: no such file or directory.');
  });

  test('a byte-order mark and ends of lines from Windows change nothing', async () => {
    writeFileSync(path, `\ufeff${lineOf(1)}\r\n${lineOf(2)}\r\n`);
    expect(await read(path)).toEqual(['1: 1', '2: 2']);
  });

  test.skipIf(process.platform === 'win32')('a pipe is read too', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Opening either end waits for the other, so the writer is a process of its own.
    const writer = spawn('sh', ['-c', 'printf "%s\\n" "$1" > "$2"', 'sh', lineOf(7), pipe]);
    expect(await read(pipe)).toEqual(['1: 7']);
    await once(writer, 'close');
  });

  test.skipIf(process.platform !== 'linux')('no file is left open, however the reading ends', async () => {
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
