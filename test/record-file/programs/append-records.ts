import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../src/call/clock';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { createJsonlFile } from '../../../src/record-file/jsonl-file';
import { processSource } from '../../../src/record-file/process-source';
import { createRecordObserver, type RecordObserver } from '../../../src/record-file/record-observer';
import { attempt, checked, completedCall, madeUpKey, truncatedStream } from '../../records/sample-facts';
import { ManualClock } from '../manual-clock';
import { readRecordFile } from '../read-record-file';

/** A child process that writes a record file: `append-records <command> <path> <run id> [count]`. */
const [command, path = '', runId = 'run', count = '0'] = process.argv.slice(2);
const facts = [completedCall(), truncatedStream()] as const;
const failedForGood = completedCall({
  ending: 'failed',
  endingReason: 'http_status',
  category: 'server_error',
  attempts: [
    attempt({ status: 500, category: 'server_error', decision: 'final_attempt', because: 'attempts_exhausted' }),
  ],
});
const warnings: string[] = [];
const clock = command === 'no-descriptors' ? new ManualClock() : systemClock;
const redactor = createRedactor([madeUpKey()]);

function open(): RecordObserver {
  const warn = (message: string): void => void warnings.push(message);
  const sink = createJsonlFile({ path, clock, warn });
  return createRecordObserver({
    sink,
    source: processSource(),
    annotationsOf: () => ({ runId: checked('name', runId) }),
    redactorFor: () => redactor,
    clock,
    randomBytes: (length) => randomBytes(length),
    warn,
  });
}

function append(observer: RecordObserver, records: number): void {
  for (let record = 0; record < records; record++) {
    observer.callClosed(facts[record % 2 === 0 ? 0 : 1]);
  }
}

/** Prints the result for the parent process. */
function report(observer: RecordObserver, more: object = {}): void {
  const { calls, skipped } = fs.existsSync(path) ? readRecordFile(path) : { calls: [], skipped: [] };
  const read = { calls: calls.length, skipped };
  console.log(JSON.stringify({ stats: observer.stats(), read, warnings, ...more }));
}

switch (command) {
  case 'append': {
    const observer = open();
    append(observer, Number(count));
    report(observer);
    break;
  }
  case 'until-killed': {
    const observer = open();
    for (;;) {
      append(observer, 1);
      // Sends one byte after each written record. Records that the parent counted must be in the file.
      fs.writeSync(1, '.');
    }
  }
  case 'until-full': {
    // The disk is full until this file is deleted.
    const filler = join(dirname(path), 'filler');
    fs.writeFileSync(filler, new Uint8Array(64 * 1_024));
    const observer = open();
    while (observer.stats().dropped < 3) {
      append(observer, 1);
    }
    const whenFull = observer.stats();
    fs.unlinkSync(filler);
    append(observer, 5);
    report(observer, { whenFull });
    break;
  }
  case 'no-descriptors': {
    const observer = open();
    const taken: number[] = [];
    try {
      for (;;) {
        taken.push(fs.openSync('/dev/null', 'r'));
      }
    } catch {
      append(observer, 2);
    }
    for (const descriptor of taken) {
      fs.closeSync(descriptor);
    }
    append(observer, 1);
    (clock as ManualClock).advance(1_000);
    append(observer, 1);
    report(observer);
    break;
  }
  case 'end-with-pending-sync': {
    const observer = open();
    // The first record is forced to disk immediately, the second by a timer.
    observer.callClosed(failedForGood);
    observer.callClosed(failedForGood);
    const signals = (['SIGINT', 'SIGTERM'] as const).map((signal) => process.listenerCount(signal));
    report(observer, { timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout'), signals });
    break;
  }
}
