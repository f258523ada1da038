import { describe, expect, test } from 'vitest';
import type { CallEnd, ResponseNotes } from '../../../src/facts/call-recorder';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { BodyFailure } from '../../../src/wire/body/body-failure';
import { MonitoredBody } from '../../../src/wire/body/monitored-body';
import { createReadContext } from '../../../src/wire/read-context';
import { createEventStreamInspector } from '../../../src/wire/stream/inspect-event-stream';
import { ManualClock, settled } from '../../support/manual-clock';
import { DONE, delta, FINISH } from '../../support/wire-bytes';
import { ScriptedSource } from '../scripted-source';

const IDLE_MS = 1_000;
const UNREAD_MS = 5_000;
const LONGEST_MS = 60_000;

function watch(options: { readonly maxBytes?: number; readonly maxReadBytes?: number } = {}) {
  const clock = new ManualClock();
  const source = new ScriptedSource();
  const ends: string[] = [];
  const log: string[] = [];
  const body = new MonitoredBody({
    source: { prefix: [], reader: source },
    inspector: createEventStreamInspector({
      family: 'cometapi-text-chat',
      requestedModel: undefined,
      choiceCount: undefined,
      context: createReadContext(createRedactor(), []),
      expectsStream: true,
      elapsedMs: () => 0,
    }),
    phase: 'stream',
    clock,
    limits: { idleTimeoutMs: IDLE_MS, maxDurationMs: LONGEST_MS, unreadTimeoutMs: UNREAD_MS },
    maxBytes: options.maxBytes ?? 1_000_000,
    maxReadBytes: options.maxReadBytes,
    onEnd: (end: CallEnd, { responseBytes }: ResponseNotes) => ends.push(`${end.endingReason} after ${responseBytes}`),
    onClosed: () => log.push('closed'),
    abortTransport: () => log.push('transport aborted'),
    describeError: () => ({
      ending: 'failed',
      endingReason: 'stream_truncated',
      category: 'truncated_stream',
      errorType: 'connection_reset',
      phase: 'stream',
    }),
    isTolerated: () => false,
  });
  const read = () =>
    body.read().then(
      (chunk) => (chunk === undefined ? 'end' : `${chunk.byteLength} bytes`),
      (error: unknown) => (error instanceof BodyFailure ? error.end.endingReason : 'foreign error'),
    );
  return { body, source, clock, ends, log, read };
}

const bytesOf = (text: string): string => `${Buffer.byteLength(text)} bytes`;

describe('idle time', () => {
  test('counts while a read waits, and not while the consumer is busy', async () => {
    const { source, clock, read, ends } = watch();
    source.push(delta('a'));
    expect(await read()).toBe(bytesOf(delta('a')));
    await clock.advance(10 * IDLE_MS);
    const waiting = read();
    await clock.advance(IDLE_MS - 1);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect([await waiting, ends]).toEqual(['stream_idle_timeout', [`stream_idle_timeout after ${delta('a').length}`]]);
  });

  test('adds up over comments, which are not progress', async () => {
    const { source, clock, read } = watch();
    for (let comments = 0; comments < 9; comments++) {
      const waiting = read();
      await clock.advance(IDLE_MS / 10);
      source.push(': ping\n\n');
      expect(await waiting).toBe('8 bytes');
    }
    const waiting = read();
    await clock.advance(IDLE_MS / 10);
    expect(await waiting).toBe('stream_idle_timeout');
  });

  test('restarts at zero with each data event', async () => {
    const { source, clock, read, ends } = watch();
    for (let events = 0; events < 20; events++) {
      const waiting = read();
      await clock.advance(IDLE_MS - 1);
      source.push(delta('a'));
      expect(await waiting).toBe(bytesOf(delta('a')));
    }
    expect(ends).toEqual([]);
  });

  test('after a finish reason ends a complete response', async () => {
    const { source, clock, read, ends } = watch();
    source.push(delta('a') + FINISH);
    await read();
    const waiting = read();
    await clock.advance(IDLE_MS);
    expect([await waiting, ends.map((end) => end.split(' ')[0])]).toEqual(['end', ['terminal_event']]);
  });
});

describe('the other limits', () => {
  test('an unread body is abandoned, and its timer does not keep the process alive', async () => {
    const { source, clock, ends, log, read } = watch();
    expect(clock.keepsAlive).toBe(false);
    await clock.advance(UNREAD_MS - 1);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect([ends, log, source.isCancelled, clock.pendingMs]).toEqual([
      ['never_read after 0'],
      ['transport aborted', 'closed'],
      true,
      [],
    ]);
    expect(await read()).toBe('end');
  });

  test('the maximum duration also counts while the consumer is slow', async () => {
    const { source, clock, ends, read } = watch();
    source.push(delta('a'));
    await read();
    await clock.advance(LONGEST_MS);
    expect(ends.map((end) => end.split(' ')[0])).toEqual(['max_stream_duration']);
    expect(await read()).toBe('max_stream_duration');
  });

  test('too many bytes fail the read, and the bytes over the limit are not returned', async () => {
    const { source, read, ends, log } = watch({ maxBytes: 200 });
    source.push(delta('a'));
    source.push(delta('a'));
    expect([await read(), await read(), await read()]).toEqual([
      bytesOf(delta('a')),
      'response_too_large',
      'response_too_large',
    ]);
    expect([ends.length, log]).toEqual([1, ['transport aborted', 'closed']]);
  });

  test('too many bytes after a complete response end it without an error', async () => {
    const { source, read, ends } = watch({ maxBytes: 400 });
    source.push(delta('a') + FINISH);
    source.push(delta('more').repeat(3));
    expect([await read(), await read(), ends.length]).toEqual([bytesOf(delta('a') + FINISH), 'end', 1]);
  });
});

describe('the end', () => {
  test('is reported with the last event, and the source has one second to end too', async () => {
    const { source, clock, read, ends, log } = watch();
    source.push(delta('a') + FINISH + DONE);
    await read();
    expect([ends.map((end) => end.split(' ')[0]), log]).toEqual([['terminal_event'], []]);
    const waiting = read();
    await clock.advance(999);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect([await waiting, log, source.isCancelled, clock.pendingMs]).toEqual([
      'end',
      ['transport aborted', 'closed'],
      true,
      [],
    ]);
  });

  test('keeps the connection for the next call if the source ends in time', async () => {
    const { source, read, body, log, clock } = watch();
    source.push(delta('a') + FINISH + DONE);
    await read();
    body.drain();
    source.end();
    await settled();
    expect([log, clock.pendingMs]).toEqual([['closed'], []]);
  });

  test('of an endless source comes after 64 more reads', async () => {
    const { source, read, body, log } = watch();
    source.push(delta('a') + FINISH + DONE);
    await read();
    for (let chunks = 0; chunks < 100; chunks++) {
      source.push(delta('more'));
    }
    body.drain();
    await settled();
    expect([log, source.reads]).toEqual([['transport aborted', 'closed'], 65]);
  });

  test('is reported once, even if several events cause it', async () => {
    const { source, read, body, ends, log } = watch();
    const waiting = read();
    body.cancel();
    body.cancel();
    body.abandon('garbage_collected');
    body.fail({ ending: 'failed', endingReason: 'deadline', category: 'timeout', errorType: 'timeout' });
    body.drain();
    source.fail(new Error('late'));
    expect([await waiting, await read(), ends, log]).toEqual([
      'end',
      'end',
      ['consumer_cancel after 0'],
      ['transport aborted', 'closed'],
    ]);
  });

  test('rejects the outstanding read and every later read after an abort', async () => {
    const { read, body, ends } = watch();
    const waiting = read();
    body.fail({ ending: 'cancelled', endingReason: 'caller_abort', category: 'cancelled' });
    expect([await waiting, await read(), ends]).toEqual(['caller_abort', 'caller_abort', ['caller_abort after 0']]);
  });

  test('is the abort if the source ends in the same turn', async () => {
    const { source, read, body, ends } = watch();
    source.push(delta('a'));
    await read();
    const waiting = read();
    source.end();
    body.fail({ ending: 'cancelled', endingReason: 'caller_abort', category: 'cancelled' });
    expect([await waiting, ends.map((end) => end.split(' ')[0])]).toEqual(['caller_abort', ['caller_abort']]);
  });

  test('is the failure of a broken source, unless the response was complete', async () => {
    const broken = watch();
    broken.source.push(delta('a'));
    broken.source.fail(new Error('reset'));
    expect([await broken.read(), await broken.read()]).toEqual([bytesOf(delta('a')), 'stream_truncated']);
    const wholeOne = watch();
    wholeOne.source.push(delta('a') + FINISH);
    wholeOne.source.fail(new Error('reset'));
    expect([await wholeOne.read(), await wholeOne.read(), wholeOne.ends.length]).toEqual([
      bytesOf(delta('a') + FINISH),
      'end',
      1,
    ]);
  });
});

describe('a large chunk', () => {
  test('is returned in parts of `maxReadBytes`, with no byte lost', async () => {
    const { source, read, ends, log } = watch({ maxReadBytes: 100 });
    const whole = delta('a') + delta('b') + FINISH + DONE;
    source.push(whole);
    source.end();
    const reads: string[] = [];
    for (let last = await read(); last !== 'end'; last = await read()) {
      reads.push(last);
    }
    const size = Buffer.byteLength(whole);
    expect(reads.slice(0, -1).every((part) => part === '100 bytes')).toBe(true);
    expect(reads.at(-1)).toBe(`${size % 100} bytes`);
    expect(reads.reduce((sum, part) => sum + Number.parseInt(part, 10), 0)).toBe(size);
    expect([ends, log]).toEqual([[`terminal_event after ${size}`], ['closed']]);
  });
});
