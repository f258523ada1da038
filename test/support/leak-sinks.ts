import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { type DiagLogFunction, DiagLogLevel, diag } from '@opentelemetry/api';
import type { ClientOptions } from '../../src/config/options';
import { APIError } from '../../src/errors/api-error';
import type { CallObserver } from '../../src/facts/observer';
import type { SinkText } from './leak-scanner';
import { otlpJsonLines } from './otlp-json';
import type { RecordingTelemetry } from './recording-telemetry';

/** Captures every output of the client, at its most verbose level. */
export interface LeakSinks {
  /** Client options that send all output to these sinks. */
  readonly options: Pick<ClientOptions, 'logger' | 'logLevel' | 'observers' | 'recordFile'>;
  /** Captures a text unchanged. */
  take(sink: string, text: string): void;
  /** Captures an object that a caller can see, in every printed form. */
  print(sink: string, value: unknown): void;
  /** Captures an error in every form, including hidden properties. In `serverMessage`, only keys count as leaks. */
  printError(error: unknown): void;
  /** Returns the texts since the last call, and the random ids created meanwhile. */
  drain(): Promise<{ readonly texts: readonly SinkText[]; readonly ownIds: ReadonlySet<string> }>;
  close(): void;
}

const CONSOLE = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const;
const LEVELS = ['error', 'warn', 'info', 'debug', 'verbose'] as const;

export function openLeakSinks(telemetry: RecordingTelemetry): LeakSinks {
  let texts: SinkText[] = [];
  let recordedBytes = 0;
  let ownIds = new Set<string>();
  const directory = mkdtempSync(join(tmpdir(), 'leaks-'));
  const recordFile = join(directory, 'records.jsonl');
  const take = (sink: string, value: unknown): void => {
    texts.push({
      sink,
      text: typeof value === 'string' ? value : inspect(value, { depth: 20, maxStringLength: null }),
    });
  };
  const print = (sink: string, value: unknown): void => {
    for (const text of spellings(value)) {
      take(sink, text);
    }
  };
  const restore = [capturePrinting(take), captureWarnings(take), captureDiag(take)];
  telemetry.reset();

  return {
    options: {
      logger: capturingLogger(take),
      logLevel: 'debug',
      observers: [printingObserver(take), { callOpened: ({ callId }) => void ownIds.add(callId) }],
      recordFile,
    },
    take,
    print,
    printError(error) {
      if (error instanceof APIError) {
        texts.push({ sink: 'serverMessage', text: error.serverMessage, keysOnly: true });
      }
      for (const text of errorSpellings(error)) {
        take('error', text);
      }
    },
    async drain() {
      // Process warnings are emitted in a later turn of the event loop.
      await turn();
      for (const span of telemetry.spans()) {
        ownIds.add(span.spanContext().traceId).add(span.spanContext().spanId);
      }
      const records = readFileSync(recordFile, { encoding: 'latin1', flag: 'a+' });
      const newRecords = Buffer.from(records.slice(recordedBytes), 'latin1').toString('utf8');
      recordedBytes = records.length;
      for (const [, recordId = ''] of newRecords.matchAll(/"record_id":"([0-9a-f-]{36})"/g)) {
        ownIds.add(recordId);
      }
      take('record file', newRecords);
      take('spans, metrics and events', (await otlpJsonLines(telemetry)).replace(/UnixNano":"\d+"/g, ''));
      telemetry.reset();
      const drained = { texts, ownIds };
      texts = [];
      ownIds = new Set();
      return drained;
    },
    close() {
      for (const undo of restore) {
        undo();
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

type Take = (sink: string, value: unknown) => void;

function capturingLogger(take: Take): NonNullable<ClientOptions['logger']> {
  const line = (...parts: unknown[]): void => {
    take('log line', parts);
    take('log line', JSON.stringify(parts));
  };
  return { error: line, warn: line, info: line, debug: line };
}

/** Facts are plain objects, so JSON contains all of them. */
function printingObserver(take: Take): CallObserver {
  return {
    callOpened: (call) => take('facts', JSON.stringify(call)),
    attemptOpened: (_call, attempt) => take('facts', JSON.stringify(attempt)),
    attemptClosed: (_call, attempt) => take('facts', JSON.stringify(attempt)),
    callClosed: (call) => take('facts', JSON.stringify(call)),
  };
}

function capturePrinting(take: Take): () => void {
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  const methods = CONSOLE.map((name) => ({ name, method: console[name] }));
  for (const { stream } of streams) {
    // The cast is safe: the tests do not use the other overloads of `write`.
    stream.write = ((chunk: unknown) => {
      take('output', String(chunk));
      return true;
    }) as typeof stream.write;
  }
  for (const { name } of methods) {
    console[name] = (...parts: unknown[]): void => take('console', parts);
  }
  return () => {
    for (const { stream, write } of streams) {
      stream.write = write;
    }
    for (const { name, method } of methods) {
      console[name] = method;
    }
  };
}

/** Replaces Node's own listener, which would print the warnings into the test output. */
function captureWarnings(take: Take): () => void {
  const others = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => take('process warning', inspect(warning, { showHidden: true, depth: 20 })));
  return () => {
    process.removeAllListeners('warning');
    for (const other of others) {
      process.on('warning', other);
    }
  };
}

function captureDiag(take: Take): () => void {
  const line: DiagLogFunction = (...parts) => take('diag', parts);
  const [error, warn, info, debug, verbose] = LEVELS.map(() => line);
  if (error && warn && info && debug && verbose) {
    diag.setLogger(
      { error, warn, info, debug, verbose },
      { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
    );
  }
  return () => diag.disable();
}

/** Every printed form of a value. */
function spellings(value: unknown): readonly string[] {
  return [
    attempt(() => inspect(value, { depth: 20, maxStringLength: null, maxArrayLength: null })),
    attempt(() => inspect(value, { depth: 20, showHidden: true, getters: true, maxStringLength: null })),
    attempt(() => inspect(value, { depth: 20, showHidden: true, customInspect: false, maxStringLength: null })),
    attempt(() => JSON.stringify(value) ?? ''),
    attempt(() => String(value)),
  ];
}

function errorSpellings(error: unknown): readonly string[] {
  if (!(error instanceof Error)) {
    return spellings(error);
  }
  const hidden = Reflect.ownKeys(error).filter((name) => name !== 'serverMessage');
  return [
    error.message,
    error.stack ?? '',
    String(error),
    attempt(() => JSON.stringify(error)),
    inspect(error, { depth: 20, maxStringLength: null }),
    attempt(() => inspect(structuredClone(error), { depth: 20, showHidden: true })),
    ...hidden.flatMap((name) => [String(name), ...spellings(Reflect.get(error, name))]),
    ...(error.cause === undefined ? [] : errorSpellings(error.cause)),
    // No printer shows the lines of `Headers`.
    ...hidden
      .map((name) => Reflect.get(error, name))
      .flatMap((value) => (value instanceof Headers ? [inspect([...value])] : [])),
  ];
}

function attempt(print: () => string): string {
  try {
    return print();
  } catch (error) {
    return String(error);
  }
}
