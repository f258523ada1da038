import { expect, test, vi } from 'vitest';
import type { Logger } from '../../src/config/logger';
import { createLogLines, type LogLine, type LogLineSettings } from '../../src/telemetry/log-line';
import { aCall, aFailedAttempt, anAttempt, anIdentifier, closedCall, playCall } from '../support/facts';

const ANNOTATIONS = {
  runId: anIdentifier('name', 'run-7'),
  workflow: anIdentifier('name', 'nightly'),
  docsChecked: [],
};
const IDS = {
  traceId: anIdentifier('id', '5b8efff798038103d269b633813fc60c'),
  spanId: anIdentifier('id', 'eee19b7ec3c1b174'),
};
const REQUEST_ID = anIdentifier('id', '20261121-request');

const RETRIED = closedCall(aCall(), {
  durationMs: 900,
  traceId: IDS.traceId,
  spanId: IDS.spanId,
  requestId: REQUEST_ID,
  attempts: [
    anAttempt({ status: 503, errorType: '503', durationMs: 100, decision: 'retried', because: 'retryable_status' }),
    aFailedAttempt({
      index: 2,
      errorType: 'connection_reset',
      startOffsetMs: 400,
      durationMs: 50,
      decision: 'retried',
    }),
    anAttempt({ index: 3, startOffsetMs: 700, durationMs: 200, requestId: REQUEST_ID }),
  ],
});

const LINE = {
  method: 'POST',
  route_template: '/v1/chat/completions',
  request_id: null,
  trace_id: IDS.traceId,
  run_id: 'run-7',
  workflow: 'nightly',
};
const FIRST = { ...LINE, time: '2026-11-21T12:00:00.100Z', status: 503, attempts: 1 };
const SECOND = { ...LINE, time: '2026-11-21T12:00:00.450Z', error_type: 'connection_reset', attempts: 2 };
const THIRD = { ...LINE, time: '2026-11-21T12:00:00.900Z', status: 200, attempts: 3, request_id: REQUEST_ID };

test.each<[LogLineSettings['logLevel'], unknown[]]>([
  ['off', []],
  ['error', []],
  [
    'warn',
    [
      ['warn', 'cometapi-otel retry', FIRST],
      ['warn', 'cometapi-otel retry', SECOND],
    ],
  ],
  [
    'info',
    [
      ['warn', 'cometapi-otel retry', FIRST],
      ['warn', 'cometapi-otel retry', SECOND],
      ['info', 'cometapi-otel call', THIRD],
    ],
  ],
  [
    'debug',
    [
      ['debug', 'cometapi-otel attempt', FIRST],
      ['warn', 'cometapi-otel retry', FIRST],
      ['debug', 'cometapi-otel attempt', SECOND],
      ['warn', 'cometapi-otel retry', SECOND],
      ['debug', 'cometapi-otel attempt', THIRD],
      ['info', 'cometapi-otel call', THIRD],
    ],
  ],
])('writes these lines at level %s, each with exactly nine keys', (logLevel, expected) => {
  const lines: [string, string, LogLine][] = [];
  playCall([createLogLines({ ...SETTINGS, logger: collecting(lines), logLevel })], RETRIED);
  expect(lines).toEqual(expected);
  for (const [, , line] of lines) {
    expect(Object.keys(line)).toHaveLength(9);
  }
});

test('writes null for absent values', () => {
  const lines: [string, string, LogLine][] = [];
  const {
    status: _status,
    response: _response,
    ...facts
  } = closedCall(aCall(), {
    attempts: [],
    ending: 'cancelled',
    endingReason: 'caller_abort',
  });
  playCall(
    [
      createLogLines({
        logger: collecting(lines),
        logLevel: 'info',
        annotationsOf: () => ({ docsChecked: [] }),
        spanIds: () => undefined,
      }),
    ],
    facts,
  );
  expect(lines.map(([, , line]) => line)).toEqual([
    {
      time: facts.endedAt,
      method: 'POST',
      route_template: '/v1/chat/completions',
      status: null,
      attempts: 0,
      request_id: null,
      trace_id: null,
      run_id: null,
      workflow: null,
    },
  ]);
});

test('reports a stream that failed after a 200 by its error type', () => {
  const lines: [string, string, LogLine][] = [];
  const facts = closedCall(aCall({ stream: true }), {
    ending: 'failed',
    endingReason: 'stream_truncated',
    errorType: 'stream_truncated',
  });
  playCall([createLogLines({ ...SETTINGS, logger: collecting(lines), logLevel: 'info' })], facts);
  expect(lines.map(([, , line]) => ('error_type' in line ? line.error_type : line.status))).toEqual([
    'stream_truncated',
  ]);
});

test('ignores a logger that throws or rejects', async () => {
  const rejected = vi.fn();
  process.on('unhandledRejection', rejected);
  const fail = (): never => {
    throw new Error('disk full');
  };
  const throwing: Logger = { error: fail, warn: fail, info: fail, debug: fail };
  const reject = async (): Promise<never> => fail();
  const rejecting: Logger = { error: reject, warn: reject, info: reject, debug: reject };
  for (const logger of [throwing, rejecting]) {
    playCall([createLogLines({ ...SETTINGS, logger, logLevel: 'debug' })], RETRIED);
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', rejected);
  expect(rejected).not.toHaveBeenCalled();
});

test('calls the logger as a method, so that `this` works', () => {
  class Collector {
    readonly lines: unknown[] = [];
    error(): void {}
    warn(): void {}
    debug(): void {}
    info(message: string, line: unknown): void {
      this.lines.push([message, line]);
    }
  }
  const logger = new Collector();
  playCall([createLogLines({ ...SETTINGS, logger, logLevel: 'info' })], RETRIED);
  expect(logger.lines).toEqual([['cometapi-otel call', THIRD]]);
});

const SETTINGS = { annotationsOf: () => ANNOTATIONS, spanIds: () => IDS };

function collecting(lines: [string, string, LogLine][]): LogLineSettings['logger'] {
  const at =
    (level: string) =>
    (message: string, line: LogLine): void => {
      lines.push([level, message, line]);
    };
  return { warn: at('warn'), info: at('info'), debug: at('debug') };
}
